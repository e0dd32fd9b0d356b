from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0021_events_may_be_revoked"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="again_replied_on",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="重新答复待送达"
            ),
        ),
    ]
