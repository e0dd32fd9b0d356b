"""The figures that a report tells in its text, so that they can be compared with its tables. Pure.

Official prose says "全年收到政府信息公开申请205件，上年结转2件，共207件，其中区政府办22件". Not
all of these numbers stand in the tables. One counts as found where the words right before it, back
to the last mark, name a figure of the tables and nothing else. What is said of one organ among
several, of a part, of another year or in round figures is passed over: better not to find a figure
than to hold it against the wrong cell. 未收到 and 没有 tell a figure too: none.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from reports.checks import Number, Quote
from reports.prose_words import (
    ANOTHER_TIME,
    CLAUSE,
    ENDS,
    GENERAL,
    LEFT,
    LEFT_OPEN,
    LONGEST,
    MONEY,
    NEUTRAL,
    NUMBER,
    OF_DEPARTMENT,
    OF_GOVERNMENT,
    ORGAN,
    ORGAN_LAST,
    ORIGINS,
    OUTCOMES,
    PARTS,
    PIECES,
    QUANTITIES,
    SENTENCE,
    Quantity,
)


class Find(NamedTuple):
    """A figure in the text: of what, how much (万元, where it is money), and the words that say so.

    `grain` is the last digit that is told: of "5.92亿元", 100 万元.
    """

    quantity: str
    figure: Number
    grain: Decimal
    quote: Quote


def find_figures(passage: str, text: str, *, year: int, organ: str) -> Iterator[Find]:
    """The figures of the tables that `text` tells of `year` and of `organ` as a whole, in order."""
    sifted = Sifted(passage, text)
    reader = _Reader(passage, year, organ)
    for sentence in SENTENCE.finditer(sifted.text):
        for quantity, number, start, end in reader.read(sentence[0]):
            figure, grain = _figure(number) if number else (0, Decimal(1))
            if quantity == "carried_forward" and (tail := LEFT_OPEN.match(sentence[0], end)):
                end = tail.end()
            words = sifted.quote(sentence.start() + start, sentence.start() + end)
            yield Find(quantity, figure, grain, words)


def amounts_of_money(text: str) -> list[Number]:
    """Every amount told, in 万元."""
    numbers = NUMBER.finditer(Sifted("", text).text)
    return [_figure(number)[0] for number in numbers if number["unit"] in MONEY]


class Sifted:
    """A passage with plain digits and without blanks, and the way back to its own words."""

    def __init__(self, passage: str, text: str) -> None:
        plain = re.sub(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))", ",", text)
        plain = plain.translate(str.maketrans("０１２３４５６７８９．:", "0123456789.："))
        self._origin = [at for at, char in enumerate(plain) if char == "\n" or not char.isspace()]
        self.text = "".join(plain[at] for at in self._origin)
        self._passage, self._whole = passage, text

    def quote(self, first: int, last: int) -> Quote:
        """The words between two places of `text`, as they are written."""
        sentence = next(s for s in SENTENCE.finditer(self.text) if s.end() >= last)
        around = self._written(*sentence.span()).strip()
        return Quote(self._passage, self._origin[first], self._written(first, last), around)

    def _written(self, first: int, last: int) -> str:
        return self._whole[self._origin[first] : self._origin[last - 1] + 1]


class _Reader:
    """Reads a passage sentence by sentence, and knows when it is no longer of the whole.

    `foreign`: another organ or year has been named. `unsure`: a number was told of something else,
    so that what follows may be a part of it. `last`: what was told last; `within`: what 其中 split.
    All end with the sentence, unless the next goes on with 其中.
    """

    def __init__(self, passage: str, year: int, organ: str) -> None:
        self.patterns = _patterns(year)
        self.about_requests = passage == "requests"
        region = re.sub(r"(?:人民政府|管理委员会|管委会)$", "", organ)
        own = OF_DEPARTMENT if region == organ else OF_GOVERNMENT
        office = region.replace("人民政府办公", "政府办公")
        self.names = (region, office, re.sub(r"公[室厅]$", "", office))
        self.general = re.compile(rf"{GENERAL}|{own}|{year}年度?")
        self._begin()

    def _begin(self) -> None:
        self.foreign = self.unsure = False
        self.last = ""
        self.within: str | None = None

    def read(self, sentence: str) -> Iterator[tuple[str, re.Match[str] | None, int, int]]:
        """Quantity, number (None: there was none), and where the words begin and end."""
        if not sentence.startswith("其中"):
            self._begin()
        joined = False  # to the clause before, which names another thing and no number of its own
        for clause in CLAUSE.finditer(sentence):
            start = clause.start()
            numbers = list(NUMBER.finditer(sentence, *clause.span()))
            for number in numbers:
                lead, tail = sentence[start : number.start()], sentence[number.end() : clause.end()]
                if lead.startswith("其中"):
                    self.within = self.last
                if LEFT.fullmatch(lead) and LEFT_OPEN.match(tail):
                    lead, tail = "结转下年", ""
                plain = not joined and len(lead) <= LONGEST and ENDS.match(tail)
                quantity = self._named(lead, number, sentence) if plain else None
                if quantity and not self.foreign:
                    self.last = quantity
                    yield quantity, number, start, number.end()
                elif not quantity and not NEUTRAL.fullmatch(lead):
                    self._passed_over(lead, number["unit"])
                start, joined = number.end(), False
            if not numbers:
                for quantity in self._none_of(clause[0], sentence):
                    yield quantity, None, *clause.span()
                self._is_foreign(clause[0], ORGAN_LAST)
                joined = sentence[clause.end() : clause.end() + 1] == "、"

    def _named(self, lead: str, number: re.Match[str], sentence: str) -> str | None:
        """The quantity that the words before a number name."""
        for quantity, words, _ in self.patterns:
            match = words.fullmatch(lead)
            if match and self._is_whole(match["prefix"]):
                spoken_of = self._speaks_of(quantity, sentence)
                fits = re.fullmatch(quantity.units, number["unit"]) and (
                    not number["fraction"] or number["unit"] in MONEY
                )
                sure = not quantity.topic or (not self.unsure and self._is_told(quantity.key, lead))
                return quantity.key if spoken_of and fits and sure else None
        return None

    def _none_of(self, clause: str, sentence: str) -> Iterator[str]:
        """The quantities of which a clause says that there were none."""
        if self.foreign or clause.startswith("其中") or len(clause) > LONGEST:
            return
        for quantity, _, none in self.patterns:
            match = none.fullmatch(clause)
            if match and self._is_whole(match["prefix"]) and self._speaks_of(quantity, sentence):
                yield quantity.key

    def _speaks_of(self, quantity: Quantity, sentence: str) -> bool:
        return self.about_requests or re.search(quantity.topic, sentence) is not None

    def _is_told(self, key: str, lead: str) -> bool:
        """Whether a figure of applications or suits is the whole of its kind after 其中, too."""
        if lead.startswith("其中") or (self.within is not None and key in OUTCOMES | ORIGINS):
            return key in PARTS.get(self.within or "", ())
        self.within = None
        return True

    def _is_whole(self, prefix: str) -> bool:
        """Whether the words before a quantity say nothing that narrows it."""
        rest = self.general.sub("", prefix)
        return not rest or (len(rest) > 1 and any(name.endswith(rest) for name in self.names))

    def _passed_over(self, lead: str, unit: str) -> None:
        self.unsure |= re.fullmatch(PIECES, unit) is not None
        self._is_foreign(lead, ORGAN)

    def _is_foreign(self, words: str, organ: re.Pattern[str]) -> None:
        rest = self.general.sub("", words)
        for name in self.names:
            for at in range(len(name) - 1):
                rest = rest.replace(name[at:], "")
        self.foreign |= bool(organ.search(rest) or ANOTHER_TIME.search(rest))


@cache
def _patterns(year: int) -> tuple[tuple[Quantity, re.Pattern[str], re.Pattern[str]], ...]:
    """Each quantity with what names it and what says that there was none, for a report year."""
    years = {"last": str(year - 1), "next": str(year + 1)}

    def compiled(words: str) -> re.Pattern[str]:
        return re.compile(f"(?P<prefix>.*?)(?:{words.format(**years)})")

    return tuple((q, compiled(q.words), compiled(q.none)) for q in QUANTITIES)


def _figure(number: re.Match[str]) -> tuple[Number, Decimal]:
    """How much a number tells, and its grain; money in 万元."""
    digits = number["number"].replace(",", "")
    scale = MONEY.get(number["unit"])
    if scale is None:
        return int(digits), Decimal(1)
    return Decimal(digits) * scale, Decimal(1).scaleb(-len(digits.partition(".")[2])) * scale
