"""The fields of letters: what each is called in a template, and whether its maker may say it."""

from __future__ import annotations

from dataclasses import dataclass

BLANK = "〔　　〕"  # what stands in a letter where nothing is known


@dataclass(frozen=True, slots=True)
class Field:
    """`asked`: whoever makes the letter may say it; else the case alone does."""

    key: str  # in forms
    asked: bool = False
    help: str = ""
    rows: int = 1


FIELDS: dict[str, Field] = {
    # from the case and its organ
    "文号": Field("number"),
    "机关": Field("organ"),
    "日期": Field("dated_on"),
    "申请人": Field("applicant"),
    "称谓": Field("you"),
    "申请编号": Field("case_number"),
    "申请方式": Field("channel"),
    "收到日期": Field("received_on"),
    "申请内容": Field("content"),
    "答复期限": Field("due_on"),
    "办理经过": Field("course"),
    "救济途径": Field("remedies"),
    "处理结论": Field("finding"),
    # open to whoever makes the letter; known where the case or the settings of its organ say so
    "理由": Field("reasons", True, rows=4),
    "复议机关": Field("review_organ", True),
    "法院": Field("court", True, "可在“文书设置”里一次填好"),
    "提供方式": Field("supply", True, "如：以纸质形式邮寄，随本答复书一并提供。", rows=2),
    "提供的信息": Field("supplied", True, "名称、文号，逐项写明", rows=2),
    "不予公开的内容": Field("withheld", True, rows=2),
    "不予公开的依据": Field("withheld_by", True, "如：条例第十五条，涉及商业秘密"),
    "获取途径": Field("where_found", True, "网址、栏目，或者公报、出版物的名称和期次", rows=2),
    "密级和定密依据": Field("secrecy", True),
    "禁止公开的规定": Field("forbidding_law", True, "法律、行政法规的名称和条款"),
    "第三方意见": Field("third_party_said", True, "如：第三方不同意公开，理由合理", rows=2),
    "查询规定": Field("query_rule", True, "如：《不动产登记暂行条例》"),
    "查询途径": Field("query_place", True, "窗口、网址"),
    "检索情况": Field("search", True, "检索的范围、方法和结果", rows=3),
    "负责机关": Field("right_organ", True, "能够确定的，写明名称和联系方式；写成一句话", rows=2),
    "相应渠道": Field("right_way", True, rows=2),
    "原答复": Field("earlier_reply", True, "文号和日期"),
    "已获取的信息": Field("held_already", True),
    "撤回日期": Field("withdrawn_on", True),
    "其他情形": Field("other_matter", True, "如：咨询、要求履行职责"),
    "机关联系方式": Field("contact", True, "可在“文书设置”里一次填好", rows=2),
    "补正事项": Field("to_correct", True, rows=3),
    "补正期限": Field("correct_within", True, "如：15个工作日"),
    "数量频次": Field("how_many", True, "如：2025年1月至9月共提出申请46件", rows=2),
    "说明期限": Field("explain_within", True, "如：10个工作日"),
    "延期理由": Field("why_longer", True, rows=2),
    "原到期日": Field("old_due_on", True),
    "延长天数": Field("longer_by", True, "如：20个工作日"),
    "延长后到期日": Field("new_due_on", True),
    "延迟理由": Field("why_later", True, rows=2),
    "延迟至": Field("later_until", True),
    "第三方": Field("third_party", True, "名称或者姓名"),
    "第三方称谓": Field("third_party_you", True, "你，或者你单位"),
    "征求意见的信息": Field("asked_about", True, rows=2),
    "征求意见日期": Field("asked_on", True),
    "公开的内容和理由": Field("disclosed_why", True, rows=3),
    "共同制作机关": Field("co_producer", True),
    "协办单位": Field("helper", True),
    "协办事项": Field("help_with", True, rows=3),
    "协办期限": Field("help_by", True, "法律没有规定期限，由本机关商定"),
    "计费依据": Field("fee_basis", True, "如：按页计收，申请获取的信息共68页", rows=2),
    "收费金额": Field("fee", True),
    "缴费方式": Field("pay_how", True, "可在“文书设置”里一次填好", rows=2),
    "送达文书": Field("served_letter", True, "名称和文号"),
    "送达方式": Field("served_how", True),
}

# Without a value they fall out of a letter; every other is left as a blank.
MAY_BE_EMPTY = frozenset({"文号", "办理经过", "负责机关"})
# What a reply must say whatever its template (条例 33, 36; 行政复议法 23).
FINDING = "处理结论"  # a template of one outcome may have it in its own words
OF_EVERY_REPLY = ("申请人", "申请内容", "收到日期", FINDING, "救济途径", "机关", "日期")
