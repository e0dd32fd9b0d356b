"""The rates that supervisors ask for, each with the two figures it is made of. Pure.

They are nowhere laid down by law: docs/glossary.md says which rows each takes. A rate that rests on
few cases is told but not judged; and of these only the rate of replies in time has a yardstick in
law, since every reply has its term (条例33).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from reports.formats.base import PROCEEDING_GROUPS, Column, Format, Tables

Mark = Literal["", "ok", "ask"]  # as templates/components/_mark.html draws it

SMALL = 30  # cases; a rate of fewer swings by several points with each of them
NO_RATE = "—"
REVIEW, SUITS = PROCEEDING_GROUPS[:1], PROCEEDING_GROUPS[1:]


class Replies(NamedTuple):
    """The cases closed in a period: how many, how many of them late, and how many of which no day
    of service is recorded, so that the day of the reply stands for it."""

    closed: int
    late: int
    assumed: int


@dataclass(frozen=True, slots=True)
class Rate:
    """`part` of `whole`; no rate where the whole is 0."""

    name: str
    formula: str
    part: int
    whole: int
    mark: Mark = ""

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def percent(self) -> str:
        return percent(self.part, self.whole)

    @property
    def note(self) -> str:
        """What it comes to in words; of a rate that rests on few cases, that it says little."""
        if 0 < self.whole < SMALL:
            return "仅供参考"
        return {"": "", "ok": "全部按时", "ask": "有超期"}[self.mark]

    @property
    def caption(self) -> str:
        """171/207; 2/4，仅供参考."""
        return "，".join(filter(None, (f"{self.part}/{self.whole}", self.note)))


def percent(part: int, whole: int, digits: int = 2) -> str:
    """82.61%, half of the last digit rounded up; of a part that is not all, never rounded to all,
    nor to none. 0% and 100% are exact, and so without decimals."""
    if not whole:
        return NO_RATE
    if part in (0, whole):
        return f"{100 * part // whole}%"
    unit: int = 10**digits
    said = max((200 * unit * part + whole) // (2 * whole), 1)
    if part < whole:
        said = min(said, 100 * unit - 1)
    return f"{said // unit}.{said % unit:0{digits}}%"


def rates(fmt: Format, tables: Tables, replies: Replies) -> tuple[Rate, ...]:
    """In the order in which they are read out."""
    groups = {
        group.key: _sum(tables, (f"section_three.{row.key}.total" for row in rows))
        for group, rows in fmt.section_three.outcome_groups
    }
    closed = _sum(tables, ["section_three.results_total.total"])
    given = groups["granted"] + groups["partial"]
    in_time = replies.closed - replies.late
    judged: Mark = "" if replies.closed < SMALL else "ask" if replies.late else "ok"
    return (
        Rate("实质公开率", "（予以公开 + 部分公开）÷ 办结", given, closed),
        Rate("无法提供占比", "无法提供 ÷ 办结", groups["unable"], closed),
        Rate("按时答复率", "按时答复 ÷ 办结", in_time, replies.closed, judged),
        Rate("复议纠正率", "结果纠正 ÷ 审结", *_corrected(tables, REVIEW)),
        Rate("诉讼纠正率", "结果纠正 ÷ 审结", *_corrected(tables, SUITS)),
    )


def _corrected(tables: Tables, groups: Sequence[Column]) -> tuple[int, int]:
    """Corrected, and concluded, of reviews or of suits of both kinds."""
    corrected, pending, total = (
        _sum(tables, (f"section_four.{group.key}.{result}" for group in groups))
        for result in ("corrected", "pending", "total")
    )
    return corrected, total - pending


def _sum(tables: Tables, cells: Iterable[str]) -> int:
    return sum(tables.value(cell) or 0 for cell in cells)
