"""The figures that a report tells in its text: which are found, and which are passed over."""

from decimal import Decimal

import pytest

from reports.prose import Find, find_figures

XIUZHOU = "嘉兴市秀洲区人民政府"


def finds(text: str, passage: str = "requests", organ: str = XIUZHOU) -> list[Find]:
    return list(find_figures(passage, text, year=2020, organ=organ))


def found(
    text: str, passage: str = "requests", organ: str = XIUZHOU
) -> list[tuple[str, int | Decimal]]:
    return [(find.quantity, find.figure) for find in finds(text, passage, organ)]


# What is found -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "quantity"),
    [
        ("新收政府信息公开申请{}件", "new_received"),
        ("新收到依申请公开{}件", "new_received"),
        ("全年收到政府信息公开申请{}件", "received"),
        ("2020年度共接收申请{}件", "received"),
        ("全区共受理依申请公开{}件", "handled"),
        ("2020年，全区各级行政机关共受理申请:{}件", "handled"),
        ("共办理政府信息公开申请{}件", "handled"),
        ("上年结转{}件", "carried_over"),
        ("上年度结转政府信息公开申请{}件", "carried_over"),
        ("2019年结转{}件", "carried_over"),
        ("结转上年度申请{}件", "carried_over"),
        ("已办结{}件", "closed"),
        ("答复申请{}件", "replied"),
        ("予以公开{}件", "granted"),
        ("作出了答复，部分公开{}件", "partial"),
        ("不予公开答复{}件", "denied"),
        ("无法提供{}件", "unable"),
        ("不予处理的{}件", "not_processed"),
        ("其他处理{}件", "other"),
        ("结转下年度继续办理{}件", "carried_forward"),
        ("结转至2021年{}件", "carried_forward"),
        ("其余{}件结转下年度继续办理", "carried_forward"),
        ("共收到{}件政府信息公开申请", "received"),
        ("因政府信息公开引起的行政复议{}件", "review"),
        ("全年收到因政府信息公开申请引起的行政复议{}件（已办结）", "review"),
        ("应对行政诉讼{}件", "suits"),
        ("被申请行政复议案件{}起", "review"),
        ("发生行政诉讼{}件", "suits"),
        ("未经复议直接起诉{}件", "suit_direct"),
        ("经复议后提起诉讼{}件", "suit_after_review"),
        ("制发行政规范性文件{}件", "documents_made"),
        ("出台规范性文件{}份", "documents_made"),
        ("公开行政规范性文件{}个", "documents_published"),
        ("主动公开规范性文件{}件", "documents_published"),
        ("废止规范性文件{}件", "documents_repealed"),
        ("现行有效规范性文件{}件", "documents_in_force"),
        ("行政规范性文件现行有效{}件", "documents_in_force"),
    ],
)
def test_a_figure_is_found_by_the_words_before_it(words: str, quantity: str) -> None:
    assert found(words.format(12)) == [(quantity, 12)]
    assert found(words.format("１２")) == [(quantity, 12)]
    assert found(words.format(" 1,234 ")) == [(quantity, 1234)]
    assert found(words.format("１，２３４")) == [(quantity, 1234)]


@pytest.mark.parametrize("unit", ["件", "份", "宗"])
def test_applications_are_counted_by_any_measure_word(unit: str) -> None:
    assert found(f"收到政府信息公开申请3{unit}") == [("received", 3)]


@pytest.mark.parametrize(
    ("words", "figure", "grain"),
    [
        ("59237.2449万元", "59237.2449", "0.0001"),
        ("5.92亿元", "59200", "100"),
        ("770元", "0.077", "0.0001"),
    ],
)
def test_fees_are_told_in_ten_thousands_with_their_grain(
    words: str, figure: str, grain: str
) -> None:
    [find] = finds(f"收取行政事业性收费{words}。")
    assert (find.quantity, find.figure, find.grain) == ("fees", Decimal(figure), Decimal(grain))


def test_a_find_says_its_words_where_they_stand_and_the_sentence_around() -> None:
    text = "推进公开。\n全年 收到申请 １２ 件，其中自然人12件。\n其余3件结转下年度。"
    received, forward = finds(text)
    assert received.quote.words == "全年 收到申请 １２ 件"
    assert received.quote.around == "全年 收到申请 １２ 件，其中自然人12件"
    assert forward.quote.words == "其余3件结转下年"
    for find in (received, forward):
        start, words = find.quote.start, find.quote.words
        assert find.quote.passage == "requests" and text[start : start + len(words)] == words


def test_several_in_one_sentence_are_told_apart() -> None:
    assert found(
        "2020年，秀洲区新收申请205件，上年结转2件，共207件，办结207件，其中予以公开162件、"
        "部分公开9件、不予公开13件（属于行政查询事项4件）、无法提供21件、其他处理2件，"
        "结转下年度0件。"
    ) == [
        ("new_received", 205),
        ("carried_over", 2),
        ("closed", 207),
        ("granted", 162),
        ("partial", 9),
        ("denied", 13),
        ("unable", 21),
        ("other", 2),
        ("carried_forward", 0),
    ]


def test_the_shares_of_applicants_and_of_ways_do_not_hide_what_follows() -> None:
    text = "收到申请12件，其中自然人10件、法人或其他组织2件，网络申请8件，同比增加3件，办结11件。"
    assert found(text) == [("received", 12), ("closed", 11)]


def test_what_was_handled_is_split_into_new_and_carried_over() -> None:
    assert found("受理207件，其中新收205件，上年结转2件，办结207件，予以公开162件。") == [
        ("handled", 207),
        ("new_received", 205),
        ("carried_over", 2),
        ("closed", 207),
        ("granted", 162),
    ]


def test_a_comma_after_of_which_changes_nothing() -> None:
    assert found(
        "完成答复20件，包括上年结转2件。答复20件,占66.48%。其中，网络申请8件，予以公开10件；"
        "部分公开67,占4.61%;不予处理的6件,占4.20%.办结20件。"
    ) == [("replied", 20), ("granted", 10), ("not_processed", 6), ("closed", 20)]


def test_suits_of_both_kinds() -> None:
    assert found(
        "行政复议5件，其中结果维持2件、尚未审结3件；行政诉讼5件（未经复议直接起诉3件、复议后起诉2件）。"
    ) == [("review", 5), ("suits", 5), ("suit_direct", 3), ("suit_after_review", 2)]


@pytest.mark.parametrize("organ", ["某市某局", "某新区管理委员会", XIUZHOU, f"{XIUZHOU}办公室"])
def test_its_own_name_before_the_words_narrows_nothing(organ: str) -> None:
    own = {"某市某局": "我局", XIUZHOU: "秀洲区", f"{XIUZHOU}办公室": "区政府办"}.get(organ, "全区")
    assert found(f"2020年，{own}共收到申请3件。", organ=organ) == [("received", 3)]


# What is passed over -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        # of one organ among several
        "区政府办受理22件，予以公开10件。其中部分公开2件。",
        "各部门、主体受理185件。",
        "区住建局：新收22件，办结20件。",
        "市政府受理申请349件。",
        "区住建局发布信息300条，制发规范性文件3件。",
        "以区政府名义制发规范性文件3件。",
        # a share of something else
        "通过网络收到申请30件。",
        "按时答复205件，超过答复期限2件。",
        "其中予以公开10件。",
        "收到群众来信300件，办结300件。",
        "收到300件群众来信，办结300件。",
        "答复1453件来电。",
        "上报信息300条，其中予以公开30件。",
        # of another year, or of a part of it
        "上年同期新收180件、办结170件；本期新收增加25件，办结增加37件。",
        "去年收到申请180件，办结170件。",
        "2019年收到申请180件，办结170件。",
        "2019年，收到申请180件。",
        "截至2021年1月21日，收到申请30件。",
        "上半年收到申请30件。",
        "第三季度办结30件。",
        "较上年新收30件。",
        # round, or no count of applications
        "收到申请200余件。",
        "收到申请近200件。",
        "收到申请3-5件。",
        "收到申请205件次。",
        "收到申请1.5件。",
        "办结率100%，共办结提案12条。",
        # too long for words that name a figure
        "政府信息公开申请" * 2000 + "5件",
        # of two things together, or of several in a row
        "行政复议、行政诉讼5件。",
        "行政复议和行政诉讼5件。",
        "予以公开、部分公开171件。",
        "新收、结转、办结申请分别为205件、2件、207件。",
        # as the organ that reviews, not as the one that is reviewed
        "办理行政复议300件。",
        "受理并答复5件。",
    ],
)
def test_what_may_be_of_something_else_is_passed_over(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("办结200件，其中上年结转2件、新收198件。", [("closed", 200)]),
        ("新收205件，其中办结200件。", [("new_received", 205)]),
        ("受理36件，其中按期办结30件，予以公开20件。", [("handled", 36)]),
        ("新收205件，其中予以公开162件。", [("new_received", 205)]),
        ("办结207件，其中区政府办办结22件、予以公开3件。", [("closed", 207)]),
    ],
)
def test_a_part_of_one_figure_is_not_another_figure(text: str, left: list[tuple[str, int]]) -> None:
    assert found(text) == left


@pytest.mark.parametrize(
    ("text", "quantities"),
    [
        ("2020年，全区未收到政府信息公开申请。", ["received"]),
        ("未收到新的政府信息公开申请，也没有上年结转的申请。", ["received"]),
        ("没有结转下年度的申请。", ["carried_forward"]),
        ("全年未发生行政复议、行政诉讼案件。", ["review"]),
        ("没有因政府信息公开引起的行政复议和行政诉讼。", ["review", "suits"]),
        ("没有行政复议；未收到因政府信息公开申请引起的行政诉讼。", ["review", "suits"]),
        ("区政府办未收到申请。", []),
        ("上半年未收到申请。", []),
        ("各部门，未收到申请。", []),
        ("未收到，申请人也未补正。", []),
        ("未收到对行政复议决定的异议。", []),
    ],
)
def test_that_there_was_none_is_a_figure_too(text: str, quantities: list[str]) -> None:
    assert found(text) == [(quantity, 0) for quantity in quantities]


def test_outside_the_passage_about_requests_they_must_be_spoken_of() -> None:
    for passage in ("supervision", "problems", "other_matters"):
        assert found("全年收到投诉举报后受理12件，行政复议3件。", passage) == []
        assert found("办结12件，行政诉讼3件。", passage) == []
    assert found("收到政府信息公开申请12件，办结12件。", "problems") == [
        ("received", 12),
        ("closed", 12),
    ]


def test_the_prose_of_xiuzhou_2020() -> None:
    """18 规范性文件; 207 handled by all, of which the office 22: no words say 新收."""
    published = (
        "2020年，秀洲区共计发布政府信息34332条，其中发布行政规范性文件18个，政策解读48条，"
        "公布重大行政决策4项，实现38个重大建设项目全流程公开。"
    )
    handled = (
        "梳理13种答复模板。全年受理依申请公开207件，其中区政府办受理22件（2件为上年度结转），"
        "各部门，主体受理185件。上述依申请公开件全部办结。"
    )
    assert found(published, "disclosure") == [("documents_published", 18)]
    assert found(handled) == [("handled", 207)]
