"""The figures that section one tells in its text against the yearly facts. Pure.

A number is compared only where it is surely the same figure: a clause that holds nothing but the
words for it, the number and the unit, and no other organ or year named before it in the sentence.
Round figures, parts (其中) and other units are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from reports.checks import Check, Quote, Rule
from reports.fact_sentences import Told
from reports.formats.content import PASSAGES, Content
from reports.prose import Sifted
from reports.prose_words import (
    ANOTHER_TIME,
    CLAUSE,
    GENERAL,
    OF_DEPARTMENT,
    OF_GOVERNMENT,
    ORGAN,
    SENTENCE,
)
from reports.report_rules import SWING
from reports.usual_facts import USUAL_FACTS

FACTS = Rule("prose_facts", "warning", "文数一致", "文中所述 = 填报的指标", "处")
Reading = tuple[Told, re.Pattern[str]]

_BETWEEN = r"(?:的|了|为|有|共|共计|合计|总计|累计|数量?|：)*"
_NARROWS = re.compile(rf"{ORGAN.pattern}|{ANOTHER_TIME.pattern}")


def is_swing(before: int, now: int) -> bool:
    """More than five times last year's figure, or less than a fifth; without one it is none."""
    return before > 0 and not before <= SWING * now <= SWING * SWING * before


def check_facts(content: Content, told: Iterable[Told]) -> Iterator[Check]:
    """Each figure of section one that names a fact, against what was told of it."""
    own = _own(content)
    readings = [(fact, _reading(fact, own)) for fact in told]
    for passage in PASSAGES:
        if passage.section == 1:
            for fact, figure, quote in _found(passage.key, content, readings, own):
                where = f"{passage.heading} {fact.label}"
                yield Check(FACTS, fact.label, where, (figure,), (fact.figure,), (), quote)


def _own(content: Content) -> re.Pattern[str]:
    """Words that mean the organ as a whole, and its year."""
    region = re.sub(r"(?:人民政府|管理委员会|管委会)$", "", content.organ)
    whole = OF_DEPARTMENT if region == content.organ else OF_GOVERNMENT
    names = "|".join(map(re.escape, (content.organ, region)))
    return re.compile(rf"{GENERAL}|{whole}|{content.year}年度?|{names}")


def _reading(fact: Told, own: re.Pattern[str]) -> re.Pattern[str]:
    words = USUAL_FACTS[fact.key].read if fact.key in USUAL_FACTS else re.escape(fact.label)
    number = r"(?P<number>\d{1,3}(?:,\d{3})+|\d+)"
    return re.compile(
        rf"(?!其中)(?:{own.pattern})*(?:{words}){_BETWEEN}{number}{re.escape(fact.unit)}"
    )


def _found(
    passage: str, content: Content, readings: Sequence[Reading], own: re.Pattern[str]
) -> Iterator[tuple[Told, int, Quote]]:
    """What is told, sentence by sentence, until a part or another organ or year is spoken of."""
    sifted = Sifted(passage, content.text(passage))
    for sentence in SENTENCE.finditer(sifted.text):
        for clause in CLAUSE.finditer(sentence[0]):
            pairs = [(fact, words.fullmatch(clause[0])) for fact, words in readings]
            found = [(fact, match) for fact, match in pairs if match]
            start, end = (sentence.start() + at for at in clause.span())
            for fact, match in found:
                figure = int(match["number"].replace(",", ""))
                yield fact, figure, sifted.quote(start, end)
            words = own.sub("", clause[0])
            if not found and (clause[0].startswith("其中") or _NARROWS.search(words)):
                break
