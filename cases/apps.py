from django.apps import AppConfig
from django.core.checks import Tags, register

from cases.system_checks import triggers_are_installed


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "申请办理"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(triggers_are_installed, Tags.database)
