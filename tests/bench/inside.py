"""What the process in a scratch database can be asked: `python -m tests.bench.inside`."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from cases.models import Case, Department
from disclosure import wsgi  # noqa: F401  (leaves the process as a server's is)
from tests.bench import filling, pages, registrations, tables, workbook
from tests.bench.running import seconds, serve


def fill(cases: int) -> str:
    """What was filled, in words."""
    call_command("migrate", verbosity=0)
    if Case.objects.exists() or Department.objects.exists():
        raise SystemExit("这个数据库里已有数据，性能基准只在空的临时库里运行。")
    took = seconds(lambda: filling.fill(cases, timezone.localdate()))
    name = f"{connection.display_name} {'.'.join(map(str, connection.get_database_version()))}"
    size = f"{cases:,} 件，{filling.DEPARTMENTS} 个单位，{filling.YEARS} 年"
    return f"{name}：{size}，生成用时 {took:.0f} 秒"


if __name__ == "__main__":
    serve(
        {
            "fill": fill,
            "compare": tables.compare,
            "compute": tables.compute_all,
            "visit": pages.visit,
            "workbook": workbook.make,
            "floor": workbook.write_only,
            "peak": workbook.peak,
            "register": registrations.register,
            "registered": registrations.registered,
        }
    )
