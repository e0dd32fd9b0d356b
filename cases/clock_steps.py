"""What is asked of the applicant: a corrected application, a fee.

Pure. While either is waited for there is no due date; once it is in, the answer term begins afresh
the day after (条例第三十条; 国办函〔2020〕109号).
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from cases.clock_days import DayMark, Phase
from cases.clock_facts import FactKind

DEFAULT_CORRECTION_WORKDAYS = 15  # 条例第三十条 says "reasonable": taken where none is recorded
PAYMENT_WORKDAYS = 20  # 国办函〔2020〕109号: from the day after the notice is received


@dataclass(frozen=True, slots=True)
class Step:
    """Something that only the applicant can do."""

    name: str
    kinds: frozenset[FactKind]  # what is recorded of it
    workdays: int  # the applicant's term
    granted: bool  # whether the notice may set that term
    article: str
    asked: str
    awaited: str
    done: str

    @property
    def restart(self) -> Phase:
        """The day on which it is done."""
        text = f"{self.done}，当日不计入，次日起重新计算"
        return Phase(DayMark.RESTART, text, text, self.article)


CORRECTION = Step(
    name="correction",
    kinds=frozenset({FactKind.CORRECTION_ASKED, FactKind.CORRECTION_RECEIVED}),
    workdays=DEFAULT_CORRECTION_WORKDAYS,
    granted=True,
    article="条例第三十条",
    asked="告知补正",
    awaited="等待申请人补正",
    done="收到补正申请",
)
FEE = Step(
    name="fee",
    kinds=frozenset({FactKind.FEE_ASKED, FactKind.FEE_NOTICE_DELIVERED, FactKind.FEE_PAID}),
    workdays=PAYMENT_WORKDAYS,
    granted=False,
    article="条例第四十二条；国办函〔2020〕109号",
    asked="通知缴费",
    awaited="等待申请人缴费",
    done="申请人缴费",
)


@dataclass(frozen=True)  # without slots, for the cached phase
class Wait:
    """A step that was asked and is not done."""

    step: Step
    asked_on: date
    until: date
    binding: bool  # False: no term is on record, so that none can be overstepped
    assumed: bool = False  # the term is reckoned from the notice, its delivery not being recorded

    @cached_property
    def phase(self) -> Phase:
        """The days of waiting."""
        story = f"{self.asked_on:%m-%d} {self.step.asked}，{self.step.awaited}期间不计"
        return Phase(DayMark.WAITING, f"{self.step.awaited}，不计入", story, self.step.article)
