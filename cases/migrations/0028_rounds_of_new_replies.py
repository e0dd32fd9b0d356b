from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def begin_anew(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Where a new reply is ordered already: as `workflow.reopen` has left it from now on."""
    ordered = apps.get_model("cases", "Case").objects.filter(
        again_until__isnull=False, again_replied_on=None
    )
    rounds = apps.get_model("cases", "SignOffRound").objects.filter(case__in=ordered)
    rounds.filter(state="signed").update(state="spent")
    apps.get_model("cases", "ReplyDraft").objects.filter(case__in=ordered).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0027_look_up_by_mail"),
    ]

    operations = [
        migrations.AddField(
            model_name="signoffround",
            name="again",
            field=models.BooleanField(default=False, verbose_name="重新答复的送审"),
        ),
        migrations.AlterField(
            model_name="signoffround",
            name="state",
            field=models.CharField(
                choices=[
                    ("pending", "审核中"),
                    ("signed", "已签发"),
                    ("sent_back", "已退回"),
                    ("recalled", "已撤回"),
                    ("spent", "已答复"),
                ],
                default="pending",
                max_length=20,
                verbose_name="状态",
            ),
        ),
        migrations.RunPython(begin_anew, migrations.RunPython.noop),
    ]
