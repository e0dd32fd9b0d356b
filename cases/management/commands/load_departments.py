from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.departments import DepartmentError, load_departments, read_departments


class Command(BaseCommand):
    help = "读入单位：CSV 的列为 名称, 代码, 上级代码, 类别（可有 简称, 编号字头）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--from", dest="from_on", type=date.fromisoformat, help="更名、改隶自哪天起"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            added, changed = load_departments(
                read_departments(options["file"]), from_on=options["from_on"]
            )
        except DepartmentError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"新增 {added} 个单位，更新 {changed} 个。")
