from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0031_one_index_for_each_hash"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="notice",
            name="notice_once",
        ),
        migrations.AddField(
            model_name="notice",
            name="letter",
            field=models.CharField(blank=True, max_length=50, verbose_name="意见函"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("proceeding", None)),
                fields=("case", "kind", "due_on", "letter", "user"),
                name="notice_once",
                violation_error_message="这一事项已经提醒过。",
            ),
        ),
    ]
