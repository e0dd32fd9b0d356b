"""国办公开办函〔2021〕30号: report years from 2021 on."""

from reports.formats.base import Format, Measure
from reports.formats.common import SECTION_FOUR, block, group, leaf, section_three, section_two

_DECISIONS = (Measure("decisions", "本年处理决定数量", "件"),)

FORMAT_2021 = Format(
    version="2021",
    doc_no="国办公开办函〔2021〕30号",
    title="中华人民共和国政府信息公开工作年度报告格式",
    first_year=2021,
    last_year=None,
    section_two=section_two(
        block(
            "art20_1",
            "第二十条第（一）项",
            (
                Measure("made_this_year", "本年制发件数", "件"),
                Measure("repealed_this_year", "本年废止件数", "件"),
                Measure("in_force", "现行有效件数", "件"),
            ),
            regulations="规章",
            normative_documents="行政规范性文件",
        ),
        block("art20_5", "第二十条第（五）项", _DECISIONS, admin_licensing="行政许可"),
        block(
            "art20_6",
            "第二十条第（六）项",
            _DECISIONS,
            admin_penalty="行政处罚",
            admin_coercion="行政强制",
        ),
        block(
            "art20_8",
            "第二十条第（八）项",
            (Measure("fee_amount", "本年收费金额（单位：万元）", "万元", decimal=True),),
            admin_fees="行政事业性收费",
        ),
    ),
    section_three=section_three(
        *group(
            "other",
            "（六）其他处理",
            leaf(
                "other_no_correction",
                "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
                "no_correction",
                "条例30",
            ),
            leaf(
                "other_fee_unpaid",
                "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
                "fee_unpaid",
                "条例42 国办函〔2020〕109号",
            ),
            leaf("other_misc", "3.其他", "withdrawn not_gov_info_or_other"),
        )
    ),
    section_four=SECTION_FOUR,
)
