from typing import Any

from django.core.management.base import BaseCommand

from cases.models import Case
from cases.workflow.clockwork import rebuild


class Command(BaseCommand):
    help = "按事实和工作日历重新计算所有申请件的到期日（存储的到期日只是副本）。"

    def handle(self, *args: Any, **options: Any) -> None:
        cases = Case.objects.prefetch_related("events").order_by("pk")
        moved = rebuild(cases.iterator(chunk_size=1000))
        for case in moved:
            self.stdout.write(f"{case.number}：到期日 {case.ends_on or '—'}")
        self.stdout.write(f"{len(moved)} 件有变动。")
