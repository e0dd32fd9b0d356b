import json
from argparse import ArgumentParser
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.departments import DepartmentError, find_department
from cases.ledger import LedgerError, Limits, Plan, plan_import, read_ledger, save_import
from cases.ledger.archive import check_size
from cases.ledger.telling import as_json, as_lines, refused_as_json
from cases.models import User


class Command(BaseCommand):
    help = "导入台账（申请台账、复议诉讼台账）：有一处错误就什么都不写，所有错误一次列出。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="台账文件 .xlsx、.xls 或 .et")
        parser.add_argument(
            "--department", metavar="名称或代码", help="没有写受理部门的行属于哪个单位"
        )
        parser.add_argument("--user", metavar="用户名", help="以谁的名义和权限导入")
        parser.add_argument("--dry-run", action="store_true", help="只看结果，不写入")
        parser.add_argument(
            "--take-over", metavar="理由", default="", help="与系统不一致之处以台账为准"
        )
        parser.add_argument(
            "--late-reason", metavar="原因", default="", help="为什么改变已公布的年度报告的数据"
        )
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path, as_program = options["file"], options["json"]
        content = b""
        try:
            content = _read(path)
            plan, written = _import(content, options)
        except (LedgerError, DepartmentError) as error:
            if as_program:
                digest = sha256(content).hexdigest()
                self._print(refused_as_json(path.name, digest, str(error)))
            raise CommandError(str(error)) from error
        if as_program:
            self._print(as_json(plan, written=written))
        else:
            for line in as_lines(plan):
                self.stdout.write(line)
        if refusal := plan.refusal(**_reasons(options)):
            raise CommandError(refusal)
        if not as_program:
            self.stdout.write(_ending(plan, written))

    def _print(self, result: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=1))


def _read(path: Path) -> bytes:
    """Raises `LedgerError`; a file that is too large is not read at all."""
    try:
        check_size(path.stat().st_size, Limits.from_settings())
        return path.read_bytes()
    except OSError as error:
        raise LedgerError(f"读不到文件 {path}，请检查文件名和权限。") from error


def _import(content: bytes, options: dict[str, Any]) -> tuple[Plan, bool]:
    """The plan, and whether it was written."""
    today = timezone.localdate()
    by = _user(options["user"])
    named = options["department"]
    department = find_department(named) if named else None
    ledger = read_ledger(
        content,
        file_name=options["file"].name,
        today=today,
        department_needed=department is None,
        limits=Limits.from_settings(),
    )
    plan = plan_import(ledger, by=by, department=department)
    reasons = _reasons(options)
    if options["dry_run"] or plan.refusal(**reasons):
        return plan, False
    saved = save_import(plan, by=by, today=today, **reasons)
    return plan, saved is not None


def _reasons(options: dict[str, Any]) -> dict[str, Any]:
    return {name: options[name] for name in ("take_over", "late_reason")}


def _user(username: str | None) -> User | None:
    if not username:
        return None
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise LedgerError(f"没有用户名为“{username}”的在用用户。")
    return user


def _ending(plan: Plan, written: bool) -> str:
    if written:
        return "已写入。"
    return "这是试运行，未写入。" if plan.writes else "没有需要写入的内容。"
