"""What the texts of a report say, against its tables and against what they have to say. Pure."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import chain

from reports.checks import Check, Number, Quote, Rule, total
from reports.formats import FORMATS
from reports.formats.base import Format
from reports.formats.content import PASSAGES, Content, Passage, places
from reports.prose import Find, Sifted, amounts_of_money, find_figures
from reports.report_rules import (
    FEES_AMOUNT,
    FEES_SINCE,
    FEES_STATED,
    HEADINGS,
    LEGAL_BASIS,
    PROBLEMS,
    PROSE,
)

YUAN = 10_000  # in a 万元
_BY_KEY = {passage.key: passage for passage in PASSAGES}
_NOTHING = re.compile(r"(?:无|暂无|没有|略|不存在|无问题|暂无问题|没有问题|不存在问题)?")
_FEES = re.compile(
    r"[^。！？\n]*(?:信息处理费|(?:信息公开|依申请公开)[^。！？\n]*(?:收费|费用))[^。！？\n]*"
)
_NOT_COLLECTED = re.compile(r"未|没有|无|零|免")


def check_texts(content: Content, fees_collected: Decimal | None) -> Iterator[Check]:
    """`fees_collected`: 信息处理费 of the year in 元, None where it is not known."""
    yield from _prose(content)
    for passage in PASSAGES:
        if passage.section == 1:
            yield _written(HEADINGS, content, passage)
    yield _written(PROBLEMS, content, _BY_KEY["problems"])
    if content.year >= FEES_SINCE:
        yield from _fees(content, fees_collected)
    yield from _legal_basis(content)


Readings = tuple[tuple[str, ...], ...]  # each the cells that make a figure up


@cache
def _readings(fmt: Format) -> dict[str, Readings]:
    """What the words for a quantity may mean, the usual reading first.

    收到 and 受理 may take in what was carried over, 答复 may leave out what was given up, reviews
    and suits may be those concluded; a document may have been published in a year after its own.
    """
    new, carried, closed, forward = (
        f"section_three.{row}.total"
        for row in ("new_received", "carried_over", "results_total", "carried_forward")
    )
    groups = {
        group.key: tuple(f"section_three.{row.key}.total" for row in rows)
        for group, rows in fmt.section_three.outcome_groups
    }
    answered = tuple(chain(*(cells for key, cells in groups.items() if key != "other")))
    documents = "section_two.normative_documents"
    made, in_force = (f"{documents}.made_this_year",), (f"{documents}.in_force",)
    readings: dict[str, Readings] = {
        "new_received": ((new,),),
        "carried_over": ((carried,),),
        "carried_forward": ((forward,),),
        "received": ((new,), (new, carried)),
        "handled": ((new, carried), (new,), (closed,)),
        "closed": ((closed,),),
        "replied": ((closed,), answered),
        **{key: (cells,) for key, cells in groups.items()},
        "review": _proceedings("review"),
        "suit_direct": _proceedings("suit_direct"),
        "suit_after_review": _proceedings("suit_after_review"),
        "suits": _proceedings("suit_direct", "suit_after_review"),
        "documents_made": (made,),
        "documents_published": (
            (f"{documents}.disclosed_this_year",),
            made,
            in_force,
            (f"{documents}.disclosed_total",),
        ),
        "documents_repealed": ((f"{documents}.repealed_this_year",),),
        "documents_in_force": (in_force,),
        "fees": (("section_two.admin_fees.fee_amount",),),
    }
    known = {*fmt.cells, *places(fmt)}
    return {
        key: tuple(cells for cells in some if known.issuperset(cells))
        for key, some in readings.items()
    }


def _proceedings(*groups: str) -> Readings:
    """All of them; those concluded."""
    return tuple(
        tuple(f"section_four.{group}.{result}" for group in groups for result in results)
        for results in (("total",), ("upheld", "corrected", "other"))
    )


def _prose(content: Content) -> Iterator[Check]:
    for passage in PASSAGES:
        text = content.text(passage.key)
        for find in find_figures(passage.key, text, year=content.year, organ=content.organ):
            yield from _compared(content, passage, find)


def _compared(content: Content, passage: Passage, find: Find) -> Iterator[Check]:
    """The find against the reading that it agrees with, else against the usual one.

    Nothing where the tables are blank, which is a fault of theirs, and where a round figure agrees.
    """
    sides = [
        (cells, tuple(map(content.value, cells)))
        for cells in _readings(content.format)[find.quantity]
    ]
    sides = [(cells, figures) for cells, figures in sides if total(figures) is not None]
    off = [abs(Decimal(total(figures) or 0) - find.figure) for _, figures in sides]
    agreeing = [side for side, by in zip(sides, off, strict=True) if not by]
    if not agreeing and any(2 * by <= find.grain for by in off):
        return
    for cells, figures in (agreeing or sides)[:1]:
        said = (find.figure,)
        yield Check(PROSE, find.quantity, passage.heading, said, figures, cells, find.quote)


def _written(rule: Rule, content: Content, passage: Passage) -> Check:
    text = content.text(passage.key)
    words = re.sub(r"\W", "", text)
    length = 0 if _NOTHING.fullmatch(words) else len(words)
    return _of_passage(rule, passage, length, 1, Quote(passage.key, 0, text, text))


def _of_passage(
    rule: Rule, passage: Passage, left: Number, right: Number, quote: Quote, at: str = ""
) -> Check:
    return Check(rule, at or passage.key, passage.heading, (left,), (right,), (), quote)


def _fees(content: Content, collected: Decimal | None) -> Iterator[Check]:
    """信息处理费 has to be stated in section six, also that none was collected.

    The amount is compared where one is told, or told that there was none, and nothing else.
    """
    passage = _BY_KEY["other_matters"]
    text = content.text(passage.key)
    said = list(_FEES.finditer(text))
    start, end = (said[0].start(), said[-1].end()) if said else (0, 0)
    words = text[start:end]
    quote = Quote(passage.key, start, words, text)
    yield _of_passage(FEES_STATED, passage, len(said), 1, quote)
    if collected is None or not said:
        return
    told = [amount * YUAN for amount in amounts_of_money(words)]
    if not told and _NOT_COLLECTED.search(words):
        told = [Decimal(0)]
    if collected in told:
        told = [collected]
    if len(told) == 1:
        yield _of_passage(FEES_AMOUNT, passage, told[0], collected, quote)


def _legal_basis(content: Content) -> Iterator[Check]:
    """Each citation of a format that is not the year's; one check that holds where there is none.

    The number alone is enough, unless words before it say whose document it is.
    """
    others = [fmt.doc_no for fmt in FORMATS.values() if not fmt.covers(content.year)]
    found = [
        _of_passage(LEGAL_BASIS, passage, 1, 0, sifted.quote(*cited.span()), doc_no)
        for passage in PASSAGES
        for sifted in [Sifted(passage.key, content.text(passage.key))]
        for doc_no in others
        for cited in _citation(doc_no).finditer(sifted.text)
    ]
    yield from found or [Check(LEGAL_BASIS, "", "全文", (0,), (0,), ())]


@cache
def _citation(doc_no: str) -> re.Pattern[str]:
    """国办公开办函〔2019〕60号, in whatever brackets."""
    organ, year, number = re.split(r"[〔〕]", doc_no)
    whose = rf"(?:{organ}|(?<![\u4e00-\u9fff]))"
    return re.compile(rf"{whose}[〔﹝\[［(（【]{year}[〕﹞\]］)）】]{number}")
