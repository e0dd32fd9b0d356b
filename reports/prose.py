"""The figures that a report tells in its text, so that they can be compared with its tables. Pure.

Official prose says "全年收到政府信息公开申请205件，上年结转2件，共207件，其中区政府办22件". Not
all of these numbers stand in the tables. One counts as found where the words right before it, back
to the last mark, name a figure of the tables and nothing else. What is said of one organ among
several, of a part, of another year or in round figures is passed over: better not to find a figure
than to hold it against the wrong cell.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from reports.checks import Number, Quote
from reports.formats import FORMATS
from reports.formats.base import APPLICANT_COLUMNS, RESULT_COLUMNS


class Find(NamedTuple):
    """A figure in the text: of what, how much (万元, where it is money), and the words that say so.

    `grain` is the last digit that is told: of "5.92亿元", 100 万元.
    """

    quantity: str
    figure: Number
    grain: Decimal
    quote: Quote


_PIECES = r"件(?!次)|份|宗|起"
_MONEY = {"元": Decimal("0.0001"), "万元": Decimal(1), "亿元": Decimal(10_000)}  # in 万元

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
class _Quantity:
    """A figure of the tables by the words that name it; {last} and {next} stand for years."""

    key: str
    words: str
    units: str = _PIECES
    topic: str = r"公开申请|依申请公开"  # must be spoken of, but for the passage about it


_QUANTITIES = (
    _Quantity("carried_over", rf"(?:上一?年度?|{{last}}年度?)结转{_ASKED}|结转上一?年度?{_ASKED}"),
    _Quantity(
        "carried_forward",
        rf"结转(?:至|到)?(?:下一?年度?|次年|{{next}}年度?)(?:继续)?(?:办理|处理|答复)?{_ASKED}",
    ),
    _Quantity("new_received", rf"新收到?{_ASKED}"),
    _Quantity("received", rf"(?:收到|接收|接到){_ASKED}"),
    _Quantity("handled", rf"(?:受理|办理|处理){_ASKED}"),
    _Quantity("closed", rf"(?:办结|办理完毕|办理完结){_ASKED}"),
    _Quantity("replied", rf"答复{_ASKED}"),
    _Quantity("granted", rf"予以公开{_SAID}"),
    _Quantity("partial", rf"部分公开{_SAID}"),
    _Quantity("denied", rf"不予公开{_SAID}"),
    _Quantity("unable", rf"无法提供{_SAID}"),
    _Quantity("not_processed", rf"不予处理{_SAID}"),
    _Quantity("other", rf"其他处理{_SAID}"),
    _Quantity("review", rf"{_CAUSED}行政复议{_LITIGATED}", topic="信息公开"),
    _Quantity(
        "suit_direct",
        rf"{_CAUSED}(?:未经(?:行政)?复议)?直接(?:提起(?:行政)?诉讼|起诉){_LITIGATED}",
        topic="信息公开",
    ),
    _Quantity(
        "suit_after_review",
        rf"{_CAUSED}经?(?:行政)?复议后(?:再|又)?(?:提起(?:行政)?诉讼|起诉){_LITIGATED}",
        topic="信息公开",
    ),
    _Quantity("suits", rf"{_CAUSED}行政诉讼{_LITIGATED}", topic="信息公开"),
    _Quantity(
        "documents_made", rf"(?:制发|制定|出台|印发){_DOCUMENTS}{_ISSUED}", "件|份|个|部", ""
    ),
    _Quantity(
        "documents_published",
        rf"(?:主动)?(?:发布|公开|公布){_DOCUMENTS}{_ISSUED}",
        "件|份|个|部",
        "",
    ),
    _Quantity("documents_repealed", rf"废止{_DOCUMENTS}{_ISSUED}", "件|份|个|部", ""),
    _Quantity(
        "documents_in_force",
        rf"现行有效的?{_DOCUMENTS}{_ISSUED}|{_DOCUMENTS}现行有效{_ISSUED}",
        "件|份|个|部",
        "",
    ),
    _Quantity(
        "fees",
        r"(?:收取)?行政事业性收费(?:金额|收入|总额|总金额|共|共计|为|：)*",
        "万元|亿元|元",
        "",
    ),
)
_ALL_UNITS = "万元|亿元|元|" + _PIECES + "|件次|个|部|条|项|次"
_NUMBER = re.compile(
    r"(?<![\d.,\-–—~～至第])(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?P<fraction>\.\d+)?)"
    rf"(?P<unit>{_ALL_UNITS})"
)
_SENTENCE = re.compile(r"(?:[^。！？\n.]|\.(?=\d))+")
# The marks that part clauses are not those right after 其中, nor those before or in a number.
_CLAUSE = re.compile(
    r"(?:(?<![^，,、；;：:（）()])其中[，,：:]|[^，,、；;：:（）()《》“”]|,(?=\d{3})|[：:](?=\d))+"
)
_ENDS = re.compile(r"$|的?(?:政府信息|信息公开|依申请|公开申请|申请|均|已|全部|并|占|按)")
_LEFT = re.compile(r"(?:其余|剩余|余下|尚有|另有|还有|另)?(?:的)?")
_LEFT_OPEN = re.compile(r"(?:申请|将|已|按规定)*结转(?:至|到)?(?:下一?年|次年)")

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
_NEUTRAL = re.compile(
    rf"(?:其中[，,：:]?)?(?:通过)?(?:{_SPLITS})(?:申请|提交|提出|方式|渠道)*|.*(?:同比|比上年|较上年|增加|减少).*"
)
_ORGAN = re.compile(
    r"(?:局|委|镇|乡|街道|部门|单位|主体|政府(?!信息|网站|公报|工作|门户)|园区|中心|公司|县|市(?!场)|厅|办公室)"
)
_ORGAN_LAST = re.compile(r"(?:[局委办厅镇乡县区市]|街道|部门|单位|主体|政府|园区|中心)(?:方面)?$")
_ANOTHER_TIME = re.compile(
    r"(?:去年|上年同期|上年度?(?!度?结转)|上半年|下半年|季度|第.季|\d月|(?:19|20)\d\d年)"
)
_GENERAL = (
    r"其中[，,：:]?|年内|全年度?|今年|本年度?|一年来|我单位|本单位|本机关|本行政机关"
    r"|共计|累计|总计|合计|一共|总共|共|已|均|并"
)
_OF_GOVERNMENT = r"全[省市区县]|我[省市区县]|全域"
_OF_DEPARTMENT = r"[我本全][局委办厅院]|全系统"

# After 其中 a number is believed where it is a part of that whole in the tables too: of 207 handled
# so many were new, but of 207 closed so many new ones is no figure of theirs.
_OUTCOMES = {"granted", "partial", "denied", "unable", "not_processed", "other"}
_ORIGINS = {"new_received", "carried_over"}
_PARTS = {
    "handled": {*_ORIGINS, "closed", "replied", "carried_forward", *_OUTCOMES},
    "received": _ORIGINS,
    "closed": _OUTCOMES,
    "replied": _OUTCOMES,
    "suits": {"suit_direct", "suit_after_review"},
}


def find_figures(passage: str, text: str, *, year: int, organ: str) -> Iterator[Find]:
    """The figures of the tables that `text` tells of `year` and of `organ` as a whole, in order."""
    sifted = Sifted(passage, text)
    reader = _Reader(passage, year, organ)
    for sentence in _SENTENCE.finditer(sifted.text):
        for quantity, number, start in reader.read(sentence[0]):
            figure, grain = _figure(number)
            end = number.end()
            if quantity == "carried_forward" and (tail := _LEFT_OPEN.match(sentence[0], end)):
                end = tail.end()
            words = sifted.quote(sentence.start() + start, sentence.start() + end)
            yield Find(quantity, figure, grain, words)


def amounts_of_money(text: str) -> Iterator[tuple[Number, Decimal]]:
    """Every amount told, in 万元, and its grain."""
    numbers = _NUMBER.finditer(Sifted("", text).text)
    return (_figure(number) for number in numbers if number["unit"] in _MONEY)


class Sifted:
    """A passage with plain digits and without blanks, and the way back to its own words."""

    def __init__(self, passage: str, text: str) -> None:
        plain = re.sub(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))", ",", text)
        plain = plain.translate(str.maketrans("０１２３４５６７８９．", "0123456789."))
        self._origin = [at for at, char in enumerate(plain) if char == "\n" or not char.isspace()]
        self.text = "".join(plain[at] for at in self._origin)
        self._passage, self._whole = passage, text

    def quote(self, first: int, last: int) -> Quote:
        """The words between two places of `text`, as they are written."""
        sentence = next(s for s in _SENTENCE.finditer(self.text) if s.end() >= last)
        around = self._written(*sentence.span()).strip()
        return Quote(self._passage, self._origin[first], self._written(first, last), around)

    def _written(self, first: int, last: int) -> str:
        return self._whole[self._origin[first] : self._origin[last - 1] + 1]


class _Reader:
    """Reads a passage sentence by sentence, and knows when it is no longer of the whole.

    `foreign`: another organ or year has been named. `unsure`: a number was told of something else,
    so that what follows may be a part of it. `last`: what was told last; `within`: what 其中 split.
    All end with the sentence, unless the next goes on with 其中.
    """

    def __init__(self, passage: str, year: int, organ: str) -> None:
        self.patterns = _patterns(year)
        self.about_requests = passage == "requests"
        region = re.sub(r"(?:人民政府|管理委员会|管委会)$", "", organ)
        own = _OF_DEPARTMENT if region == organ else _OF_GOVERNMENT
        office = region.replace("人民政府办公", "政府办公")
        self.names = (region, office, re.sub(r"公[室厅]$", "", office))
        self.general = re.compile(rf"{_GENERAL}|{own}|{year}年度?")
        self._begin()

    def _begin(self) -> None:
        self.foreign = self.unsure = False
        self.last = ""
        self.within: str | None = None

    def read(self, sentence: str) -> Iterator[tuple[str, re.Match[str], int]]:
        """Quantity, number, and where its clause begins."""
        if not sentence.startswith("其中"):
            self._begin()
        joined = False  # to the clause before, which names another thing and no number of its own
        for clause in _CLAUSE.finditer(sentence):
            start = clause.start()
            numbers = list(_NUMBER.finditer(sentence, *clause.span()))
            for number in numbers:
                lead, tail = sentence[start : number.start()], sentence[number.end() : clause.end()]
                if lead.startswith("其中"):
                    self.within = self.last
                if _LEFT.fullmatch(lead) and _LEFT_OPEN.match(tail):
                    lead, tail = "结转下年", ""
                ends = not joined and _ENDS.match(tail)
                quantity = self._named(lead, number, sentence) if ends else None
                if quantity and not self.foreign:
                    self.last = quantity
                    yield quantity, number, start
                elif not quantity and not _NEUTRAL.fullmatch(lead):
                    self._passed_over(lead, number["unit"])
                start, joined = number.end(), False
            if not numbers:
                self._looked_at(clause[0])
                joined = sentence[clause.end() : clause.end() + 1] == "、"

    def _named(self, lead: str, number: re.Match[str], sentence: str) -> str | None:
        """The quantity that the words before a number name."""
        for quantity, pattern in self.patterns:
            match = pattern.fullmatch(lead)
            if match and self._is_whole(match["prefix"]):
                spoken_of = self.about_requests or re.search(quantity.topic, sentence)
                fits = re.fullmatch(quantity.units, number["unit"]) and (
                    not number["fraction"] or number["unit"] in _MONEY
                )
                sure = not quantity.topic or (not self.unsure and self._is_told(quantity.key, lead))
                return quantity.key if spoken_of and fits and sure else None
        return None

    def _is_told(self, key: str, lead: str) -> bool:
        """Whether a figure of applications or suits is the whole of its kind after 其中, too."""
        if lead.startswith("其中") or (self.within is not None and key in _OUTCOMES | _ORIGINS):
            return key in _PARTS.get(self.within or "", ())
        self.within = None
        return True

    def _is_whole(self, prefix: str) -> bool:
        """Whether the words before a quantity say nothing that narrows it."""
        rest = self.general.sub("", prefix)
        return not rest or (len(rest) > 1 and any(name.endswith(rest) for name in self.names))

    def _passed_over(self, lead: str, unit: str) -> None:
        self.unsure |= re.fullmatch(_PIECES, unit) is not None
        self._is_foreign(lead, _ORGAN)

    def _looked_at(self, clause: str) -> None:
        self._is_foreign(clause, _ORGAN_LAST)

    def _is_foreign(self, words: str, organ: re.Pattern[str]) -> None:
        rest = self.general.sub("", words)
        for name in self.names:
            for at in range(len(name) - 1):
                rest = rest.replace(name[at:], "")
        self.foreign |= bool(organ.search(rest) or _ANOTHER_TIME.search(rest))


@cache
def _patterns(year: int) -> tuple[tuple[_Quantity, re.Pattern[str]], ...]:
    years = {"last": str(year - 1), "next": str(year + 1)}
    return tuple(
        (quantity, re.compile(f"(?P<prefix>.*?)(?:{quantity.words.format(**years)})"))
        for quantity in _QUANTITIES
    )


def _figure(number: re.Match[str]) -> tuple[Number, Decimal]:
    """How much a number tells, and its grain; money in 万元."""
    digits = number["number"].replace(",", "")
    scale = _MONEY.get(number["unit"])
    if scale is None:
        return int(digits), Decimal(1)
    return Decimal(digits) * scale, Decimal(1).scaleb(-len(digits.partition(".")[2])) * scale
