"""The columns of the two sheets: what each is called, how it is read, how long it may be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cases.ledger import cells, vocabulary
from cases.ledger.cells import Cell
from cases.ledger.rows import CaseRow, ProceedingRow

# A header that is no column of ours but promises personal data: 备注 is not encrypted.
PERSONAL_HEADER = re.compile(r"身份证|证件号|电话|手机|住址|地址|邮箱|电子邮件|联系方式|微信")
_NOTE = re.compile(r"\(.*\)$")
_DECORATION = re.compile(r"[\s*:]")


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is the field of the row; `max_length` that of the stored field, where it has one."""

    key: str
    header: str
    read: Callable[[Cell], Any]
    aliases: tuple[str, ...] = ()
    needed: bool = False
    personal: bool = False
    max_length: int = 0


@dataclass(frozen=True)  # without slots, for the cached headers
class SheetKind:
    """One of the two sheets. `marks` are columns that tell it from any other sheet."""

    name: str
    row: type[CaseRow] | type[ProceedingRow]
    columns: tuple[Column, ...]
    marks: frozenset[str]

    @cached_property
    def headers(self) -> dict[str, str]:
        """Key → header."""
        return {column.key: column.header for column in self.columns}

    def header(self, key: str) -> str:
        return self.headers[key]

    def named(self) -> dict[str, Column]:
        """Folded header or alias → column."""
        names = {fold_header(alias): column for column in self.columns for alias in column.aliases}
        return names | {fold_header(column.header): column for column in self.columns}


def fold_header(words: str) -> str:
    """Without spaces, line breaks, asterisks and colons, and in half width."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", words)).casefold()


def without_note(folded: str) -> str:
    """收到日期(年月日) → 收到日期"""
    return _NOTE.sub("", folded)


_day, _line, _code = cells.day, cells.line, cells.code
_DEPARTMENT = Column(
    "department", "受理部门", _code, ("受理单位", "受理机关"), needed=True, max_length=100
)
_REMARKS = Column("remarks", "备注", cells.text)

CASES = SheetKind(
    "申请台账",
    CaseRow,
    (
        Column(
            "number",
            "编号",
            _code,
            ("申请编号", "登记编号", "受理编号"),
            needed=True,
            max_length=80,
        ),
        _DEPARTMENT,
        Column(
            "applicant_kind",
            "申请人类别",
            vocabulary.applicant_kind,
            ("申请人类型",),
            needed=True,
        ),
        Column(
            "name",
            "申请人",
            _line,
            ("申请人姓名", "申请人名称", "姓名", "姓名或名称"),
            max_length=200,
        ),
        Column(
            "id_number",
            "证件号码",
            _code,
            ("身份证号", "身份证号码", "证件号", "申请人证件号码"),
            personal=True,
            max_length=100,
        ),
        Column(
            "phone",
            "联系电话",
            _code,
            ("电话", "手机", "手机号", "手机号码", "联系方式", "申请人电话"),
            personal=True,
            max_length=200,
        ),
        Column(
            "address",
            "通信地址",
            _line,
            ("通讯地址", "联系地址", "地址", "申请人地址"),
            personal=True,
            max_length=500,
        ),
        Column("credit_code", "统一社会信用代码", _code, ("信用代码",), max_length=40),
        Column("agent_name", "代理人", _line, ("代理人姓名",), max_length=60),
        Column("email", "电子邮箱", _code, ("邮箱", "电子邮件地址"), personal=True, max_length=200),
        Column("channel", "申请方式", vocabulary.channel, ("申请途径", "提交方式")),
        Column("arrived_on", "到件日期", _day, ("到件时间",)),
        Column(
            "received_on",
            "收到日期",
            _day,
            ("受理日期", "申请时间", "收到时间", "受理时间"),
            needed=True,
        ),
        Column("content", "申请内容", cells.text, ("申请事项", "内容描述")),
        Column("reply", "答复类型", vocabulary.reply, ("答复结果",)),
        Column("closed_on", "答复日期", _day, ("答复时间",)),
        Column("correction_asked", "补正通知日期", _day, ("补正告知日期", "补正通知时间")),
        Column("correction_received", "补正收到日期", _day, ("收到补正日期", "补正收到时间")),
        Column(
            "consultation_sent",
            "征求意见发出日期",
            _day,
            ("征求意见发出时间", "征求意见日期"),
        ),
        Column(
            "consultation_returned",
            "征求意见返回日期",
            _day,
            ("征求意见返回时间", "意见返回日期"),
        ),
        Column("fee_asked", "收费通知日期", _day, ("收费通知时间",)),
        Column("fee_paid", "缴费日期", _day, ("缴费时间",)),
        Column("extended", "延期告知日期", _day, ("延期告知时间", "延期日期")),
        Column("extended_days", "延期工作日", cells.workdays, ("延期工作日数",)),
        Column("unit", "承办单位", _line, ("承办科室", "承办部门"), max_length=60),
        Column("person", "承办人", _line, ("经办人",), max_length=30),
        Column("reply_number", "答复文号", _code, ("文号", "答复书文号"), max_length=80),
        Column("served_on", "送达日期", _day, ("送达时间",)),
        _REMARKS,
    ),
    marks=frozenset({"number", "applicant_kind", "received_on"}),
)
PROCEEDINGS = SheetKind(
    "复议诉讼台账",
    ProceedingRow,
    (
        _DEPARTMENT,
        Column("case_number", "申请编号", _code, ("申请件编号",), max_length=80),
        Column("docket", "案号", _code, max_length=80),
        Column(
            "kind", "类型", vocabulary.proceeding_kind, ("复议诉讼类型", "案件类型"), needed=True
        ),
        Column("filed_on", "立案日期", _day, ("立案时间",), needed=True),
        Column("result", "结果", vocabulary.proceeding_result, ("审理结果",)),
        Column("concluded_on", "审结日期", _day, ("审结时间", "结案日期")),
        _REMARKS,
    ),
    marks=frozenset({"kind", "filed_on"}),
)
KINDS = (CASES, PROCEEDINGS)
