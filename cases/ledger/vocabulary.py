"""The words a ledger uses for what the code lists hold.

An outcome may be written with its own label or with that of the row of section three in which it
counts, in either format (国办公开办函〔2019〕60号, 〔2021〕30号). A test holds the rows named here
against those of the formats.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import lru_cache
from typing import TypeVar

from cases.choices import (
    ApplicantKind,
    Channel,
    Outcome,
    OutcomeGroup,
    ProceedingKind,
    ProceedingResult,
)
from cases.ledger.cells import Cell, CellError, plain
from cases.ledger.rows import Reply

Word = TypeVar("Word", bound=Enum)

# "（三）1." of "（三）1.属于国家秘密", "3、" of "3、其他"
_NUMBERING = re.compile(r"^(\([一二三四五六]\)|[一二三四五六][、.]|\(?\d[.、)]*)+")
_NOT_TOLD_APART = re.compile(r"[^\w]|_")  # punctuation, quotes, spaces

O = Outcome  # noqa: E741
# Besides the labels of the code list: other wordings of one outcome …
_WORDINGS: dict[Outcome, tuple[str, ...]] = {
    O.ALREADY_PUBLIC: ("已主动公开",),
    O.GRANTED: ("予以公开（提供信息或告知方式、途径和时间）",),
    O.PARTIAL: ("部分公开（区分处理）", "部分公开（区分处理的，只计这一情形，不计其他情形）"),
    O.LAW_FORBIDDEN: ("法律、行政法规禁止公开",),
    O.SAFETY: ("可能危及国家安全、公共安全、经济安全、社会稳定", "三安全一稳定"),
    O.THIRD_PARTY: ("商业秘密、个人隐私等损害第三方合法权益",),
    O.INTERNAL: ("内部事务信息（人事管理、后勤管理、内部工作流程）", "内部事务信息"),
    O.PROCESS: ("过程性信息（讨论记录、过程稿、磋商信函、请示报告）", "过程性信息"),
    O.ENFORCEMENT_FILE: ("行政执法案卷信息",),
    O.ADMIN_QUERY: ("工商、不动产登记资料等，依专门规定查询",),
    O.NOT_EXIST: ("信息不存在",),
    O.NOT_THIS_ORGAN: ("不属于本行政机关负责公开",),
    O.NEEDS_CREATION: ("需要加工、分析，不予提供",),
    O.STILL_UNCLEAR: ("补正后内容仍不明确",),
    O.PETITION: ("信访、投诉、举报",),
    O.PUBLICATION: ("政府公报、报刊、书籍等公开出版物",),
    O.EXCESSIVE: ("数量、频次明显超过合理范围且理由不合理",),
    O.RECONFIRM: ("要求行政机关确认或重新出具已获取信息",),
    O.NO_CORRECTION: (
        "无正当理由逾期不补正，视为放弃",
        "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    ),
    O.FEE_UNPAID: (
        "逾期未缴信息处理费，视为放弃",
        "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    ),
    O.WITHDRAWN: ("撤回",),
}
# … and rows that count several: the first is what the row's label means in a ledger.
_ROWS: dict[str, tuple[Outcome, ...]] = {
    "予以公开": (O.GRANTED, O.ALREADY_PUBLIC),
    "本机关不掌握相关政府信息": (O.NOT_EXIST, O.NOT_THIS_ORGAN),
    "本机关不掌握": (O.NOT_EXIST, O.NOT_THIS_ORGAN),
    "其他": (O.NOT_GOV_INFO_OR_OTHER, O.WITHDRAWN),
    "其他处理": (O.NOT_GOV_INFO_OR_OTHER, O.WITHDRAWN, O.NO_CORRECTION, O.FEE_UNPAID),
}
# Groups whose name alone does not say which row is meant.
_GROUPS = (OutcomeGroup.DENIED, OutcomeGroup.UNABLE, OutcomeGroup.NOT_PROCESSED)


def fold(words: str) -> str:
    """What two ways of writing the same words have in common."""
    return _NOT_TOLD_APART.sub("", unicodedata.normalize("NFKC", words)).casefold()


def _replies() -> dict[str, Reply]:
    known = {}
    for outcome in Outcome:
        for words in (str(outcome.label), *_WORDINGS.get(outcome, ())):
            known[fold(words)] = Reply(outcome, frozenset({outcome}))
    for label, outcomes in _ROWS.items():
        known[fold(label)] = Reply(outcomes[0], frozenset(outcomes))
    return known


def _labels(choices: Iterable[Word], also: Mapping[str, Word] | None = None) -> dict[str, Word]:
    return {fold(str(choice.label)): choice for choice in choices} | dict(also or {})  # type: ignore[attr-defined]


REPLIES = _replies()
APPLICANT_KINDS = _labels(ApplicantKind, {"其他": ApplicantKind.ORG_OTHER})
CHANNELS = _labels(Channel)
PROCEEDING_KINDS = _labels(ProceedingKind)
RESULTS = _labels(ProceedingResult)


@lru_cache(maxsize=4096, typed=True)
def reply(value: Cell) -> Reply:
    """The outcome meant by a label of an outcome or of a row, with or without its number."""
    words = unicodedata.normalize("NFKC", plain(value))
    for wording in (words, _NUMBERING.sub("", re.sub(r"\s", "", words))):
        if found := REPLIES.get(fold(wording)):
            return found
    for group in _GROUPS:
        if fold(words).endswith(fold(group.label)):
            raise CellError(f"没有写明是“{group.label}”中的哪一种情形")
    raise CellError("不是已知的答复类型")


@lru_cache(maxsize=1024, typed=True)
def applicant_kind(value: Cell) -> ApplicantKind:
    return _word(value, APPLICANT_KINDS, "申请人类别", ApplicantKind)


@lru_cache(maxsize=1024, typed=True)
def channel(value: Cell) -> Channel:
    return _word(value, CHANNELS, "申请方式", Channel)


@lru_cache(maxsize=1024, typed=True)
def proceeding_kind(value: Cell) -> ProceedingKind:
    return _word(value, PROCEEDING_KINDS, "类型", ProceedingKind)


@lru_cache(maxsize=1024, typed=True)
def proceeding_result(value: Cell) -> ProceedingResult:
    return _word(value, RESULTS, "结果", ProceedingResult)


def _word(value: Cell, known: Mapping[str, Word], column: str, choices: Iterable[Word]) -> Word:
    found = known.get(fold(plain(value)))
    if found is None:
        allowed = "、".join(str(choice.label) for choice in choices)  # type: ignore[attr-defined]
        raise CellError(f"不是已知的{column}，可填：{allowed}")
    return found
