"""Single cells of a ledger: dates, full-width digits, the words of the code lists."""

from datetime import date, datetime, time, timedelta

import pytest

from cases.choices import ApplicantKind, Channel, Outcome, ProceedingKind, ProceedingResult
from cases.ledger import cells, vocabulary
from cases.ledger.cells import Cell, CellError
from reports.formats import FORMATS
from reports.formats.base import Row

JANUARY_4 = date(2026, 1, 4)


@pytest.mark.parametrize(
    "value",
    [
        JANUARY_4,
        datetime(2026, 1, 4),
        datetime(2026, 1, 4, 16, 30),
        "2026-01-04",
        "2026-1-4",
        "2026/1/4",
        "2026/01/04",
        "2026年1月4日",
        "2026年01月04日",
        "20260104",
        20260104.0,
        " 2026-01-04 ",
        "\u30002026 年 1 月 4 日\n",
        "２０２６－０１－０４",
        "２０２６年１月４日",
        "2026.1.4",
        "2026-01-04 16:30",
        "2026-01-04T16:30:00",
    ],
)
def test_a_date_is_read_in_every_form(value: Cell) -> None:
    assert cells.day(value) == JANUARY_4


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (1.4, "没有写年份"),
        ("1.4", "没有写年份"),
        ("1月4日", "没有写年份"),
        ("１／４", "没有写年份"),
        ("12-31", "没有写年份"),
        (datetime(1900, 1, 1, 9, 36), "可能没有写年份"),  # 1.4 in a cell formatted as a date
        ("26.1.4", "年份要写四位"),
        ("26年1月4日", "年份要写四位"),
        ("2026-02-30", "没有这一天"),
        ("20261301", "没有这一天"),
        ("2026年1月", "不是日期"),
        ("一月四日", "不是日期"),
        ("待定", "不是日期"),
        (46026.0, "Excel 的 2026-01-04"),
        (time(0), "早于 1900 年或只有时间"),  # day 0 in a cell formatted as a date
        (time(9, 36), "早于 1900 年或只有时间"),
        (timedelta(days=3), "不是日期，请写成"),
        (True, "不是日期"),
        ("2008-04-30", "在条例施行"),
    ],
)
def test_what_is_no_whole_date_says_why(value: Cell, message: str) -> None:
    with pytest.raises(CellError, match=message):
        cells.day(value)


def test_the_first_day_of_the_regulation_is_a_date_the_day_before_is_not() -> None:
    assert cells.day("2008-05-01") == date(2008, 5, 1)
    with pytest.raises(CellError):
        cells.day("2008-04-30")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  秀住建〔2026〕1号 ", "秀住建〔2026〕1号"),
        ("１２３", "123"),
        ("ＡＢ－１", "AB－1"),
        (12.0, "12"),
        ("007", "007"),
        ("=1+1", "=1+1"),
        ("+8613800000000", "+8613800000000"),
        ("-5", "-5"),
        ("@甲", "@甲"),
        (330411199001011.0, "330411199001011"),
    ],
)
def test_a_code_is_kept_as_given_in_plain_digits(value: Cell, text: str) -> None:
    assert cells.code(value) == text


def test_a_number_that_excel_has_rounded_is_no_identity_number() -> None:
    with pytest.raises(CellError, match="超过 15 位的数字已丢失"):
        cells.code(330411199001011234.0)


def test_a_number_that_excel_took_for_a_date_is_no_code() -> None:
    with pytest.raises(CellError, match="存成了日期"):
        cells.code(date(2026, 1, 1))


@pytest.mark.parametrize(
    ("value", "days"), [(20.0, 20), ("１０", 10), ("15个工作日", 15), (1.0, 1)]
)
def test_an_extension_is_1_to_20_working_days(value: Cell, days: int) -> None:
    assert cells.workdays(value) == days


@pytest.mark.parametrize("value", [0.0, 21.0, "21", "-5", "二十", "20天", 1.5])
def test_an_extension_of_more_or_of_none_is_an_error(value: Cell) -> None:
    with pytest.raises(CellError):
        cells.workdays(value)


# --- Outcomes ------------------------------------------------------------------------------------

OUTCOME_ROWS = [
    fmt.section_three.row(key) for fmt in FORMATS.values() for key in fmt.section_three.leaf_rows
]


@pytest.mark.parametrize("row", OUTCOME_ROWS, ids=lambda row: row.key)
def test_the_label_of_a_row_is_an_outcome_that_counts_in_it(row: Row) -> None:
    """Of either format, with its number or without, in any width of punctuation and quotes."""
    wide_to_half = str.maketrans("（），“”", '(),""')
    for label in (
        row.label,
        row.name,
        row.label.translate(wide_to_half),
        row.label.replace(".", "、"),
        row.label.replace(".", "．"),
        f" {row.label} ",
    ):
        found = vocabulary.reply(label)
        assert found.outcome in row.outcomes
        assert {str(outcome) for outcome in found.fits} <= set(row.outcomes)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_label_of_an_outcome_is_that_outcome(outcome: Outcome) -> None:
    assert vocabulary.reply(str(outcome.label)).outcome == outcome


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("予以公开", Outcome.GRANTED),
        ("（一）予以公开", Outcome.GRANTED),
        ("本机关不掌握", Outcome.NOT_EXIST),
        ("1.本机关不掌握相关政府信息", Outcome.NOT_EXIST),
        ("其他处理", Outcome.NOT_GOV_INFO_OR_OTHER),
        ("（六）其他处理", Outcome.NOT_GOV_INFO_OR_OTHER),
        ("3.其他", Outcome.NOT_GOV_INFO_OR_OTHER),
        ("危及“三安全一稳定”", Outcome.SAFETY),
        ('3.危及"三安全一稳定"', Outcome.SAFETY),
        ("（三）1.属于国家秘密", Outcome.STATE_SECRET),
        ("已主动公开，告知获取方式、途径", Outcome.ALREADY_PUBLIC),
        ("已主动公开,告知获取方式,途径", Outcome.ALREADY_PUBLIC),
        ("不属于本行政机关负责公开", Outcome.NOT_THIS_ORGAN),
        ("部分公开（区分处理）", Outcome.PARTIAL),
        ("申请人撤回", Outcome.WITHDRAWN),
        ("咨询、非政府信息等其他处理", Outcome.NOT_GOV_INFO_OR_OTHER),
        ("内部事务信息（人事管理、后勤管理、内部工作流程）", Outcome.INTERNAL),
        ("逾期未缴信息处理费，视为放弃", Outcome.FEE_UNPAID),
        (
            "2、申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
            Outcome.FEE_UNPAID,
        ),
    ],
)
def test_the_words_that_ledgers_use(words: str, outcome: Outcome) -> None:
    assert vocabulary.reply(words).outcome == outcome


def test_a_row_that_counts_several_outcomes_is_at_odds_with_none_of_them() -> None:
    assert vocabulary.reply("予以公开").fits == {Outcome.GRANTED, Outcome.ALREADY_PUBLIC}
    assert vocabulary.reply("本机关不掌握").fits == {Outcome.NOT_EXIST, Outcome.NOT_THIS_ORGAN}
    assert vocabulary.reply("信息不存在").fits == {Outcome.NOT_EXIST}


@pytest.mark.parametrize("words", ["不予公开", "（三）不予公开", "无法提供", "（五）不予处理"])
def test_the_name_of_a_group_does_not_say_which_outcome(words: str) -> None:
    with pytest.raises(CellError, match="没有写明是"):
        vocabulary.reply(words)


@pytest.mark.parametrize("words", ["总计", "公开", "同意", "1", "2026-01-04"])
def test_other_words_are_no_outcome(words: str) -> None:
    with pytest.raises(CellError, match="不是已知的答复类型"):
        vocabulary.reply(words)


# --- The other code lists ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("自然人", ApplicantKind.NATURAL_PERSON),
        ("商业企业", ApplicantKind.ORG_COMMERCIAL),
        ("科研机构", ApplicantKind.ORG_RESEARCH),
        ("社会公益组织", ApplicantKind.ORG_PUBLIC_WELFARE),
        ("法律服务机构", ApplicantKind.ORG_LEGAL_SERVICE),
        ("其他", ApplicantKind.ORG_OTHER),
        ("其他组织", ApplicantKind.ORG_OTHER),
    ],
)
def test_the_six_kinds_of_applicants(words: str, kind: ApplicantKind) -> None:
    assert vocabulary.applicant_kind(words) == kind


def test_every_channel_has_its_word() -> None:
    words = ["当面", "邮寄", "快递", "平信", "网络", "电子邮件", "传真", "其他"]
    assert {vocabulary.channel(word) for word in words} == set(Channel)


def test_the_words_of_proceedings() -> None:
    kinds = ["行政复议", "未经复议直接起诉", "复议后起诉"]
    assert [vocabulary.proceeding_kind(word) for word in kinds] == list(ProceedingKind)
    results = ["结果维持", "结果纠正", "其他结果"]
    assert [vocabulary.proceeding_result(word) for word in results] == list(ProceedingResult)


def test_an_unknown_word_is_told_with_those_that_are_known() -> None:
    with pytest.raises(CellError, match="可填：自然人、商业企业、科研机构"):
        vocabulary.applicant_kind("企业")
