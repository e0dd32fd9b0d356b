"""A year's 放假安排, read from its notice or from lines typed by hand, and what is odd about it.

Pure. The State Council's notice lists each holiday with its days off and the weekends worked for
it: "一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。" Lines by hand say
the same more shortly: "元旦：01-01 至 01-03". Nothing is guessed: what cannot be read, and what can
be read but cannot be right, is named as a `Doubt`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from cases.workdays import ONE_DAY, DecreedDay, is_weekend, weekday_name

# 《全国年节及纪念日放假办法》第二条: each year's notice arranges these.
HOLIDAYS = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
# Of them, those whose days are fixed in the calendar of the year: (month, day).
FIXED_DAYS = {"元旦": ((1, 1),), "劳动节": ((5, 1),), "国庆节": ((10, 1), (10, 2), (10, 3))}
NEW_YEAR = "元旦"
LONGEST = 31  # days that one stretch can have: more is a slip of the pen
LONGEST_NAME = 40  # characters that are stored
DECEMBER = 12  # its decreed days belong to the 元旦 of the year that follows

OFF, WORKED = "off", "worked"  # the two fields of the form, by which a doubt names its place

_NOTE = r"(?:\((?P<{0}>[^()]*)\))?"
_WRITTEN = rf"(?:(?P<y1>\d{{4}})年)?(?:(?P<m1>\d{{1,2}})月)?(?P<d1>\d{{1,2}})日{_NOTE.format('n1')}"
_SHORT = rf"(?:(?P<y2>\d{{4}})[-./])?(?P<m2>\d{{1,2}})[-./](?P<d2>\d{{1,2}}){_NOTE.format('n2')}"
_DAY = re.compile(rf"(?<!\d)(?:{_WRITTEN}|{_SHORT})(?!\d)")
_UNTIL = re.compile(r"\s*(?:至|到|~|-+|–+|—+)\s*")
_VERB = re.compile(r"(?P<off>放假|补休|休息)|(?P<worked>上班)")
_COUNT = re.compile(r"(?:共|放假)\s*(\d+)\s*天")
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
_ORDINAL = r"(?:[一二三四五六七八九十]+\s*、|\(?\d{1,2}\s*[、.)])?"
_ITEM = re.compile(rf"(?:^|(?<=[\n。;]))\s*{_ORDINAL}\s*(?P<name>[^\s:,。;\d]{{2,40}})\s*:")
_SIGNED = re.compile(r"(?:国务院办公厅|^)\s*\d{4}年\d{1,2}月\d{1,2}日\s*$", re.MULTILINE)
_BETWEEN = re.compile(r"[\s、,;。]|放假|调休|补休|上班|和")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from `first` to `last`, off for a holiday or worked for it."""

    name: str
    first: date
    last: date
    off: bool

    @property
    def days(self) -> list[date]:
        return [self.first + n * ONE_DAY for n in range((self.last - self.first).days + 1)]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is odd, as a sentence; while one is `barred` the schedule cannot be saved."""

    text: str
    barred: bool = False
    field: str = OFF


@dataclass(frozen=True, slots=True)
class Schedule:
    """What a notice decrees for `year`, as it was read."""

    year: int
    stretches: tuple[Stretch, ...]
    doubts: tuple[Doubt, ...]

    @property
    def barred(self) -> bool:
        return any(doubt.barred for doubt in self.doubts)

    def decreed(self, notice: str) -> list[DecreedDay]:
        """Every day it takes out of the plain week, in order."""
        days = [
            DecreedDay(day, stretch.off, stretch.name, notice)
            for stretch in self.stretches
            for day in stretch.days
        ]
        return sorted(days, key=lambda entry: entry.day)

    def lines(self, *, off: bool) -> str:
        """As the form has it, a line for each holiday."""
        said: dict[str, list[str]] = {}
        for stretch in self.stretches:
            if stretch.off == off:
                said.setdefault(stretch.name, []).append(_words(stretch, self.year))
        return "\n".join(f"{name}：{'、'.join(parts)}" for name, parts in said.items())


def span_of(year: int) -> tuple[date, date]:
    """The first and the last day that the notice of `year` may decree: 元旦 reaches back into
    December, and the December of `year` itself is left to the next notice."""
    return date(year - 1, DECEMBER, 1), date(year, DECEMBER, 1) - ONE_DAY


def read_notice(text: str, year: int) -> Schedule:
    """Read the wording of a notice. Its preamble and its signature may stand in `text` too."""
    plain = _SIGNED.sub("", _plain(text))
    items = list(_ITEM.finditer(plain))
    ends = [*(item.start() for item in items[1:]), len(plain)]
    found = _Reader(year)
    for item, end in zip(items, ends, strict=False):
        found.read_item(item["name"].strip("、"), plain[item.end() : end])
    return found.schedule()


def read_lines(off: str, worked: str, year: int) -> Schedule:
    """Read what stands in the two fields of the form: a line for each holiday."""
    found = _Reader(year)
    for is_off, text in ((True, off), (False, worked)):
        for line in filter(None, map(str.strip, _plain(text).splitlines())):
            found.read_line(line, off=is_off)
    return found.schedule()


def with_doubts_of(notice: Schedule, schedule: Schedule) -> Schedule:
    """`schedule` with what was odd in the notice it was taken from, to be asked again; as it is, if
    its days have been altered since."""
    if {*notice.decreed("")} != {*schedule.decreed("")}:
        return schedule
    asked = (replace(doubt, barred=False) for doubt in notice.doubts)
    said = {doubt.text: doubt for doubt in (*asked, *schedule.doubts)}
    return replace(schedule, doubts=tuple(said.values()))


def schedule_of(year: int, decreed: Iterable[DecreedDay]) -> Schedule:
    """The schedule that these days make, which are those of its span: for putting it right."""
    runs: list[Stretch] = []
    for entry in sorted(decreed, key=lambda entry: (not entry.off, entry.day)):
        last = runs[-1] if runs else None
        goes_on = last and entry.off and last.off and last.name == entry.name
        if last and goes_on and entry.day - last.last == ONE_DAY:
            runs[-1] = Stretch(last.name, last.first, entry.day, last.off)
        else:
            runs.append(Stretch(entry.name, entry.day, entry.day, entry.off))
    return Schedule(year, tuple(runs), ())


class _Reader:
    """Collects stretches and doubts in the order of the text."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.stretches: list[Stretch] = []
        self.doubts: list[Doubt] = []

    def schedule(self) -> Schedule:
        stretches = tuple(self._named(stretch) for stretch in self.stretches)
        doubts = (*self.doubts, *doubts_about(stretches, self.year, nothing=not self.doubts))
        return Schedule(self.year, stretches, tuple(dict.fromkeys(doubts)))

    def read_item(self, name: str, text: str) -> None:
        """One numbered item of the notice: days, then whether they are off or worked."""
        before, month = len(self.stretches), 0
        for sentence in re.split(r"[。;\n]", text):
            read_to = 0
            for verb in _VERB.finditer(sentence.partition("其中")[0]):
                spans, month = self._spans(sentence[read_to : verb.start()], name, month)
                read_to = verb.end()
                self.stretches += [Stretch(name, *span, off=bool(verb["off"])) for span in spans]
            left, month = self._spans(sentence[read_to:].partition("其中")[0], name, month)
            if left:
                self._doubt(f"{name}：“{sentence.strip()}”没有写明是放假还是上班。", barred=True)
        self._check_count(name, text, self.stretches[before:])

    def read_line(self, line: str, *, off: bool) -> None:
        """The name of the holiday, then its days; of worked days the name may be missing."""
        field = OFF if off else WORKED
        begins = _DAY.search(line)
        if begins is None:
            self._doubt(f"“{line}”里没有日期，应写作“元旦：01-01 至 01-03”。", True, field)
            return
        name = re.sub(rf"^{_ORDINAL}", "", line[: begins.start()]).strip(" :、\t")
        if off and not name:
            self._doubt(f"“{line}”前面要写节日名称，例如“元旦：01-01 至 01-03”。", True, field)
        if len(name) > LONGEST_NAME:
            self._doubt(f"“{line}”的节日名称超过 {LONGEST_NAME} 个字。", True, field)
            return
        rest = line[begins.start() :]
        unread = _BETWEEN.sub("", _COUNT.sub("", self._without_days(rest)))
        if unread:
            self._doubt(f"“{line}”中的“{unread}”没有看懂，请改写。", True, field)
        spans, _ = self._spans(rest, name, 0, field)
        self.stretches += [Stretch(name, *span, off=off) for span in spans]

    def _spans(
        self, text: str, name: str, month: int, field: str = OFF
    ) -> tuple[list[tuple[date, date]], int]:
        """The days and ranges of days in `text`, and the month last named."""
        spans: list[tuple[date, date]] = []
        open_from: date | None = None
        read_to = 0
        for match in _DAY.finditer(text):
            is_end = open_from is not None and _UNTIL.fullmatch(text[read_to : match.start()])
            day, month = self._day(match, name, month, field)
            read_to = match.end()
            if day is None:
                open_from = None
            elif is_end and open_from is not None:
                spans.pop()
                if refusal := _refused(open_from, day):
                    said = f"{name}：“{open_from} 至 {day}”{refusal}"
                    self._doubt(said, barred=True, field=field)
                else:
                    spans.append((open_from, day))
                open_from = None
            else:
                spans.append((day, day))
                open_from = day
        return spans, month

    def _day(
        self, match: re.Match[str], name: str, month: int, field: str
    ) -> tuple[date | None, int]:
        """A day as written; without a month it is that of the day before it in the text."""
        year_said = match["y1"] or match["y2"]
        month = int(match["m1"] or match["m2"] or month)
        year = int(year_said) if year_said else self.year
        if not year_said and month == DECEMBER and NEW_YEAR in name:
            year -= 1
        try:
            day = date(year, month, int(match["d1"] or match["d2"]))
        except ValueError:
            self._doubt(f"{name}：“{match[0]}”不是一个日期。", barred=True, field=field)
            return None, month
        said = _WEEKDAY.search(match["n1"] or match["n2"] or "")
        if said and said[1].replace("天", "日") != weekday_name(day)[-1]:
            self._doubt(
                f"{name}：{day} 是{weekday_name(day)}，原文写的是{said[0]}，请核对年份和日期。",
                field=field,
            )
        return day, month

    def _without_days(self, text: str) -> str:
        """What is left of a line once its days and ranges are taken out."""
        marked = _DAY.sub("\0", text)
        return re.sub(rf"\0(?:{_UNTIL.pattern}\0)?", "", marked)

    def _check_count(self, name: str, text: str, stretches: list[Stretch]) -> None:
        said = _COUNT.search(text)
        listed = sum(len(stretch.days) for stretch in stretches if stretch.off)
        if said and listed and int(said[1]) != listed:
            self._doubt(f"{name}：原文写明共 {said[1]} 天，列出的是 {listed} 天。")

    def _named(self, stretch: Stretch) -> Stretch:
        """A worked day without a name is worked for the holiday next to it."""
        holidays = [other for other in self.stretches if other.off and other.name]
        if stretch.name or stretch.off or not holidays:
            return stretch

        def away(other: Stretch) -> int:
            return min(abs((stretch.first - day).days) for day in (other.first, other.last))

        nearest = min(holidays, key=away)
        return Stretch(nearest.name, stretch.first, stretch.last, stretch.off)

    def _doubt(self, text: str, barred: bool = False, field: str = OFF) -> None:
        self.doubts.append(Doubt(text, barred, field))


def doubts_about(
    stretches: Iterable[Stretch], year: int, *, nothing: bool = True
) -> Iterator[Doubt]:
    """What is odd about days that could be read. `nothing`: whether to say that there are none."""
    listed = list(stretches)
    if not any(stretch.off for stretch in listed):
        if nothing:
            yield Doubt("没有读出放假的日子，请写明每个节日从哪天到哪天放假。", barred=True)
        return
    yield from _outside(listed, year)
    yield from _doubled(listed)
    for stretch in listed:
        for day in [] if stretch.off else stretch.days:
            if not is_weekend(day):
                yield Doubt(
                    f"{stretch.name}：{day} 是{weekday_name(day)}，不是周末，不用写作调休上班。",
                    barred=True,
                    field=WORKED,
                )
    off = {day for stretch in listed if stretch.off for day in stretch.days}
    named = "、".join(stretch.name for stretch in listed if stretch.off)
    for holiday in HOLIDAYS:
        if holiday not in named:
            yield Doubt(f"没有写{holiday}哪几天放假。")
            continue
        for day in (date(year, month, n) for month, n in FIXED_DAYS.get(holiday, ())):
            if day not in off:
                yield Doubt(f"{day} 是{holiday}的法定假日，却不在任何一段放假之内。")


def _outside(stretches: list[Stretch], year: int) -> Iterator[Doubt]:
    first, last = span_of(year)
    for stretch in stretches:
        field = OFF if stretch.off else WORKED
        for day in dict.fromkeys((stretch.first, stretch.last)):
            if day.year == year and day > last:
                yield Doubt(
                    f"{stretch.name}：{day} 属于下一年度元旦的安排，由 {year + 1} 年的通知规定。",
                    barred=True,
                    field=field,
                )
            elif not first <= day <= last:
                yield Doubt(
                    f"{stretch.name}：{day} 不是 {year} 年的日子。", barred=True, field=field
                )


def _doubled(stretches: list[Stretch]) -> Iterator[Doubt]:
    seen: dict[date, Stretch] = {}
    for stretch in stretches:
        for day in stretch.days:
            before = seen.setdefault(day, stretch)
            if before is stretch:
                continue
            field = OFF if stretch.off else WORKED
            if before.off == stretch.off:
                yield Doubt(f"{stretch.name}：{day} 写了两次。", barred=True, field=field)
            else:
                yield Doubt(f"{day} 既写作放假，又写作调休上班。", barred=True, field=field)


def _refused(first: date, last: date) -> str:
    if last < first:
        return "的止日早于起日。"
    return f"超过 {LONGEST} 天，请核对。" if (last - first).days >= LONGEST else ""


def _plain(text: str) -> str:
    """Full-width digits and signs as their plain kin, so that one pattern reads both."""
    return unicodedata.normalize("NFKC", text).replace("\r", "")


def _words(stretch: Stretch, year: int) -> str:
    def said(day: date) -> str:
        return f"{day:%m-%d}" if day.year == year else f"{day}"

    if stretch.first == stretch.last:
        return said(stretch.first)
    return f"{said(stretch.first)} 至 {said(stretch.last)}"
