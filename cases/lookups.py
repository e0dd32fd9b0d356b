"""What pages look up beside the case at hand: organs, colleagues, other cases of an applicant."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date
from itertools import chain

from django.db.models import Q, QuerySet, Value

from cases.choices import DepartmentKind, Role, RoundState, Signers, Stage
from cases.crypto import lookup_hashes, normalised
from cases.models import Applicant, Case, Department, SignOffRound, SignOffStep, User
from cases.permissions import ROLES, Act, can, can_begin, organ_of
from cases.personal import found_in
from cases.querysets import PATH_STEP, CaseQuerySet, DepartmentQuerySet, reach, under
from cases.telephones import SHORTEST_TELEPHONE

NOT_WITH_IT = "勾选的申请件中有的已不能一并答复，请重新勾选。"
MOST_TOGETHER = 30  # cases offered to be answered with one letter
# What can be nothing else: a mobile, a local number with its area code, an identity number.
PERSONAL = re.compile(r"1[3-9]\d{9}|0\d{9,11}|\d{17}[\dx]")
LABEL_OF_A_NUMBER = re.compile(r"(联系)?(电话|手机|身份证|证件|邮箱|电子邮件)(号码?)?\s*[:：]?\s*$")
BEFORE_A_NUMBER = re.compile(
    r"^\s*(联系)?(电话|手机|身份证|证件)?(号码?)?\s*[:：]?\s*(?=[+\d０-９＋])"
)


def registering_departments(user: User, *, on: date) -> DepartmentQuerySet:
    """Organs that hold cases, have no successor by `on`, and for which `user` may register."""
    there = Q(succeeded_on=None) | Q(succeeded_on__gt=on)
    return _begun_by(user, Act.REGISTER).filter(there)


def proceeding_departments(user: User, *, on: date) -> DepartmentQuerySet:
    """Organs whose reviews and suits `user` may enter, those they have succeeded by `on` too."""
    own = set(_begun_by(user, Act.RECORD_PROCEEDING).values_list("pk", flat=True))
    old = Department.objects.gone_to(own, by=on)
    return Department.objects.filter(Q(pk__in=own) | Q(pk__in=old))


def _begun_by(user: User, act: Act) -> DepartmentQuerySet:
    """Organs that answer, where `user` or who they stand in for may begin with `act`."""
    there = reach(user)
    for held in chain.from_iterable(user.stands_in_for.values()):
        there |= under(held.path)
    found = Department.objects.filter(there).answering()
    return Department.objects.filter(pk__in=[d.pk for d in found if can_begin(user, act, d)])


def departments_to_set_up(user: User) -> DepartmentQuerySet:
    """Organs that answer, for whose letters `user` may set up templates, numbers and remedies."""
    there = Department.objects.answering()
    allowed = [d.pk for d in there if can(user, Act.SET_UP_LETTERS, d)]
    return Department.objects.filter(pk__in=allowed).order_by("path")


def own_department(user: User, among: DepartmentQuerySet) -> Department | None:
    """The one to propose: where the user's first role stands, a government's office for it."""
    paths = [held.path for held in user.held_roles]
    found = list(among)
    for path in paths:
        below = [department for department in found if department.path.startswith(path)]
        offices = [department for department in below if department.kind == DepartmentKind.OFFICE]
        exact = [department for department in below if department.path == path]
        if proposed := exact or offices or (below if len(below) == 1 else []):
            return proposed[0]
    return None


def drafting_departments() -> DepartmentQuerySet:
    """A reply may be drafted by any organ: it counts for the one that answers."""
    return Department.objects.answering()


def handlers_for(user: User) -> QuerySet[User]:
    """Clerks and reviewers where the user has cases to give out, and the user if one of them.

    Where they only read, the user gives out none.
    """
    workers = Q(assignments__role__in=(Role.CLERK, Role.REVIEWER))
    there = reach(user, "assignments__department__path", ROLES[Act.ASSIGN])
    found = User.objects.filter(workers & there, is_active=True)
    return found.distinct().order_by("display_name", "pk")


def workers_at(*departments: Department) -> QuerySet[User]:
    """Clerks and reviewers at or above one of these organs: who may handle what they work on."""
    return _holders((Role.CLERK, Role.REVIEWER), departments)


def signers_for(department: Department) -> QuerySet[User]:
    """Whom a step of `department` may name: those with a role that signs there."""
    return _holders(Signers.HANDS.roles, [department])


def _holders(roles: Collection[Role], departments: Iterable[Department]) -> QuerySet[User]:
    """Who holds one of these roles at or above one of these organs."""
    paths = {
        organ.path[:end]
        for organ in departments
        for end in range(PATH_STEP, len(organ.path) + 1, PATH_STEP)
    }
    found = User.objects.filter(
        assignments__role__in=roles,
        assignments__department__path__in=paths,
        is_active=True,
    )
    return found.distinct().order_by("display_name", "pk")


def handlers_of(cases: CaseQuerySet) -> QuerySet[User]:
    """Who handles what is still to do of `cases`, those who have left included."""
    handlers = cases.in_hand().order_by().values("handler")
    return User.objects.filter(pk__in=handlers).order_by("display_name", "pk")


def chained_departments(user: User) -> DepartmentQuerySet:
    """Organs whose chain `user` may set, in the order of the tree."""
    there = Department.objects.visible_to(user).answering()
    allowed = [d.pk for d in there if can(user, Act.SET_CHAIN, d)]
    return Department.objects.filter(pk__in=allowed)


def ways_to_reply(cases: Collection[Case]) -> dict[int, Act]:
    """By case, the act that comes next to its reply: write the draft, sign it, or reply.

    One statement, however many cases.
    """
    organs = {case.pk: organ_of(case).pk for case in cases}
    steps = SignOffStep.objects.filter(department__in=set(organs.values())).order_by()
    live = SignOffRound.objects.live().filter(case__in=cases).order_by()
    chained = steps.values_list("department", Value(""))
    rows = list(live.values_list("case", "state").union(chained))
    rounds = {case: state for case, state in rows if state}
    chains = {organ for organ, state in rows if not state}

    def way(case: Case) -> Act:
        if case.pk in rounds:
            return Act.REPLY if rounds[case.pk] == RoundState.SIGNED else Act.SIGN
        return Act.DRAFT if organs[case.pk] in chains else Act.REPLY

    return {case.pk: way(case) for case in cases}


def same_applicant(applicant: Applicant) -> Q:
    """Cases of an applicant of the same identity or credit code, or of this name or telephone.

    Name and telephone only suggest: where both have an identity or a credit code, and they differ,
    these are two persons.
    """
    same, alike, other = Q(), Q(applicant__name=applicant.name), Q()
    if hashes := lookup_hashes(applicant.id_number):
        identity = Q(applicant__id_number_hash__in=hashes)
        same |= identity
        other |= ~identity & ~Q(applicant__id_number_hash="")
    if applicant.credit_code:
        code = Q(applicant__credit_code__iexact=applicant.credit_code)
        same |= code
        other |= ~code & ~Q(applicant__credit_code="")
    if hashes := lookup_hashes(applicant.phone):
        alike |= Q(applicant__phone_hash__in=hashes)
    return same | (alike & ~other) if other else alike


def others_this_year(case: Case, user: User) -> CaseQuerySet:
    """The same applicant's other cases of the year, within what `user` may see (条例35)."""
    return (
        Case.objects.visible_to(user)
        .filter(same_applicant(case.applicant), voided_on=None, number_year=case.number_year)
        .exclude(pk=case.pk)
    )


def answerable_with(case: Case) -> CaseQuerySet:
    """Other open cases of the applicant in the same department: one letter may answer them too."""
    return (
        Case.objects.filter(
            same_applicant(case.applicant), department=case.department_id, stage=Stage.OPEN
        )
        .exclude(pk=case.pk)
        .order_by("pk")[:MOST_TOGETHER]
    )


def numbers_apart(typed: str, cases: CaseQuerySet) -> tuple[list[str], str]:
    """The hashes by which to look for the numbers and e-mail addresses in `typed`, and the other
    words of it."""
    if hashes := number_hashes(typed, cases):
        return hashes, ""
    rest = typed
    for found in reversed(found_in(typed)):
        hashes += lookup_hashes(typed[found.start : found.end])
        rest = f"{LABEL_OF_A_NUMBER.sub('', rest[: found.start])} {rest[found.end :]}"
    words = []
    for word in rest.split():
        known = number_hashes(word, cases)
        hashes += known
        words += [] if known else [word]
    return list(dict.fromkeys(hashes)), " ".join(words)


def number_hashes(typed: str, cases: CaseQuerySet) -> list[str]:
    """The hashes by which to look for `typed`, if it is a telephone or an identity number; none if
    it is not.

    It is one if it can be nothing else, or if an applicant of one of `cases` has it: other digits,
    such as those of a case number, are words to search for.
    """
    number = normalised(BEFORE_A_NUMBER.sub("", typed))
    if not re.fullmatch(rf"[0-9]{{{SHORTEST_TELEPHONE},}}x?", number):
        return []
    hashes = lookup_hashes(number)
    known = PERSONAL.fullmatch(number) or cases.with_number(hashes).exists()
    return hashes if known else []
