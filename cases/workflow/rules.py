"""The one table of acts: from where each starts, and what else must be so for it.

The buttons of a case, the pages behind them and the acts themselves all ask here, so that what is
not offered is refused too, with the same sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from cases.choices import EventKind, Stage
from cases.clock import Clock
from cases.models import Case, Event
from cases.permissions import Act


class Situation(NamedTuple):
    """A case on a day, as far as the rules ask."""

    case: Case
    clock: Clock
    events: Sequence[Event]  # all of them, in their order
    on: date

    def has(self, *kinds: EventKind) -> bool:
        return any(event.kind in kinds for event in self.events)


def always(situation: Situation) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class ActRule:
    """From which stages an act starts, what its button says, and the article behind it.

    `refusal` says why the act is out of place all the same, "" if it is not. Acts that are `aside`
    stand under 其他办理.
    """

    label: str
    stages: frozenset[Stage]
    article: str = ""
    refusal: Callable[[Situation], str] = always
    aside: bool = False

    def out_of_place(self, situation: Situation) -> str:
        """Why the act has no place here, as a sentence; "" if it has."""
        case = situation.case
        if case.stage not in self.stages:
            return f"{case.number} {Stage(case.stage).label}，不能{self.label}。"
        return self.refusal(situation)


_OPEN = frozenset({Stage.OPEN})
_LIVE = frozenset({Stage.UNCONFIRMED, Stage.OPEN, Stage.UNSERVED, Stage.CLOSED})

# In the order of the buttons: the first that is offered is the main one.
ACTS: dict[Act, ActRule] = {
    Act.CONFIRM: ActRule("确认收到", frozenset({Stage.UNCONFIRMED}), "第三十一条"),
    Act.REPLY: ActRule("答复", _OPEN, "第三十三条"),
    Act.ASK_CORRECTION: ActRule("要求补正", _OPEN, "第三十条"),
    Act.CONSULT: ActRule("征求意见", _OPEN, "第三十二条"),
    Act.EXTEND: ActRule("延期", _OPEN, "第三十三条"),
    Act.ASK_FEE: ActRule("通知缴费", _OPEN, "第四十二条"),
    Act.SERVE: ActRule("登记送达", frozenset({Stage.UNSERVED}), "国办公开办函〔2016〕235号"),
    Act.AMEND: ActRule("更正", _LIVE, aside=True),
    Act.VOID: ActRule("作废", _LIVE, aside=True),
}
