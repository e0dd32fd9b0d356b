"""What a whole report must satisfy, as data: the rules that `report_checks` works. Pure.

An error is a plain fault. A warning may have its reason, which a person then gives. What the tables
of sections three and four must satisfy by themselves is in `checks`.
"""

from dataclasses import replace
from operator import ge

from reports.checks import (
    BALANCE,
    CROSS_YEAR,
    FOUR_SUM,
    INTEGERS,
    RESULT_SUM,
    ROW_SUM,
    Number,
    Relation,
    Rule,
)

FEES_SINCE = 2021  # 国办函〔2020〕109号: 信息处理费 is collected from 2021-01-01 on
REVIEW_FIRST_SINCE = 2024  # 行政复议法 23, in force from 2024-01-01
# The rows of which at least a part was refused under 条例 14, 15 or 16: review comes before a suit.
REVIEW_FIRST_ROWS = frozenset(
    {
        "partial",
        "denied_state_secret",
        "denied_law_forbidden",
        "denied_three_safety_one_stability",
        "denied_third_party",
        "denied_internal_affairs",
        "denied_process_info",
        "denied_enforcement_file",
    }
)
SWING = 5  # times last year's figure, or last year's divided by it
SWING_FLOOR = 30  # where neither year's figure is as high, a swing says nothing


def _is_near(before: Number, now: Number) -> bool:
    return max(before, now) < SWING_FLOOR or before <= SWING * now <= SWING * SWING * before


AT_LEAST = Relation(ge, "≥", "<")
NEAR = Relation(_is_near, "→", "→")

# A written explanation (merger, wrong publication, 更正发布) lets the tie pass: it never blocks.
CROSS_YEAR_EXPLAINED = replace(CROSS_YEAR, severity="warning")
FORMAT_OF_YEAR = Rule(
    "format_of_year", "error", "格式适用", "该年度适用格式的起用年度 = 所用格式的起用年度", "表"
)
TWO_FILLED = Rule("s2_filled", "error", "主动公开填写完整", "填有应填数字的格数 = 全表格数", "表")
PARTS_WITHIN = Rule(
    "parts_within", "error", "汇总不小于各单位之和", "汇总数 ≥ 各单位之和", "格", AT_LEAST
)
PARTS_SUM = Rule("parts_sum", "error", "汇总等于各单位之和", "汇总数 = 各单位之和", "格")
# Section two is not always a plain sum: joint documents, figures agreed with 司法局 or 财政局.
TWO_PARTS_WITHIN = Rule(
    "s2_parts_within",
    "warning",
    "主动公开汇总不小于各单位之和",
    "汇总数 ≥ 各单位之和",
    "格",
    AT_LEAST,
)
TWO_PARTS_SUM = Rule(
    "s2_parts_sum", "warning", "主动公开汇总等于各单位之和", "汇总数 = 各单位之和", "格"
)
IN_FORCE = Rule(
    "s2_in_force",
    "warning",
    "现行有效件数衔接",
    "现行有效 + 本年废止 = 上年现行有效 + 本年制发",
    "行",
)
SWINGS = Rule("swing", "warning", "与上年相比", "上年的五分之一 ≤ 本年 ≤ 上年的五倍", "格", NEAR)
DIRECT_SUITS = Rule(
    "direct_suits", "warning", "复议前置", "对不予公开未经复议直接起诉的件数 = 0", "组"
)
DIRECT_SUITS_ROOM = Rule(
    "direct_suits_room",
    "warning",
    "复议前置",
    "不须复议前置的办理结果 ≥ 未经复议直接起诉",
    "组",
    AT_LEAST,
)
PROSE = Rule("prose_table", "warning", "文表一致", "文中所述 = 表中数字", "处")
HEADINGS = Rule(
    "s1_headings", "error", "总体情况各项齐全", "本项字数（只写“无”不计）≥ 1", "项", AT_LEAST
)
PROBLEMS = Rule(
    "s5_empty", "error", "写明问题及改进情况", "本部分字数（只写“无”不计）≥ 1", "处", AT_LEAST
)
FEES_STATED = Rule(
    "s6_fees", "error", "写明信息处理费", "写明信息处理费收取情况的句数 ≥ 1", "处", AT_LEAST
)
FEES_AMOUNT = Rule(
    "s6_fee_amount", "warning", "信息处理费金额一致", "文中所述（元）= 实收（元）", "处"
)
LEGAL_BASIS = Rule("legal_basis", "warning", "引用文件适用", "引用其他年度格式文件的次数 = 0", "处")

RULES = (
    BALANCE,
    RESULT_SUM,
    ROW_SUM,
    FOUR_SUM,
    CROSS_YEAR,
    INTEGERS,
    FORMAT_OF_YEAR,
    TWO_FILLED,
    PARTS_WITHIN,
    TWO_PARTS_WITHIN,
    PARTS_SUM,
    TWO_PARTS_SUM,
    IN_FORCE,
    SWINGS,
    DIRECT_SUITS,
    DIRECT_SUITS_ROOM,
    PROSE,
    HEADINGS,
    PROBLEMS,
    FEES_STATED,
    FEES_AMOUNT,
    LEGAL_BASIS,
)
