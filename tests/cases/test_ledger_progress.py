"""What those hear who wait for a large ledger."""

from datetime import date

import pytest
from django.db import connection

from cases.ledger import Limits, plan_import, read_ledger, save_import
from cases.ledger.progress import EVERY
from tests.ledgers import case_row, make_ledger
from tests.makers import make_department

TODAY = date(2025, 10, 27)


@pytest.mark.django_db(transaction=True)
def test_each_step_tells_how_far_it_is_and_never_within_the_transaction() -> None:
    make_department("区住建局")
    heard: list[tuple[int, str]] = []

    def told(percent: int, message: str) -> None:
        assert not connection.in_atomic_block
        heard.append((percent, message))

    content = make_ledger([case_row(str(number)) for number in range(EVERY + 10)])
    ledger = read_ledger(
        content,
        file_name="台账.xlsx",
        today=TODAY,
        department_needed=True,
        limits=Limits(),
        told=told,
    )
    reading = len(heard)
    assert heard[-1] == (99, f"正在读取“申请台账”，已读 {EVERY} 行")
    plan = plan_import(ledger, by=None, department=None, told=told)
    comparing = len(heard)
    assert heard[-1] == (99, f"正在与系统比对，已比对 {EVERY} 件")
    assert save_import(plan, by=None, today=TODAY, told=told)
    assert heard[-1] == (60, "正在写入数据库")
    for steps in (heard[:reading], heard[reading:comparing], heard[comparing:]):
        percents = [percent for percent, _ in steps]
        assert percents == sorted(percents) and percents[0] == 0 and percents[-1] <= 100
