from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from cases import vendor


class Command(BaseCommand):
    help = "装上只许追加的触发器（migrate 之后自动执行，恢复备份之后请执行一次）。"

    def handle(self, *args: Any, **options: Any) -> None:
        vendor.install_triggers(connection)
        self.stdout.write("触发器已装好。")
