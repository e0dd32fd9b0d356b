import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0016_sign_off"),
        ("cases", "0016_sign_off"),
    ]

    operations = [
        migrations.AddField(
            model_name="roundstep",
            name="scan",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.document",
                verbose_name="线下审批的扫描件",
            ),
        ),
    ]
