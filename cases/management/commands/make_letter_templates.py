from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from cases.letters.building import default_template
from cases.letters.showing import default_file_name
from cases.letters.templates import SORTS


class Command(BaseCommand):
    help = "把默认的文书模板写成 Word 文件，供各单位参考修改；系统制作文书不读这些文件。"

    def add_arguments(self, parser: CommandParser) -> None:
        default = settings.VAR_DIR / "letter-templates"
        parser.add_argument("--to", type=Path, default=default, help=f"目录，默认 {default}")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["to"]
        folder.mkdir(parents=True, exist_ok=True)
        for sort in SORTS.values():
            content = default_template(sort.kind, sort.outcome)
            (folder / default_file_name(sort)).write_bytes(content)
        self.stdout.write(f"已写出 {len(SORTS)} 个模板：{folder}")
