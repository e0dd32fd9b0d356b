"""What both official formats print alike: section three but for （六）, and section four whole."""

from dataclasses import replace

from reports.formats.base import Block, Measure, Row, SectionFour, SectionThree, SectionTwo


def leaf(key: str, label: str, outcomes: str, basis: str = "") -> Row:
    """A row right under 三 that counts outcomes: their codes, and the articles behind them."""
    return Row(key, label, 1, "data", "results", tuple(outcomes.split()), tuple(basis.split()))


def group(key: str, label: str, *leaves: Row) -> tuple[Row, ...]:
    """A heading under 三, with the rows that stand under it."""
    heading = Row(key, label, 1, "heading", "results")
    return (heading, *(replace(row, level=2, parent=key) for row in leaves))


def block(key: str, caption: str, columns: tuple[Measure, ...], **labels: str) -> Block:
    """An item of 条例 20 in section two; each row as key=label."""
    rows = (Row(row, label, 1, parent=key) for row, label in labels.items())
    return Block(key, caption, columns, tuple(rows))


def section_two(*blocks: Block) -> SectionTwo:
    return SectionTwo("二、主动公开政府信息情况", row_header="信息内容", blocks=blocks)


OUTCOME_ROWS = (
    leaf("granted", "（一）予以公开", "already_public granted", "条例36(1) 条例36(2)"),
    leaf(
        "partial",
        "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
        "partial",
        "条例37",
    ),
    *group(
        "denied",
        "（三）不予公开",
        leaf("denied_state_secret", "1.属于国家秘密", "state_secret", "条例14 条例36(3)"),
        leaf(
            "denied_law_forbidden",
            "2.其他法律行政法规禁止公开",
            "law_forbidden",
            "条例14 条例36(3)",
        ),
        leaf(
            "denied_three_safety_one_stability",
            "3.危及“三安全一稳定”",
            "safety",
            "条例14 条例36(3)",
        ),
        leaf(
            "denied_third_party",
            "4.保护第三方合法权益",
            "third_party",
            "条例15 条例32 条例36(3)",
        ),
        leaf("denied_internal_affairs", "5.属于三类内部事务信息", "internal", "条例16第1款"),
        leaf("denied_process_info", "6.属于四类过程性信息", "process", "条例16第2款"),
        leaf("denied_enforcement_file", "7.属于行政执法案卷", "enforcement_file", "条例16第2款"),
        leaf("denied_admin_query", "8.属于行政查询事项", "admin_query", "条例36(7)"),
    ),
    *group(
        "unable",
        "（四）无法提供",
        leaf(
            "unable_not_held",
            "1.本机关不掌握相关政府信息",
            "not_exist not_this_organ",
            "条例36(4) 条例36(5)",
        ),
        leaf("unable_needs_creation", "2.没有现成信息需要另行制作", "needs_creation", "条例38"),
        leaf("unable_still_unclear", "3.补正后申请内容仍不明确", "still_unclear", "条例30"),
    ),
    *group(
        "not_processed",
        "（五）不予处理",
        leaf("not_processed_petition", "1.信访举报投诉类申请", "petition", "条例39第1款"),
        leaf("not_processed_repeat", "2.重复申请", "repeat", "条例36(6)"),
        leaf("not_processed_publication", "3.要求提供公开出版物", "publication", "条例39第2款"),
        leaf("not_processed_excessive", "4.无正当理由大量反复申请", "excessive", "条例35"),
        leaf(
            "not_processed_reconfirm",
            "5.要求行政机关确认或重新出具已获取信息",
            "reconfirm",  # the Regulation has no article of its own for it
        ),
    ),
)


def section_three(*other: Row) -> SectionThree:
    """The table of applications, with the rows that a format prints for （六）其他处理."""
    return SectionThree(
        title="三、收到和处理政府信息公开申请情况",
        corner="（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
        top_header="申请人情况",
        unit="件",
        rows=(
            Row("new_received", "一、本年新收政府信息公开申请数量"),
            Row("carried_over", "二、上年结转政府信息公开申请数量"),
            Row("results", "三、本年度办理结果", kind="heading"),
            *OUTCOME_ROWS,
            *other,
            Row("results_total", "（七）总计", 1, "total", "results"),
            Row("carried_forward", "四、结转下年度继续办理"),
        ),
    )


SECTION_FOUR = SectionFour(title="四、政府信息公开行政复议、行政诉讼情况", unit="件")
