"""放假安排 read from the wording of several years' notices, and what is odd about it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.decreed import YEARS, decreed_days
from cases.schedules import (
    WORKED,
    Schedule,
    read_lines,
    read_notice,
    schedule_of,
    span_of,
)

# In the usual wording of the notices; the days are those that were decreed.
OF_2026 = """
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全等工作。
国务院办公厅
2025年11月4日
"""
OF_2025 = """一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。"""
OF_2023 = """一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。
二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。
三、清明节：4月5日放假，共1天。
四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。"""
OF_2019 = """一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。
二、春节：2月4日至10日放假调休，共7天。2月2日（星期六）、2月3日（星期日）上班。
三、清明节：4月5日放假，与周末连休。
四、劳动节：5月1日放假。
五、端午节：6月7日放假，与周末连休。
六、中秋节：9月13日放假，与周末连休。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。"""
OF_2017 = """一、元旦：1月1日放假，1月2日（星期一）补休。
二、春节：1月27日至2月2日放假调休，共7天。1月22日（星期日）、2月4日（星期六）上班。
三、清明节：4月2日至4日放假调休，共3天。4月1日（星期六）上班。
四、劳动节：5月1日放假，与周末连休。
五、端午节：5月28日至30日放假调休，共3天。5月27日（星期六）上班。
六、中秋节、国庆节：10月1日至8日放假调休，共8天。9月30日（星期六）上班。"""
NOTICES = {2026: OF_2026, 2025: OF_2025, 2023: OF_2023, 2019: OF_2019, 2017: OF_2017}


def days(schedule: Schedule, *, off: bool) -> set[date]:
    return {entry.day for entry in schedule.decreed("") if entry.off == off}


def said(schedule: Schedule) -> list[str]:
    return [doubt.text for doubt in schedule.doubts]


@pytest.mark.parametrize("year", NOTICES)
def test_a_notice_is_read_as_it_was_decreed(year: int) -> None:
    """Against the days that the package chinesecalendar has of these years.

    A single day "与周末连休" is decreed alone; the package counts the weekend beside it too.
    """
    read = read_notice(NOTICES[year], year)
    first, last = span_of(year)
    decreed = [entry for entry in decreed_days() if first <= entry.day <= last]
    if year == 2019:  # 劳动节 was changed by a later notice
        decreed = [e for e in decreed if "劳动节" not in e.name]
        read_off = {e.day for e in read.decreed("") if e.off and e.name != "劳动节"}
    else:
        read_off = days(read, off=True)
    off = {entry.day for entry in decreed if entry.off}
    assert read_off <= off
    assert all(day.weekday() >= 5 for day in off - read_off)
    assert days(read, off=False) == {entry.day for entry in decreed if not entry.off}
    assert said(read) == []


def test_each_day_has_the_name_of_its_item() -> None:
    names = {entry.day: entry.name for entry in read_notice(OF_2026, 2026).decreed("")}
    assert names[date(2026, 1, 4)] == "元旦"
    assert names[date(2026, 2, 28)] == "春节"
    assert names[date(2026, 9, 20)] == "国庆节"


def test_a_notice_in_one_line_is_read_all_the_same() -> None:
    flat = OF_2026.replace("\n", "")
    assert read_notice(flat, 2026).stretches == read_notice(OF_2026, 2026).stretches


def test_what_was_read_stands_in_the_lines_of_the_form() -> None:
    read = read_notice(OF_2019, 2019)
    assert read.lines(off=True).splitlines()[0] == "元旦：2018-12-30 至 01-01"
    assert read.lines(off=False).splitlines()[0] == "元旦：2018-12-29"
    again = read_lines(read.lines(off=True), read.lines(off=False), 2019)
    assert (again.stretches, again.doubts) == (
        tuple(sorted(read.stretches, key=lambda stretch: not stretch.off)),
        (),
    )


@pytest.mark.parametrize(
    "line",
    [
        "国庆节：10-01 至 10-08",
        "国庆节：10月1日至8日",
        "国庆节 10月1日 到 10月8日 放假",
        "国庆节：10.1～10.8",
        "国庆节:10/1—10/8",
        "七、国庆节：2026-10-01 至 2026-10-08，共8天",
        "国庆节：１０月１日至８日",
    ],
)
def test_a_range_in_any_of_the_usual_ways(line: str) -> None:
    (stretch,) = read_lines(line, "", 2026).stretches
    assert (stretch.name, stretch.first, stretch.last) == (
        "国庆节",
        date(2026, 10, 1),
        date(2026, 10, 8),
    )


def test_a_worked_day_without_a_name_belongs_to_the_nearest_holiday() -> None:
    read = read_lines("元旦：01-01 至 01-03\n春节：02-15 至 02-23", "01-04\n02-14、02-28", 2026)
    assert [(s.name, f"{s.first}") for s in read.stretches if not s.off] == [
        ("元旦", "2026-01-04"),
        ("春节", "2026-02-14"),
        ("春节", "2026-02-28"),
    ]


def test_december_of_a_new_year_is_that_of_the_year_before() -> None:
    (stretch,) = read_lines("元旦：12-31 至 01-02", "", 2023).stretches
    assert (stretch.first, stretch.last) == (date(2022, 12, 31), date(2023, 1, 2))


@pytest.mark.parametrize(
    ("off", "worked", "sentence"),
    [
        ("", "", "没有读出放假的日子，请写明每个节日从哪天到哪天放假。"),
        ("元旦：01-03 至 01-01", "", "元旦：“2026-01-03 至 2026-01-01”的止日早于起日。"),
        ("春节：02-01 至 05-01", "", "春节：“2026-02-01 至 2026-05-01”超过 31 天，请核对。"),
        ("春节：02-30", "", "春节：“02-30”不是一个日期。"),
        ("元旦：2025-01-01", "", "元旦：2025-01-01 不是 2026 年的日子。"),
        ("元旦：2027-01-01", "", "元旦：2027-01-01 不是 2026 年的日子。"),
        (
            "国庆节：12-31",
            "",
            "国庆节：2026-12-31 属于下一年度元旦的安排，由 2027 年的通知规定。",
        ),
        ("元旦：01-01、01-01", "", "元旦：2026-01-01 写了两次。"),
        ("元旦：01-01 至 01-04", "元旦：01-04", "2026-01-04 既写作放假，又写作调休上班。"),
        (
            "元旦：01-01",
            "元旦：01-05",
            "元旦：2026-01-05 是星期一，不是周末，不用写作调休上班。",
        ),
        ("元旦", "", "“元旦”里没有日期，应写作“元旦：01-01 至 01-03”。"),
        ("01-01", "", "“01-01”前面要写节日名称，例如“元旦：01-01 至 01-03”。"),
        ("元旦：01-01 大约", "", "“元旦:01-01 大约”中的“大约”没有看懂，请改写。"),
        ("节" * 41 + "：01-01", "", "的节日名称超过 40 个字。"),
    ],
)
def test_what_cannot_be_saved_is_named(off: str, worked: str, sentence: str) -> None:
    read = read_lines(off, worked, 2026)
    assert any(sentence in doubt.text and doubt.barred for doubt in read.doubts), said(read)
    assert read.barred


def test_a_doubt_knows_its_field() -> None:
    (doubt,) = (d for d in read_lines("元旦：01-01", "01-05", 2026).doubts if d.barred)
    assert doubt.field == WORKED


@pytest.mark.parametrize(
    ("was", "instead", "sentence"),
    [
        ("共9天", "共8天", "春节：原文写明共 8 天，列出的是 9 天。"),
        ("1月4日（周日）", "1月4日（周六）", "元旦：2026-01-04 是星期日，原文写的是周六，"),
        ("三、清明节：4月4日（周六）至6日（周一）放假，共3天。\n", "", "没有写清明节哪几天放假。"),
        (
            "七、国庆节：10月1日（周四）",
            "七、国庆节：10月2日（周五）",
            "2026-10-01 是国庆节的法定假日，却不在任何一段放假之内。",
        ),
    ],
)
def test_what_may_be_right_is_asked(was: str, instead: str, sentence: str) -> None:
    read = read_notice(OF_2026.replace(was, instead), 2026)
    assert any(text.startswith(sentence) for text in said(read)), said(read)
    assert not read.barred


def test_the_notice_of_another_year_shows_by_its_weekdays() -> None:
    assert any("原文写的是" in text for text in said(read_notice(OF_2026, 2027)))


def test_days_without_a_verb_are_asked() -> None:
    read = read_notice("一、元旦：1月1日至3日。", 2026)
    assert said(read) == ["元旦：“1月1日至3日”没有写明是放假还是上班。"]
    assert read.barred


@pytest.mark.parametrize("year", [2014, 2020, 2025])
def test_a_stored_schedule_comes_back_as_it_was(year: int) -> None:
    first, last = span_of(year)
    stored = [entry for entry in decreed_days() if first <= entry.day <= last]
    drawn = schedule_of(year, stored)
    again = read_lines(drawn.lines(off=True), drawn.lines(off=False), year)
    assert not again.barred
    assert {(e.day, e.off, e.name) for e in again.decreed("")} == {
        (e.day, e.off, e.name) for e in stored
    }


def test_every_decreed_day_is_in_the_span_of_one_year() -> None:
    spans = [span_of(year) for year in (*YEARS, YEARS[-1] + 1)]
    for entry in decreed_days():
        assert sum(first <= entry.day <= last for first, last in spans) == 1


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_breaks_the_reading(off: str, worked: str) -> None:
    read = read_lines(off, worked, 2026)
    assert read.stretches or read.barred
    read_notice(off + worked, 2026)
