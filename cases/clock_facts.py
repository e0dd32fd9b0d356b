"""The facts that the statutory clock reads, and what it says of those out of order.

Pure. The clock never raises on stored facts: a fact that comes too late, twice or without its
counterpart is folded as the law has it and reported as an `Irregularity`.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class FactKind(StrEnum):
    """What moves the clock; on one day the facts are folded in this order."""

    CORRECTION_ASKED = "correction_asked"
    CORRECTION_RECEIVED = "correction_received"
    CONSULTATION_SENT = "consultation_sent"
    CONSULTATION_DELIVERED = "consultation_delivered"
    CONSULTATION_RETURNED = "consultation_returned"
    CONSULTATION_ENDED = "consultation_ended"
    EXTENDED = "extended"
    DELAYED = "delayed"
    FEE_ASKED = "fee_asked"
    FEE_NOTICE_DELIVERED = "fee_notice_delivered"
    FEE_PAID = "fee_paid"
    REPLIED = "replied"
    SERVED = "served"


FACT_LABELS = {
    FactKind.CORRECTION_ASKED: "补正告知",
    FactKind.CORRECTION_RECEIVED: "收到补正申请",
    FactKind.CONSULTATION_SENT: "发出征求意见函",
    FactKind.CONSULTATION_DELIVERED: "征求意见函送达",
    FactKind.CONSULTATION_RETURNED: "收到意见",
    FactKind.CONSULTATION_ENDED: "不再等待意见",
    FactKind.EXTENDED: "延期告知",
    FactKind.DELAYED: "延迟答复告知",
    FactKind.FEE_ASKED: "收费通知",
    FactKind.FEE_NOTICE_DELIVERED: "收费通知送达",
    FactKind.FEE_PAID: "缴费",
    FactKind.REPLIED: "答复",
    FactKind.SERVED: "送达",
}
FOLD_ORDER: dict[str, int] = {kind: place for place, kind in enumerate(FactKind)}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened on a day; `kind` is a value of `FactKind`."""

    kind: str
    on: date
    key: str = ""  # tells the consultations of one case apart
    days: int | None = None  # extended: working days added; correction_asked: term granted
    day: date | None = None  # delayed: the due day told to the applicant
    note: str = ""
    addressee: str = "third_party"  # consultation_sent: third_party, co_producer, other_organ
    excused: bool = False  # correction_received: late, and for a good reason (条例第三十条)
    unanswered: bool = False  # replied: closed without an answer, as withdrawn or given up
    in_time_by: date | None = None  # its last day by the schedule of its day, put right since

    @property
    def was_in_time(self) -> bool:
        """By the schedule of its day: then it stays in time, whatever that of today says."""
        return self.in_time_by is not None and self.on <= self.in_time_by

    @property
    def in_time_words(self) -> str:
        label = FACT_LABELS[FactKind(self.kind)]
        return f"{label}（{self.on}）按当时的放假安排认定，当时的期限到 {self.in_time_by}"


def in_fold_order(fact: Fact) -> tuple[date, int, str]:
    """Sort key: by day, and within a day as `FactKind` lists them, however they were stored."""
    return fact.on, FOLD_ORDER.get(fact.kind, len(FOLD_ORDER)), fact.kind


@dataclass(frozen=True, slots=True)
class Irregularity:
    """A fact out of order: what is wrong, and what the clock made of it."""

    code: str
    on: date
    text: str
    article: str  # "" where no article is at issue


_MOOT = "，不改变到期日。"
_TEXTS = {
    "unknown_kind": "不认识的事项“{kind}”（{on}），不予计算。",
    "out_of_range": "{label}（{on}）的日期或天数超出合理范围，不予计算。",
    "not_received": "收到日尚未确认，{label}（{on}）不予计算。",
    "before_receipt": "{label}（{on}）早于收到日 {received}，不予计算。",
    "after_reply": "{label}（{on}）在 {replied} 答复之后" + _MOOT,
    "answered_while_waiting": "{awaited}期间（{on}）答复，是否按时以此前的期限认定，请核对。",
    "served_before_reply": "送达日 {served} 早于答复日 {on}，请核对。",
    "correction_asked_late": (
        "补正告知（{on}）晚于收到后第 {limit} 个工作日 {last}；收到补正申请后仍重新计算。"
    ),
    "correction_after_due": "补正告知（{on}）在到期日 {due} 之后" + _MOOT,
    "correction_while_waiting": "正在等待缴费，{on} 告知补正" + _MOOT,
    "correction_repeated": "补正只能告知一次，{on} 再次告知" + _MOOT,
    "correction_not_asked": "没有在先的有效补正告知，{on} 收到补正" + _MOOT,
    "correction_overdue": ("补正申请（{on}）晚于补正期限 {last}，无正当理由的视为放弃申请" + _MOOT),
    "fee_after_due": "收费通知（{on}）在到期日 {due} 之后" + _MOOT,
    "fee_while_waiting": "正在等待补正，{on} 通知缴费" + _MOOT,
    "fee_repeated": "已发出收费通知，{on} 再次通知" + _MOOT,
    "fee_notice_not_asked": "没有在先的有效收费通知，{on} 收费通知送达" + _MOOT,
    "fee_not_asked": "没有在先的有效收费通知，{on} 缴费" + _MOOT,
    "fee_overdue": "缴费（{on}）晚于缴费期限 {last}，视为放弃申请" + _MOOT,
    "consultation_after_due": "{letter}（{on}）在到期日 {due} 之后发出" + _MOOT,
    "consultation_repeated": "同一对象的意见尚未返回，{on} 再次发函" + _MOOT,
    "consultation_not_sent": "没有对应的征求意见函，{label}（{on}）" + _MOOT,
    "consultation_overdue": (
        "意见（{on}）在意见期满 {last} 之后返回；停止计算已于期满日结束" + _MOOT
    ),
    "extension_after_due": "延期告知（{on}）在到期日 {due} 之后" + _MOOT,
    "extension_while_waiting": "正在等待申请人补正或缴费，没有进行中的期限，{on} 延期" + _MOOT,
    "extension_after_delay": "已告知延迟至 {told} 答复，{on} 再延期" + _MOOT,
    "extension_repeated": "延期只能一次，{on} 再次延期" + _MOOT,
    "extension_without_days": "延期告知（{on}）没有写明工作日数" + _MOOT,
    "extension_over_limit": "延期 {days} 个工作日（{on}）超过上限，按 {limit} 个工作日计算。",
    "delay_after_due": "延迟答复告知（{on}）在到期日 {due} 之后" + _MOOT,
    "delay_while_waiting": "正在等待申请人补正或缴费，没有进行中的期限，{on} 告知延迟" + _MOOT,
    "delay_repeated": "已告知延迟至 {told} 答复，{on} 再次延迟" + _MOOT,
    "delay_without_day": "延迟答复告知（{on}）没有写明答复日期" + _MOOT,
    "delay_not_later": "所定延迟答复日 {told} 并不晚于原到期日" + _MOOT,
}
_ARTICLES = {  # by the first word of the code
    "not": "条例第三十一条",
    "before": "条例第三十一条",
    "after": "条例第三十三条",
    "answered": "条例第三十条、第四十二条",
    "served": "国办公开办函〔2016〕235号",
    "correction": "条例第三十条",
    "fee": "条例第四十二条；国办函〔2020〕109号",
    "consultation": "条例第三十二条、第三十三条、第三十四条",
    "extension": "条例第三十三条",
    "delay": "条例第三十五条",
}


def irregularity(code: str, fact: Fact, **words: object) -> Irregularity:
    """The irregularity of a fact; `words` are what its sentence needs beside the fact's own."""
    label = FACT_LABELS[FactKind(fact.kind)] if fact.kind in FOLD_ORDER else fact.kind
    text = _TEXTS[code].format(kind=fact.kind, label=label, on=fact.on, days=fact.days, **words)
    return Irregularity(code, fact.on, text, _ARTICLES.get(code.split("_")[0], ""))
