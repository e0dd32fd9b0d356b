from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0018_proceedings_worked"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="again_until",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="重新答复期限"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("again_until__isnull", False)),
                fields=["department", "again_until"],
                name="case_again",
            ),
        ),
    ]
