from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases import audit
from cases.models import AuditEntry


class Command(BaseCommand):
    help = "核对操作记录链：任何一条被改动、删去或插入都会指出。"

    def handle(self, *args: Any, **options: Any) -> None:
        if broken := audit.first_broken():
            raise CommandError(f"操作记录自第 {broken.pk} 条起对不上：{broken}。")
        head = AuditEntry.objects.last()
        found = f"{AuditEntry.objects.count()} 条操作记录相符"
        self.stdout.write(f"{found}，链尾 {head.mac[:16]}。" if head else f"{found}。")
