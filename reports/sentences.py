"""What the figures say, in the manner of 一（二）依申请公开 of the annual report. Pure.

Figures in, text out. Each figure that stands in a cell of the tables names it, so that a page can
lead to the cases behind it. Written without spaces between figures and characters, as official
documents are: the sentences are there to be copied into one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from reports.formats.base import Column, Format, Tables
from reports.rates import REVIEW, SMALL, SUITS, Replies, percent


class Part(NamedTuple):
    """A run of text; a figure with the path of its cell, where it has one."""

    text: str
    path: str = ""


class Paragraph(NamedTuple):
    title: str
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)


class Share(NamedTuple):
    """How many of the cases of the period an organ, or several together, brought."""

    name: str
    cases: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What the sentences speak of: a period, as it stands `on` a day in it or after it."""

    format: Format
    tables: Tables
    replies: Replies
    first: date
    last: date
    on: date
    shares: tuple[Share, ...] = ()  # empty where they are not told apart
    before: Tables | None = None  # the same days of last year

    def value(self, *cells: str) -> int:
        """The sum of cells such as "section_three.granted.total"."""
        return sum(self.tables.value(cell) or 0 for cell in cells)

    def three(self, row: str) -> int:
        return self.value(_total(row))

    @property
    def is_running(self) -> bool:
        """Its last day included: until that is over, cases may be answered."""
        return self.on <= self.last

    @property
    def from_new_year(self) -> bool:
        return (self.first.month, self.first.day) == (1, 1)

    @property
    def to_years_end(self) -> bool:
        return (self.last.month, self.last.day) == (12, 31)


def paragraphs(figures: Figures) -> tuple[Paragraph, ...]:
    """Those that have something to say; what was received always has."""
    said = (
        ("收到申请", (*_received(figures), *_applicants(figures))),
        ("办理结果", (*_results(figures), *_in_time(figures))),
        ("复议诉讼", (*_proceedings(figures),)),
        ("同期比较", (*_compared(figures),)),
    )
    return tuple(Paragraph(title, parts) for title, parts in said if parts)


def _received(figures: Figures) -> Iterator[Part]:
    new, carried = figures.three("new_received"), figures.three("carried_over")
    before = "上年" if figures.from_new_year else "上期"
    yield Part(f"{_span(figures)}，")
    if not (new or carried):
        yield Part(f"未收到政府信息公开申请，也没有{before}结转的申请。")
        return
    if new:
        yield Part("新收政府信息公开申请")
        yield _cases(figures, _total("new_received"))
    else:
        yield Part("未收到新的政府信息公开申请")
    if carried:
        yield Part(f"，{before}结转")
        yield _cases(figures, _total("carried_over"))
    if new and carried:
        yield Part(f"，共{new + carried}件")
    if figures.shares:
        yield Part(f"，其中{'、'.join(f'{name}{cases}件' for name, cases in figures.shares)}")
    yield Part("。")


def _applicants(figures: Figures) -> Iterator[Part]:
    """Who applied in the period: those of carried-over cases were told when they came."""
    person, *organisations, _ = figures.format.section_three.columns
    by_kind = [(kind.label, f"section_three.new_received.{kind.key}") for kind in organisations]
    by_person = f"section_three.new_received.{person.key}"
    of_persons, of_organisations = figures.value(by_person), figures.value(*dict(by_kind).values())
    if not of_organisations:
        if of_persons:
            yield Part(f"新收申请均由{person.label}提出。")
        return
    if of_persons:
        yield Part(f"新收申请中，{person.label}")
        yield _cases(figures, by_person)
        yield Part(f"，{organisations[0].group}")
        yield _cases(figures, *dict(by_kind).values())
        yield Part("（")
    else:
        yield Part(f"新收申请均由{organisations[0].group}提出（")
    yield from _listed(figures, [(label, (cell,)) for label, cell in by_kind])
    yield Part("）。")


def _results(figures: Figures) -> Iterator[Part]:
    closed, forward = figures.three("results_total"), figures.three("carried_forward")
    if not (closed or forward):
        return
    if closed:
        yield Part("办结")
        yield _cases(figures, _total("results_total"))
        yield from _split(
            figures,
            [
                (group.name.partition("（")[0], tuple(_total(row.key) for row in rows))
                for group, rows in figures.format.section_three.outcome_groups
            ],
        )
    else:
        yield Part("没有办结的申请")
    if figures.is_running:
        words = f"截至{_day(figures.on)}，" + ("尚在办理" if forward else "没有在办的申请")
    else:
        to = "结转下年度" if figures.to_years_end else "结转下期"
        words = f"{to}继续办理" if forward else f"没有{to}的申请"
    yield Part(f"；{words}")
    if forward:
        yield _cases(figures, _total("carried_forward"))
    yield Part("。")


def _in_time(figures: Figures) -> Iterator[Part]:
    closed, late, assumed = figures.replies
    if not closed:
        return
    if late:
        yield Part(f"按时答复{closed - late}件，超过答复期限{late}件")
    else:
        yield Part("办结的申请均在答复期限内答复")
    if assumed:
        which = "均" if assumed == closed else f"有{assumed}件"
        yield Part(f"（{which}未记录送达日期，按答复日期认定）")
    yield Part("。")


def _proceedings(figures: Figures) -> Iterator[Part]:
    if not figures.value(*_totals([*REVIEW, *SUITS])):
        yield Part("没有因政府信息公开引起的行政复议和行政诉讼。")
        return
    yield from _proceeding(figures, REVIEW[0].label, REVIEW)
    yield Part("；")
    yield from _proceeding(figures, str(SUITS[0].group), SUITS)
    yield Part("。")


def _proceeding(figures: Figures, name: str, groups: Sequence[Column]) -> Iterator[Part]:
    """Reviews, or suits of both kinds together, and how they ended."""
    cells = _totals(groups)
    if not figures.value(*cells):
        yield Part(f"没有{name}")
        return
    yield Part(name)
    yield _cases(figures, *cells)
    if len(groups) > 1:
        yield Part("（")
        yield from _listed(figures, [(group.label, _totals([group])) for group in groups])
        yield Part("）")
    *results, _ = figures.format.section_four.columns
    yield from _split(figures, [(result.label, _totals(groups, result.key)) for result in results])


def _compared(figures: Figures) -> Iterator[Part]:
    if figures.before is None:
        return
    received, closed = _total("new_received"), _total("results_total")
    then = [figures.before.value(cell) or 0 for cell in (received, closed)]
    if not any(then):
        yield Part("上年同期没有新收和办结的申请，不作比较。")
        return
    now = [figures.value(cell) for cell in (received, closed)]
    changes = map(_change, then, now)
    yield Part(
        f"上年同期新收{then[0]}件、办结{then[1]}件；本期新收{next(changes)}，办结{next(changes)}。"
    )


def _change(then: int, now: int) -> str:
    """增加25件（13.89%）; without the share where it would rest on few cases."""
    if then == now:
        return "持平"
    share = f"（{percent(abs(now - then), then)}）" if then >= SMALL else ""
    return f"{'增加' if now > then else '减少'}{abs(now - then)}件{share}"


# The pieces of a sentence


Named = tuple[str, tuple[str, ...]]  # a label, and the cells that make up its figure


def _split(figures: Figures, named: Iterable[Named]) -> Iterator[Part]:
    """，其中予以公开162件、部分公开9件; nothing where no figure is filled in."""
    filled = [(label, cells) for label, cells in named if figures.value(*cells)]
    if filled:
        yield Part("，其中" if len(filled) > 1 else "，")
        yield from _listed(figures, filled)


def _listed(figures: Figures, named: Iterable[Named]) -> Iterator[Part]:
    """商业企业4件、科研机构1件; where it is all of one sort, the figure is not said again."""
    filled = [(label, cells) for label, cells in named if figures.value(*cells)]
    if len(filled) == 1:
        [(label, cells)] = filled
        every = "均" if label.startswith("尚未") else "均为"
        yield Part(f"{every if figures.value(*cells) > 1 else ''}{label}")
        return
    for at, (label, cells) in enumerate(filled):
        yield Part(f"{'、' if at else ''}{label}")
        yield _cases(figures, *cells)


def _cases(figures: Figures, *cells: str) -> Part:
    """162件; it leads to its cell, if it stands in one."""
    filled = [cell for cell in cells if figures.value(cell)]
    return Part(f"{figures.value(*cells)}件", filled[0] if len(filled) == 1 else "")


def _total(row: str) -> str:
    return f"section_three.{row}.total"


def _totals(groups: Iterable[Column], column: str = "total") -> tuple[str, ...]:
    return tuple(f"section_four.{group.key}.{column}" for group in groups)


def days(first: date, last: date) -> str:
    """2025年7月1日至9月30日."""
    start = f"{first.year}年{_day(first)}"
    if first == last:
        return start
    return f"{start}至{f'{last.year}年' if last.year != first.year else ''}{_day(last)}"


def _span(figures: Figures) -> str:
    """2020年度, or the days; of a period that is not over, as many as there have been."""
    first, last = figures.first, figures.last
    if figures.from_new_year and figures.to_years_end and first.year == last.year:
        return f"{first.year}年度" + (f"截至{_day(figures.on)}" if figures.is_running else "")
    return days(first, min(last, figures.on))


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"
