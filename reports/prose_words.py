"""The words by which official prose tells the figures of the tables, and what parts it. Pure data.

A quantity is named by the words before its number, as in 收到政府信息公开申请12件. `prose` reads by
these.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from reports.formats import FORMATS
from reports.formats.base import APPLICANT_COLUMNS, RESULT_COLUMNS

PIECES = r"件(?!次)|份|宗|起"
LONGEST = 60  # characters; no longer words name a figure, and to look for one in them takes long
MONEY = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10_000)}  # in 万元

# What may stand between the words for a figure and the figure itself
_ASKED = r"(?:的|了|为|有|共|共计|合计|总计|政府|信息|公开|依申请|申请|案件|案|事项|数量?|总数|：)*"
_SAID = r"(?:的|为|有|共|共计|合计|答复|决定|申请|：)*"
_LITIGATED = r"(?:的|为|有|共|共计|合计|案件|案|申请|数量?|：)*"
_ISSUED = r"(?:的|为|有|共|共计|合计|数量?|：)*"
# … and before the words for a review or suit
_CAUSED = (
    r"(?:发生|产生|涉及|引发|应对|收到因|被申请|被提起|提起|因|由|政府|信息公开|工作|申请|引起|的)*"
)
_DOCUMENTS = r"(?:行政)?规范性文件"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure of the tables by the words that name it; {last} and {next} stand for years."""

    key: str
    words: str
    none: str = "(?!)"  # the words that there was none of it; usually there are none such
    units: str = PIECES
    topic: str = r"公开申请|依申请公开"  # must be spoken of, but for the passage about it


_ABOUT_REQUESTS = (
    Quantity("carried_over", rf"(?:上一?年度?|{{last}}年度?)结转{_ASKED}|结转上一?年度?{_ASKED}"),
    Quantity(
        "carried_forward",
        rf"结转(?:至|到)?(?:下一?年度?|次年|{{next}}年度?)(?:继续)?(?:办理|处理|答复)?{_ASKED}",
        none=rf"(?:没有|无)结转(?:至|到)?(?:下一?年度?|次年)(?:继续办理)?{_ASKED}",
    ),
    Quantity("new_received", rf"新收到?{_ASKED}"),
    Quantity(
        "received",
        rf"(?:收到|接收|接到){_ASKED}",
        none=rf"(?:未|没有)(?:收到|接收|接到)(?:过|新|任何)?{_ASKED}(?<=申请)",
    ),
    Quantity("handled", rf"(?:受理|办理|处理){_ASKED}"),
    Quantity("closed", rf"(?:办结|办理完毕|办理完结){_ASKED}"),
    Quantity("replied", rf"答复{_ASKED}"),
    Quantity("granted", rf"予以公开{_SAID}"),
    Quantity("partial", rf"部分公开{_SAID}"),
    Quantity("denied", rf"不予公开{_SAID}"),
    Quantity("unable", rf"无法提供{_SAID}"),
    Quantity("not_processed", rf"不予处理{_SAID}"),
    Quantity("other", rf"其他处理{_SAID}"),
)
_REVIEW, _SUIT = f"行政复议{_LITIGATED}", f"行政诉讼{_LITIGATED}"
_NO = f"(?:未|没有|无)(?:收到)?{_CAUSED}"
_ABOUT_PROCEEDINGS = tuple(
    Quantity(key, f"{_CAUSED}{words}", none, topic="信息公开")
    for key, words, none in (
        ("review", _REVIEW, f"{_NO}{_REVIEW}(?:(?:和|及|或|以及){_SUIT})?"),
        (
            "suit_direct",
            f"(?:未经(?:行政)?复议)?直接(?:提起(?:行政)?诉讼|起诉){_LITIGATED}",
            "(?!)",
        ),
        (
            "suit_after_review",
            f"经?(?:行政)?复议后(?:再|又)?(?:提起(?:行政)?诉讼|起诉){_LITIGATED}",
            "(?!)",
        ),
        ("suits", _SUIT, f"{_NO}(?:{_REVIEW}(?:和|及|或|以及))?{_SUIT}"),
    )
)
_ABOUT_DOCUMENTS = tuple(
    Quantity(key, words, units="件|份|个|部", topic="")
    for key, words in (
        ("documents_made", rf"(?:制发|制定|出台|印发){_DOCUMENTS}{_ISSUED}"),
        ("documents_published", rf"(?:主动)?(?:发布|公开|公布){_DOCUMENTS}{_ISSUED}"),
        ("documents_repealed", rf"废止{_DOCUMENTS}{_ISSUED}"),
        (
            "documents_in_force",
            rf"现行有效的?{_DOCUMENTS}{_ISSUED}|{_DOCUMENTS}现行有效{_ISSUED}",
        ),
    )
)
QUANTITIES = (
    *_ABOUT_REQUESTS,
    *_ABOUT_PROCEEDINGS,
    *_ABOUT_DOCUMENTS,
    Quantity(
        "fees",
        r"(?:收取)?行政事业性收费(?:金额|收入|总额|总金额|共|共计|为|：)*",
        units="万元|亿元|元",
        topic="",
    ),
)
_ALL_UNITS = "万元|亿元|元|" + PIECES + "|件次|个|部|条|项|次"
NUMBER = re.compile(
    r"(?<![\d.,\-–—~～至第])(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?P<fraction>\.\d+)?)"
    rf"(?P<unit>{_ALL_UNITS})"
)
SENTENCE = re.compile(r"(?:[^。！？\n.]|\.(?=\d))+")
# The marks that part clauses are not those right after 其中, nor those before or in a number.
CLAUSE = re.compile(
    r"(?:(?<![^，,、；;：（）()])其中[，,：]|[^，,、；;：（）()《》“”]|,(?=\d{3})|：(?=\d))+"
)
ENDS = re.compile(r"$|的?(?:政府信息|信息公开|依申请|公开申请|申请|均|已|全部|并|占|按)")
LEFT = re.compile(r"(?:其余|剩余|余下|尚有|另有|还有|另)?的?")
LEFT_OPEN = re.compile(r"(?:申请|将|已|按规定)*结转(?:至|到)?(?:下一?年|次年)")

# Names that one whole is split by; that a number stands beside one of them tells nothing of others.
_OUTCOME_ROWS = {
    row.name for fmt in FORMATS.values() for row in fmt.section_three.rows if row.level == 2
}
_SPLITS = "|".join(
    map(
        re.escape,
        sorted(
            {column.label for column in (*APPLICANT_COLUMNS[:-1], *RESULT_COLUMNS)}
            | _OUTCOME_ROWS
            | {"法人", "法人或其他组织", "法人和其他组织", "公民", "维持", "纠正", "共", "共计"}
            | {"网络", "网上", "互联网", "信函", "邮寄", "当面", "现场", "传真", "电子邮件"},
            key=len,
            reverse=True,
        ),
    )
)
NEUTRAL = re.compile(
    rf"(?:其中[，,：]?)?(?:通过)?(?:{_SPLITS})(?:申请|提交|提出|方式|渠道)*"
    r"|.*(?:同比|比上年|较上年|增加|减少).*"
)
ORGAN = re.compile(
    r"(?:局|委|镇|乡|街道|部门|单位|主体|园区|中心|公司|县|市(?!场)|厅|办公室"
    r"|政府(?!信息|网站|公报|工作|门户))"
)
ORGAN_LAST = re.compile(r"(?:[局委办厅镇乡县区市]|街道|部门|单位|主体|政府|园区|中心)(?:方面)?$")
ANOTHER_TIME = re.compile(
    r"(?:去年|上年同期|上年度?(?!度?结转)|上半年|下半年|季度|第.季|\d月|(?:19|20)\d\d年)"
)
GENERAL = (
    r"其中[，,：]?|年内|全年度?|今年|本年度?|一年来|我单位|本单位|本机关|本行政机关"
    r"|共计|累计|总计|合计|一共|总共|共|已|均|并"
)
OF_GOVERNMENT = r"[全我][省市区县](?:各级?行政机关)?|全域"
OF_DEPARTMENT = r"[我本全][局委办厅院]|全系统"

# After 其中 a number is believed where it is a part of that whole in the tables too: of 207 handled
# so many were new, but of 207 closed so many new ones is no figure of theirs.
OUTCOMES = {"granted", "partial", "denied", "unable", "not_processed", "other"}
ORIGINS = {"new_received", "carried_over"}
PARTS = {
    "handled": {*ORIGINS, "closed", "replied", "carried_forward", *OUTCOMES},
    "received": ORIGINS,
    "closed": OUTCOMES,
    "replied": OUTCOMES,
    "suits": {"suit_direct", "suit_after_review"},
}
