"""What yearly figures say in section one, and whether the text says the same."""

from dataclasses import replace

import pytest

from reports.checks import Check
from reports.fact_checks import check_facts, is_swing
from reports.fact_sentences import Told, fact_paragraphs
from reports.formats import get_format
from reports.formats.base import Tables
from reports.formats.content import PASSAGES, Content, SectionTwoFigures
from reports.usual_facts import USUAL_FACTS

F2021 = get_format("2021")


def told(key: str, figure: int) -> Told:
    usual = USUAL_FACTS[key]
    return Told(key, usual.label, usual.unit, figure)


PUBLISHED = told("items_published", 1280)
COLUMNS = Told("", "政务公开专区接待", "人次", 45)


def content(text: str, passage: str = "disclosure", organ: str = "秀洲区人民政府") -> Content:
    blank = SectionTwoFigures.blank(F2021)
    return Content(F2021, 2024, organ, blank, Tables.blank(F2021), {passage: text})


def checks(text: str, *facts: Told, passage: str = "disclosure") -> list[Check]:
    return list(check_facts(content(text, passage), facts or (PUBLISHED,)))


def test_every_heading_has_its_figures() -> None:
    said = fact_paragraphs([told(key, at) for at, key in enumerate(USUAL_FACTS, start=2)], 2024)
    assert list(said) == [passage.key for passage in PASSAGES if passage.section == 1]
    assert said["requests"] == "2024年度，印发答复文书模板8个。"
    assert said["platform"] == (
        "2024年度，开设公开专题10个，运行政务新媒体账号11个，编印政府公报12期，"
        "设立政府信息查阅点13个。"
    )


def test_only_what_was_told_is_said() -> None:
    assert fact_paragraphs([], 2024) == {}
    assert fact_paragraphs([PUBLISHED, COLUMNS, told("responses", 0)], 2024) == {
        "disclosure": "2024年度，主动公开政府信息1280条。"
    }


def test_that_nobody_was_called_to_account_is_said() -> None:
    said = fact_paragraphs([told("accountability", 0)], 2024)
    assert said == {"supervision": "2024年度，没有发生责任追究情形。"}


@pytest.mark.parametrize("key", USUAL_FACTS)
def test_the_check_finds_what_the_sentence_says(key: str) -> None:
    """Each figure by itself and no other, so that a sentence taken over holds against its facts."""
    every = [told(other, at) for at, other in enumerate(USUAL_FACTS, start=2)]
    mine = next(fact for fact in every if fact.key == key)
    passage = USUAL_FACTS[key].passage
    found = checks(fact_paragraphs(every, 2024)[passage], mine, passage=passage)
    assert [(check.lefts, check.passed) for check in found] == [((mine.figure,), True)]
    off = replace(found[0], rights=(mine.figure + 1,))
    assert not off.passed


@pytest.mark.parametrize(
    "text",
    [
        "全年主动公开政府信息1290条。",
        "2024年，全区主动公开政府信息共１，２９０条。",
        "秀洲区主动公开各类政府信息1,290条，回应关切2次。",
        "本年度工作平稳。主动公开政府信息 1290 条；发布政策解读3篇。",
    ],
)
def test_another_figure_in_the_text_is_found(text: str) -> None:
    [check] = checks(text)
    assert not check.passed and check.severity == "warning"
    assert (check.lefts, check.rights) == ((1290,), (1280,))
    assert check.quote is not None and check.quote.passage == "disclosure"
    assert text[check.quote.start :].startswith(check.quote.words)


@pytest.mark.parametrize(
    "text",
    [
        "其中主动公开政府信息30条。",
        "区住建局主动公开政府信息30条。",
        "其中区住建局表现突出，主动公开政府信息30条。",
        "上年主动公开政府信息1100条。",
        "与2023年相比，主动公开政府信息30条。",
        "主动公开政府信息约1300条。",
        "主动公开政府信息1300余条。",
        "主动公开政府信息0.13万条。",
        "主动公开政府信息30件。",
        "通过网站主动公开政府信息30条。",
        "发布信息1280条，其中要闻900条，主动公开政府信息380条。",
        "主动公开政府信息30条以上。",
    ],
)
def test_what_may_be_another_figure_is_passed_over(text: str) -> None:
    assert not checks(text)


def test_only_section_one_is_read() -> None:
    assert not checks("主动公开政府信息30条。", passage="problems")


def test_a_figure_of_ones_own_is_found_by_its_very_name() -> None:
    [check] = checks("政务公开专区接待46人次。", COLUMNS, passage="platform")
    assert not check.passed and check.where == "（四）政府信息公开平台建设 政务公开专区接待"
    assert not checks("政务公开专区累计接待群众46人次。", COLUMNS, passage="platform")


@pytest.mark.parametrize(
    ("before", "now", "swings"),
    [(10, 50, False), (10, 51, True), (10, 2, False), (11, 2, True), (3, 0, True), (0, 9, False)],
)
def test_a_swing_is_more_than_five_times_or_less_than_a_fifth(
    before: int, now: int, swings: bool
) -> None:
    assert is_swing(before, now) is swings
