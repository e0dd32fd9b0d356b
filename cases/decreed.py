"""The decreed days of 2004–2026, from the package chinesecalendar, with their notices.

The data migration loads them once; from then on the calendar is edited in the interface.
The package knows which days are off and which weekends are worked; what it lacks, the names as
the notices print them and the notices themselves, is added here.
"""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from chinese_calendar import Holiday
from chinese_calendar.constants import holidays, workdays

from cases.workdays import ONE_DAY, Calendar, DecreedDay

YEARS = range(2004, 2027)

NAMES = {
    Holiday.new_years_day.value: "元旦",
    Holiday.spring_festival.value: "春节",
    Holiday.tomb_sweeping_day.value: "清明节",
    Holiday.labour_day.value: "劳动节",
    Holiday.dragon_boat_festival.value: "端午节",
    Holiday.national_day.value: "国庆节",
    Holiday.mid_autumn_festival.value: "中秋节",
    Holiday.anti_fascist_70th_day.value: "抗战胜利70周年纪念日",
}
# Mid-autumn 2020 fell on the national day, which is all that the package names.
MID_AUTUMN_UNNAMED = date(2020, 10, 1)

# The numbers of the yearly notices, as far as they are certain.
NOTICE_NUMBERS = {
    2013: "国办发明电〔2012〕33号",
    2014: "国办发明电〔2013〕28号",
    2015: "国办发明电〔2014〕28号",
    2016: "国办发明电〔2015〕18号",
    2017: "国办发明电〔2016〕17号",
    2018: "国办发明电〔2017〕12号",
    2019: "国办发明电〔2018〕15号",
    2020: "国办发明电〔2019〕16号",
    2021: "国办发明电〔2020〕27号",
    2022: "国办发明电〔2021〕11号",
    2023: "国办发明电〔2022〕16号",
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}
# Days that a later notice decreed or changed: first day, last day, notice.
LATER_NOTICES = (
    (
        date(2015, 9, 3),
        date(2015, 9, 6),
        "国务院关于中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日调休放假的通知"
        "（国发明电〔2015〕1号）",
    ),
    (
        date(2019, 4, 28),
        date(2019, 5, 5),
        "国务院办公厅关于调整2019年劳动节假期安排的通知（国办发明电〔2019〕3号）",
    ),
    (
        date(2020, 1, 31),
        date(2020, 2, 2),
        "国务院办公厅关于延长2020年春节假期的通知（国办发明电〔2020〕1号）",
    ),
)


def notice_of_year(year: int) -> str:
    """The notice that decrees a year's schedule, with its number where that is certain."""
    title = f"国务院办公厅关于{year}年部分节假日安排的通知"
    number = NOTICE_NUMBERS.get(year)
    return f"{title}（{number}）" if number else title


def decreed_days() -> Iterator[DecreedDay]:
    """Every day of YEARS that a notice takes out of the plain week, days off first."""
    for run in _holiday_runs():
        names = [NAMES[holidays[day]] for day in run]
        if MID_AUTUMN_UNNAMED in run:
            names.append("中秋节")
        name = "、".join(dict.fromkeys(names))
        yield from (DecreedDay(day, True, name, _notice(day)) for day in run)
    for day in sorted(workdays):
        if day.year in YEARS:
            yield DecreedDay(day, False, NAMES[workdays[day]], _notice(day))


def decreed_calendar() -> Calendar:
    """The calendar as the data migration loads it, for uses without a database."""
    return Calendar(decreed_days(), YEARS)


def _holiday_runs() -> list[list[date]]:
    """The days off, adjoining ones together: a notice names such a run as one holiday."""
    days = sorted(day for day in holidays if day.year in YEARS)
    runs = groupby(enumerate(days), key=lambda pair: pair[1] - pair[0] * ONE_DAY)
    return [[day for _, day in run] for _, run in runs]


def _notice(day: date) -> str:
    """The notice behind a decreed day; late December belongs to next year's 元旦."""
    for first, last, notice in LATER_NOTICES:
        if first <= day <= last:
            return notice
    return notice_of_year(day.year + (day.month == 12))
