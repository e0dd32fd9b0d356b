import logging
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.demo.accounts import ACCOUNTS
from cases.demo.seeding import EARLIEST, seed
from cases.models import Case, Department


class Command(BaseCommand):
    help = "向空数据库载入演示数据：秀洲区 2020 年（与公布的年度表一致）和今年的申请件。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--today", metavar="DATE", help="以哪天为今天，YYYY-MM-DD，默认今天")
        parser.add_argument("--if-empty", action="store_true", help="已有单位时不载入，也不报错")

    def handle(self, *args: Any, **options: Any) -> None:
        today = _read_today(options["today"]) if options["today"] else timezone.localdate()
        if today < EARLIEST:
            raise CommandError(f"演示数据的“今天”不能早于 {EARLIEST}。")
        if Department.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("数据库里已有单位，演示数据只能载入空的数据库。")
        with _quiet_audit_log():
            seed(today)
        self.stdout.write(
            f"已载入演示数据：{Department.objects.count()} 个单位，{Case.objects.count()} 件申请，"
            "人名、地址、文书均为虚构。"
        )
        self.stdout.write(
            "演示账号的密码是公开的，正式使用请勿载入：另设 VAR_DIR 或 DATABASE_URL，"
            "以 DEMO=0 make run 启动。"
        )
        for account in ACCOUNTS:
            self.stdout.write(f"  {account.username:<6} 密码 {account.password}  {account.label}")


def _read_today(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"“{text}”不是有效日期，应写作 YYYY-MM-DD。") from None


@contextmanager
def _quiet_audit_log() -> Iterator[None]:
    """A thousand heads of the chain would bury what the command has to say; the next act logs one
    that covers them all."""
    logger = logging.getLogger("cases.audit")
    before = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(before)
