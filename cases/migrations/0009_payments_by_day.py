from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_carried_and_answered"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("kind", "fee_paid")), fields=["on"], name="event_fee_paid"
            ),
        ),
    ]
