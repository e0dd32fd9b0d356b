"""What was answered before, and what a clerk should look at: hints, which never block.

`likeness`, `third_parties_in` and `asks_to_amend` are pure. The rest makes a fixed number of
queries, over the latest cases of one department only, so that a page may ask for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import NamedTuple

from django.db.models.functions import Substr

from cases.charges import Place
from cases.choices import Outcome, Waiting
from cases.clock import CORRECTION_NOTICE_WORKDAYS, Clock, DayMark
from cases.clock_course import OPINION_WORKDAYS
from cases.fees import FREE_PIECES, fee_of_piece
from cases.lookups import same_applicant
from cases.models import Applicant, Case, Department, Event, User
from cases.permissions import Act
from cases.querysets import CaseQuerySet
from cases.workdays import Calendar
from cases.workflow.grounds import RESTS_ON

GRAM = 4  # characters that texts must share in a row
ALIKE = 0.5  # of the grams of both texts: from here on they ask for nearly the same
MOST_COMPARED = 300  # of the department's latest cases
LONGEST_COMPARED = 400  # characters of a text
MOST_SHOWN = 8
MOST_NAMED = 3
SHORTEST_NAME = 3  # characters: “公司” alone names nobody
SOON = 3  # working days left, from which on the term is said to be about to pass
_NO_WORDS = re.compile(r"[\W_]+")
# What ends the name of a firm or the like: its secrets may be asked for (条例第十五条).
_NAMED = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9（）()]{2,30}?"
    r"(?:公司|集团|合作社|事务所|商行|工厂|业主委员会|业主大会|个体工商户|基金会)"
)
# Records of the applicant that are to be put right (条例第四十一条); 更正公告 is a paper by itself.
_OWN = re.compile(r"本人|自己|自身|我的|我(?=[^国省市县区镇乡村局])|本公司|本单位|我公司|我单位")
_AMENDED = re.compile(r"(?:更正|纠正|改正)(?!公告|通知|登记|决定|文件)")
_CHANGED_WRONG = re.compile(
    r"(?:修改|更改|变更|改为).*(?:有误|错误|不准确|不正确|不符)"
    r"|(?:有误|错误|不准确|不正确|不符).*(?:修改|更改|变更|改为)"
)
_CLAUSES = re.compile(r"[。;!?\n]")
_BEFORE_A_NAME = re.compile(r"^.*(?:申请公开|公开|获取|关于|涉及|以及|及其?|和|与|向|由|对|的)")


def grams(text: str) -> frozenset[str]:
    """Every four characters that stand in a row, without punctuation, in one way of writing."""
    plain = _NO_WORDS.sub("", unicodedata.normalize("NFKC", text)).casefold()[:LONGEST_COMPARED]
    if len(plain) <= GRAM:
        return frozenset({plain} if plain else ())
    return frozenset(plain[at : at + GRAM] for at in range(len(plain) - GRAM + 1))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """What two texts have in common, by their `grams`: 0 nothing, 1 all (Dice's coefficient)."""
    both = len(one) + len(other)
    return 2 * len(one & other) / both if both else 0.0


def nearest(text: str, others: Mapping[int, str], count: int) -> dict[int, float]:
    """Key → likeness of those of `others` that ask for nearly the same, the nearest first."""
    wanted = grams(text)
    found = {key: likeness(wanted, grams(other)) for key, other in others.items()}
    near = sorted((key for key in found if found[key] >= ALIKE), key=lambda key: -found[key])
    return {key: found[key] for key in near[:count]}


def third_parties_in(text: str, applicant: str = "") -> list[str]:
    """Firms and the like that a text names, but for the applicant: a guess, to be looked at."""
    plain = unicodedata.normalize("NFKC", text)
    found = (_BEFORE_A_NAME.sub("", match[0]) for match in _NAMED.finditer(plain))
    own = unicodedata.normalize("NFKC", applicant)
    others = (name for name in found if len(name) > SHORTEST_NAME and not (own and own in name))
    return list(dict.fromkeys(others))


def asks_to_amend(text: str) -> bool:
    """Whether a text asks to put right what is recorded of the applicant (条例第四十一条)."""
    plain = unicodedata.normalize("NFKC", text)
    return any(
        _OWN.search(clause) and (_AMENDED.search(clause) or _CHANGED_WRONG.search(clause))
        for clause in _CLAUSES.split(plain)
    )


def lacking_words(case: Case) -> str:
    """What an application that is being registered lacks of 条例第二十九条; "" if nothing."""
    applicant = case.applicant
    parts = {
        "姓名或名称": applicant.name,
        "联系方式": applicant.phone or applicant.address or applicant.email,
        "申请内容": case.content.strip(),
        "所需形式": case.form_wanted,
    }
    missing = "、".join(label for label, value in parts.items() if not value)
    if not missing:
        return ""
    return (
        f"还没有填{missing}（条例第二十九条）。申请里没有写明的照样登记，"
        f"可以在收到后 {CORRECTION_NOTICE_WORKDAYS} 个工作日内一次性要求补正（条例第三十条）。"
    )


def year_before(day: date) -> date:
    """The same day of the year before; of 29 February the 28th."""
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A case of the last twelve months that may have been answered already."""

    case: Case
    same_applicant: bool
    likeness: float  # of the texts; 0 where they are not alike

    @property
    def why(self) -> str:
        said = ["同一申请人"] * self.same_applicant + ["内容相近"] * bool(self.likeness)
        return "，".join(said)


def earlier_cases(
    department: Department,
    *,
    user: User,
    on: date,
    applicant: Applicant | None,
    text: str,
    leave_out: Case | None = None,
) -> list[Earlier]:
    """What the department had of this applicant, or of nearly this text, in twelve months.

    Three statements. The nearest come first, those of the same applicant before others.
    """
    recent = _recent(department, user, on)
    if leave_out:
        recent = recent.exclude(pk=leave_out.pk)
    people = recent.filter(same_applicant(applicant)) if applicant else recent.none()
    theirs = set(people.values_list("pk", flat=True)[:MOST_COMPARED])
    latest = recent.annotate(start=Substr("content", 1, LONGEST_COMPARED))
    texts = dict(latest.values_list("pk", "start")[:MOST_COMPARED])
    near = nearest(text, texts, MOST_SHOWN)
    wanted = [*near, *sorted(theirs - near.keys(), reverse=True)[:MOST_SHOWN]]
    cases = Case.objects.select_related("department", "applicant").in_bulk(wanted)
    found = [Earlier(cases[pk], pk in theirs, near.get(pk, 0.0)) for pk in wanted if pk in cases]
    found.sort(key=lambda it: (bool(it.likeness), it.same_applicant, it.likeness), reverse=True)
    return found[:MOST_SHOWN]


def _recent(department: Department, user: User, on: date) -> CaseQuerySet:
    return (
        Case.objects.visible_to(user)
        .counted()
        .filter(department=department)
        .received_in(year_before(on), on)
        .order_by("-received_on", "-pk")
    )


class Hint(NamedTuple):
    """A sentence, and what to look at or do about it: earlier cases, an act."""

    text: str
    cases: tuple[Case, ...] = ()
    act: Act | None = None


def hints_of(
    case: Case,
    clock: Clock,
    earlier: Sequence[Earlier],
    place: Place | None,
    calendar: Calendar,
    events: Iterable[Event] = (),
) -> list[Hint]:
    """What a clerk should see before going on with a case that is to be answered, or registered;
    none of it blocks. `events` are those that hold."""
    asked = RESTS_ON[Outcome.THIRD_PARTY].is_among(events)
    for_the_applicant = clock.waiting_for in (Waiting.CORRECTION, Waiting.FEE)
    found = (
        _repeat_hint(earlier),
        _pieces_hint(place) if place else None,
        None if asked or for_the_applicant else _third_party_hint(case),
        _amendment_hint(case),
        _term_hint(clock, calendar),
    )
    return [hint for hint in found if hint]


def _repeat_hint(earlier: Sequence[Earlier]) -> Hint | None:
    alike = [it for it in earlier if it.likeness]
    repeated = [it for it in alike if it.same_applicant]
    shown = tuple(it.case for it in repeated or alike or earlier)[:MOST_NAMED]
    if repeated:
        text = (
            "同一申请人近 12 个月内申请过相近的内容，"
            "请核对是否属于重复申请（条例第三十六条第六项）。"
        )
    elif alike:
        text = "近 12 个月内有内容相近的申请，答复口径请对照。"
    else:
        text = "同一申请人近 12 个月内在本单位另有申请。"
    return Hint(text, shown) if shown else None


def _pieces_hint(place: Place) -> Hint | None:
    if place.total <= FREE_PIECES:
        return None
    fee = fee_of_piece(place.nth)
    this_one = f"{fee} 元" if fee else f"在免费的 {FREE_PIECES} 件之内"
    return Hint(
        f"该申请人本月在本单位已有 {place.total} 件，超过 {FREE_PIECES} 件：可按件收取信息处理费"
        f"（本件为第 {place.nth} 件，{this_one}，条例第四十二条）；明显超过合理范围的，"
        "可以要求说明理由（条例第三十五条）。",
        act=Act.ASK_FEE,
    )


def _third_party_hint(case: Case) -> Hint | None:
    named = third_parties_in(case.content, case.applicant.name)
    if not named:
        return None
    return Hint(
        f"申请内容提到{'、'.join(named[:MOST_NAMED])}：可能涉及第三方的商业秘密，"
        "公开会损害其合法权益的，应当书面征求意见（条例第十五条、第三十二条）。",
        act=Act.CONSULT,
    )


def _amendment_hint(case: Case) -> Hint | None:
    if not asks_to_amend(case.content):
        return None
    return Hint(
        "申请内容像是要求更正与申请人自身相关的政府信息：那是另一种程序（条例第四十一条），"
        "由有权更正的机关审核处理，请核对，并告知申请人。"
    )


def _term_hint(clock: Clock, calendar: Calendar) -> Hint | None:
    if clock.waiting_until and clock.waiting_until < clock.on:
        return Hint(f"等待的期限 {clock.waiting_until} 已过，请决定下一步。")
    if clock.waiting_for == Waiting.CONSULTATION and clock.waiting_until is None:
        return _endless_hint(clock, calendar)
    if clock.due_on is None or clock.due_on < clock.on:
        return None  # the lamp says that it is late
    left = calendar.workdays_between(clock.on, clock.due_on)
    if left >= SOON:
        return None
    day = calendar.said(clock.due_on)
    when = "今日到期" if clock.due_on == clock.on else f"{day} 到期，还剩 {left} 个工作日"
    who = "由审核人或者政务公开主管办理"  # a clerk looks for the button in vain
    text = f"{when}；需要延期的，须在到期前批准并告知申请人，{who}（条例第三十三条）。"
    return Hint(text, act=Act.EXTEND)


def _endless_hint(clock: Clock, calendar: Calendar) -> Hint | None:
    """The law sets no term for another organ: nothing else would ever end the pause."""
    paused = takewhile(
        lambda lived: lived.phase.mark is DayMark.PAUSE,
        reversed([lived for lived in clock.lived if lived.day <= clock.on]),
    )
    days = sum(calendar.is_workday(lived.day) for lived in paused)
    if days <= OPINION_WORKDAYS:
        return None
    text = f"期限已停止计算 {days} 个工作日：征求其他机关意见没有法定期限，请催办，或者不再等待。"
    return Hint(text, act=Act.END_CONSULTATION)
