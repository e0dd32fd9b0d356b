"""Case numbers such as 秀政公开申〔2026〕12号: per department and year, none given twice."""

from __future__ import annotations

import re

from cases.models import Case, Department, NumberCounter


def prefix_of(department: Department) -> str:
    return department.number_prefix or f"{department.short_name or department.name}公开申"


def format_number(department: Department, year: int, count: int) -> str:
    return f"{prefix_of(department)}〔{year}〕{count}号"


def take_number(department: Department, year: int) -> str:
    """The next free number. Must run inside the transaction that stores the case.

    The counter's row stays locked until then, so a number is neither doubled nor lost. Numbers
    that a ledger brought in are passed over.
    """
    counter = _locked_counter(department, year)
    taken = Case.objects.filter(department=department, number_year=year)
    while True:
        counter.last += 1
        number = format_number(department, year, counter.last)
        if not taken.filter(number=number).exists():
            counter.save(update_fields=["last"])
            return number


def note_numbers(department: Department, year: int, numbers: list[str]) -> None:
    """Let the counter go on after the highest of `numbers` that has our form."""
    form = re.compile(re.escape(prefix_of(department)) + rf"〔{year}〕(\d+)号")
    counts = [int(match[1]) for number in numbers if (match := form.fullmatch(number))]
    if counts:
        counter = _locked_counter(department, year)
        counter.last = max(counter.last, *counts)
        counter.save(update_fields=["last"])


def _locked_counter(department: Department, year: int) -> NumberCounter:
    NumberCounter.objects.get_or_create(department=department, year=year)
    return NumberCounter.objects.select_for_update().get(department=department, year=year)
