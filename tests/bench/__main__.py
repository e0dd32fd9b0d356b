"""`python -m tests.bench [--cases N] [--on DATABASE] [--only SUBJECT]`."""

from __future__ import annotations

from argparse import ArgumentParser

from tests.bench import ledger, pages, registrations, tables, workbook
from tests.bench.running import POSTGRESQL, SQLITE, say, scratch

SMALL, LARGE = 10_000, 1_000_000
SUBJECTS = ("tables", "pages", "workbook", "registrations", "ledger")


def main() -> None:
    parser = ArgumentParser(description="性能基准：生成小、大两个临时库，测量并与目标比较")
    parser.add_argument("--cases", type=int, default=LARGE, help="大库的申请件数")
    parser.add_argument("--small", type=int, default=SMALL, help="小库的申请件数")
    parser.add_argument("--on", choices=(SQLITE, POSTGRESQL), help="只测一种数据库")
    parser.add_argument("--only", choices=SUBJECTS, help="只测一项")
    asked = parser.parse_args()
    subjects = [asked.only] if asked.only else SUBJECTS
    for kind in [asked.on] if asked.on else (SQLITE, POSTGRESQL):
        with scratch(kind) as small, scratch(kind) as large:
            for place, cases in ((small, asked.small), (large, asked.cases)):
                say("", place.ask("fill", cases=cases))
            if "tables" in subjects:
                tables.measure(large)
            if "pages" in subjects:
                for place in (small, large):
                    place.ask("compute")
                pages.measure(small, large)
            if "workbook" in subjects:
                workbook.measure(large)
            if "registrations" in subjects:
                registrations.measure(large)
            if "ledger" in subjects:
                ledger.measure(kind)


if __name__ == "__main__":
    main()
