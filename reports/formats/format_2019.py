"""国办公开办函〔2019〕60号: report years 2019 and 2020."""

from reports.formats.base import Format, Measure
from reports.formats.common import SECTION_FOUR, block, leaf, section_three, section_two

_ITEMS = (
    Measure("items_last_year", "上一年项目数量"),
    Measure("items_change", "本年增/减", signed=True),
)
_ITEMS_AND_DECISIONS = (*_ITEMS, Measure("decisions", "处理决定数量"))

FORMAT_2019 = Format(
    version="2019",
    doc_no="国办公开办函〔2019〕60号",
    title="中华人民共和国政府信息公开工作年度报告格式（试行）",
    first_year=2019,
    last_year=2020,
    section_two=section_two(
        block(
            "art20_1",
            "第二十条第（一）项",
            (
                Measure("made_this_year", "本年新制作数量"),
                Measure("disclosed_this_year", "本年新公开数量"),
                Measure("disclosed_total", "对外公开总数量"),
            ),
            regulations="规章",
            normative_documents="规范性文件",
        ),
        block(
            "art20_5",
            "第二十条第（五）项",
            _ITEMS_AND_DECISIONS,
            admin_licensing="行政许可",
            other_public_services="其他对外管理服务事项",
        ),
        block(
            "art20_6",
            "第二十条第（六）项",
            _ITEMS_AND_DECISIONS,
            admin_penalty="行政处罚",
            admin_coercion="行政强制",
        ),
        block("art20_8", "第二十条第（八）项", _ITEMS, admin_fees="行政事业性收费"),
        block(
            "art20_9",
            "第二十条第（九）项",
            (
                Measure("procurement_projects", "采购项目数量"),
                Measure("procurement_amount", "采购总金额", decimal=True),  # no unit is printed
            ),
            central_procurement="政府集中采购",
        ),
    ),
    section_three=section_three(
        leaf("other", "（六）其他处理", "no_correction fee_unpaid withdrawn not_gov_info_or_other")
    ),
    section_four=SECTION_FOUR,
)
