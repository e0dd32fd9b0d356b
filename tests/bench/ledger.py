"""How long a large ledger takes beside reading the same file with python-calamine alone.

The file is as Excel writes it, with personal data, replies, corrections, consultations and
extensions, for several departments. Each database is a scratch one, measured by a second process
whose `DATABASE_URL` names it; the installation's own is never touched.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.management import call_command
from django.db import connection
from python_calamine import CalamineWorkbook

from cases.choices import ApplicantKind, Channel, DepartmentKind, Outcome
from cases.departments import DepartmentRow, add_department
from cases.ledger import Limits, plan_import, read_ledger, save_import
from cases.models import Case, Department
from tests.bench.running import SQLITE
from tests.infra.postgres import postgres_server

ROWS = 100_000
DEPARTMENTS = 5
TODAY = date(2025, 10, 27)
AT_MOST = 15  # times calamine alone
EXCEL_EPOCH = date(1899, 12, 30)
FIRST_DAY = date(2021, 1, 4)
MEGABYTE = 1024 * 1024
HEADERS = tuple(
    """
    编号 受理部门 申请人类别 申请人 证件号码 联系电话 通信地址 申请方式 收到日期 申请内容 答复类型
    答复日期 补正通知日期 补正收到日期 征求意见发出日期 征求意见返回日期 延期告知日期 延期工作日
    承办人 答复文号 送达日期 备注
    """.split()  # noqa: SIM905
)
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds of each part, for a file of `rows` rows, and memory of the process at its peak."""

    rows: int
    alone: float
    read: float
    plan: float
    save: float
    again: float  # the same file once more: read and plan, nothing to save
    peak: int  # MB

    @property
    def total(self) -> float:
        return self.read + self.plan + self.save

    @property
    def ratio(self) -> float:
        return self.total / self.alone

    def __str__(self) -> str:
        verdict = "合格" if self.ratio <= AT_MOST else f"超过 {AT_MOST} 倍"
        return (
            f"  {self.rows:,} 行：calamine 单独读取 {self.alone:.2f} 秒；"
            f"读 {self.read:.2f}，比对 {self.plan:.2f}，写 {self.save:.2f}，"
            f"共 {self.total:.2f} 秒，{self.ratio:.1f} 倍，{verdict}\n"
            f"    每秒 {self.rows / self.total:,.0f} 行；再导一次 {self.again:.2f} 秒；"
            f"内存最多 {self.peak} MB"
        )


def measure(kind: str) -> None:
    """Print what it comes to on a scratch database of the `kind`."""
    with tempfile.TemporaryDirectory(prefix="disclosure-bench-") as folder:
        file = Path(folder) / "台账.xlsx"
        file.write_bytes(make_file(ROWS))
        if kind == SQLITE:
            run_inside(file, f"sqlite:///{folder}/bench.sqlite3")
        else:
            with postgres_server() as url:
                run_inside(file, url)


def run_inside(file: Path, url: str) -> None:
    command = [sys.executable, "-m", "tests.bench.ledger", str(file)]
    environment = os.environ | {"DATABASE_URL": url, "VAR_DIR": str(file.parent), "DEBUG": "0"}
    if subprocess.run(command, env=environment).returncode:
        raise SystemExit("这次测量没有完成。")


def inside(content: bytes) -> None:
    call_command("migrate", verbosity=0)
    if Case.objects.exists() or Department.objects.exists():
        raise SystemExit("这个数据库里已有数据，性能基准只在空的临时库里运行。")
    for at in range(DEPARTMENTS):
        add_department(DepartmentRow(f"单位{at}", f"D{at}", "", DepartmentKind.DEPARTMENT))
    version = ".".join(map(str, connection.get_database_version()))
    print(f"\n{connection.display_name} {version}：导入台账（{len(content) / MEGABYTE:.1f} MB）")
    print(measure_import(content), flush=True)


def measure_import(content: bytes) -> Figures:
    """Import `content` into the database of this process, whose departments it names."""
    alone = median(timed(lambda: calamine_alone(content))[1] for _ in range(3))
    ledger, read = timed(lambda: read_file(content))
    plan, planned = timed(lambda: plan_import(ledger, by=None, department=None))
    if plan.problems:
        raise SystemExit(str(plan.problems[0]))
    _, saved = timed(lambda: save_import(plan, by=None, today=TODAY))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    second, again = timed(lambda: plan_import(read_file(content), by=None, department=None))
    if second.writes:
        raise SystemExit("同一份台账再导入一次，仍有内容要写入。")
    return Figures(len(ledger.cases), alone, read, planned, saved, again, peak)


def calamine_alone(content: bytes) -> int:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return len(book.get_sheet_by_index(0).to_python())


def read_file(content: bytes) -> Any:
    return read_ledger(
        content,
        file_name="台账.xlsx",
        today=TODAY,
        department_needed=True,
        limits=Limits(max_bytes=len(content)),
    )


def timed(act: Callable[[], Any]) -> tuple[Any, float]:
    start = perf_counter()
    result = act()
    return result, perf_counter() - start


# --- The file ------------------------------------------------------------------------------------


def make_file(rows: int) -> bytes:
    """An .xlsx with `rows` cases, its texts shared and its days numbers, as Excel writes it."""
    strings: dict[str, int] = {}
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(SHEET.encode())
            sheet.write(row_xml(1, HEADERS, strings))
            for at in range(rows):
                sheet.write(row_xml(at + 2, list(case_cells(at)), strings))
            sheet.write(b"</sheetData></worksheet>")
        texts = "".join(f"<si><t>{text}</t></si>" for text in strings)
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{texts}</sst>')
        for name, part in FRAME.items():
            archive.writestr(name, part)
    return target.getvalue()


def row_xml(number: int, cells: Any, strings: dict[str, int]) -> bytes:
    found = []
    for at, value in enumerate(cells):
        place = f'<c r="{chr(ord("A") + at)}{number}"'
        if isinstance(value, date):
            found.append(f'{place} s="1"><v>{(value - EXCEL_EPOCH).days}</v></c>')
        elif isinstance(value, int):
            found.append(f"{place}><v>{value}</v></c>")
        elif value:
            shared = strings.setdefault(value, len(strings))
            found.append(f'{place} t="s"><v>{shared}</v></c>')
    return f'<row r="{number}">{"".join(found)}</row>'.encode()


def case_cells(at: int) -> Iterator[str | int | date | None]:
    """One row: of fifty, one is open; every fifth was corrected, consulted on or extended."""
    received = FIRST_DAY + timedelta(days=at * 97 % 1600)
    asked = received + timedelta(days=1 + at * 7 % 9)
    back = asked + timedelta(days=2 + at * 11 % 17)
    step = at % 20
    closed = received + timedelta(days=29 + at * 31 % 25) if at % 50 else None
    kinds = (*[ApplicantKind.NATURAL_PERSON] * 9, *ApplicantKind)
    yield f"公开申〔{received.year}〕{at}号"
    yield f"单位{at % DEPARTMENTS}"
    yield kinds[at % len(kinds)].label
    yield f"申请人{at % 70_000}"
    yield f"33041119{60 + at % 45}{1 + at % 12:02}{1 + at % 28:02}{at % 10_000:04}"
    yield f"138{at:08}"
    yield f"秀洲区洪兴路{at % 3_000}号{at % 60}室"
    yield list(Channel)[at % len(Channel)].label
    yield received
    yield f"申请公开第{at % 4_000}号地块房屋征收补偿方案、补偿协议及评估报告"
    yield list(Outcome)[at % len(Outcome)].label if closed else None
    yield closed
    yield from (asked, back) if step == 0 else (None, None)
    yield from (asked, back) if step == 1 else (None, None)
    yield from (back, 20) if step == 2 else (None, None)
    yield f"经办员{at % 40}"
    yield f"公开复〔{closed.year}〕{at}号" if closed else None
    yield closed + timedelta(days=2) if closed else None
    yield "来电询问过进度" if at % 10 == 0 else None


FRAME = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="申请台账" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="rId3" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
    ),
}


if __name__ == "__main__":  # the second process
    inside(Path(sys.argv[1]).read_bytes())
