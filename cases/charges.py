"""What the records of a department say of fees (国办函〔2020〕109号). Amounts are whole 元."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q

from cases.choices import ApplicantKind, EventKind
from cases.crypto import lookup_hashes
from cases.fees import fee_by_pieces
from cases.models import Applicant, Case, Department, Event

BY_IDENTITY = "证件号码相同"
BY_CODE = "统一社会信用代码相同"
BY_NAME = "姓名或名称和类别相同"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands among its applicant's pieces of the calendar month."""

    nth: int  # by day of receipt, on one day in the order of registration
    total: int
    matched_by: str  # what makes them one applicant
    unsure: int  # further pieces under this name and kind whose applicant carries no such number


def month_of(day: date) -> tuple[date, date]:
    """First and last day of the calendar month."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def place_in_month(case: Case) -> Place | None:
    """Counted across the cases of the department; None while nothing is received. One query.

    One that is not registered yet comes after those of its day.
    """
    if case.received_on is None:
        return None
    same, alike, matched_by = _same(case.applicant)
    before = Q(pk__lte=case.pk) if case.pk else Q()
    by_then = Q(received_on__lt=case.received_on) | Q(before, received_on=case.received_on)
    found = (
        Case.objects.counted()
        .filter(same | alike, department=case.department_id)
        .received_in(*month_of(case.received_on))
        .aggregate(
            total=Count("pk", filter=same),
            nth=Count("pk", filter=same & by_then),
            unsure=Count("pk", filter=alike),
        )
    )
    itself = int(case.pk is None)
    return Place(found["nth"] + itself, found["total"] + itself, matched_by, found["unsure"])


def _same(applicant: Applicant) -> tuple[Q, Q, str]:
    """The same applicant; others under this name and kind who carry no number; what it goes by."""
    name = Q(applicant__name=applicant.name, applicant__kind=applicant.kind)
    if hashes := lookup_hashes(applicant.id_number):
        bare = name & Q(applicant__id_number_hash="")
        return Q(applicant__id_number_hash__in=hashes), bare, BY_IDENTITY
    if applicant.credit_code:
        bare = name & Q(applicant__credit_code="")
        return Q(applicant__credit_code__iexact=applicant.credit_code), bare, BY_CODE
    return name, Q(pk__in=()), BY_NAME


@dataclass(frozen=True, slots=True)
class Payer:
    """An applicant's pieces of one calendar month, and what they cost by piece."""

    name: str
    kind: ApplicantKind
    matched_by: str
    pieces: int
    case_id: int  # one of them
    fee: int


def payers_of_month(department: Department, month: date) -> list[Payer]:
    """The applicants of a calendar month, those with the most pieces first. One query."""
    by = ("id_number_hash", "credit_code", "name", "kind")
    rows = (
        Case.objects.counted()
        .filter(department=department)
        .received_in(*month_of(month))
        .values_list(*(f"applicant__{field}" for field in by))
        .annotate(pieces=Count("pk"), case_id=Min("pk"))
        .order_by("case_id")
    )
    pieces: Counter[tuple[str, ...]] = Counter()
    first: dict[tuple[str, ...], tuple[str, str, int]] = {}
    for hashed, code, name, kind, count, case_id in rows:
        key = (
            (BY_IDENTITY, hashed)
            if hashed
            else (BY_CODE, code.casefold())
            if code
            else (BY_NAME, name, kind)
        )
        pieces[key] += count
        first.setdefault(key, (name, kind, case_id))
    return [
        Payer(name, ApplicantKind(kind), key[0], count, case_id, fee_by_pieces(count))
        for key, count in pieces.most_common()
        for name, kind, case_id in (first[key],)
    ]


def fees_paid(departments: Collection[int], first: date, last: date) -> dict[int, int]:
    """Department id → 元 paid on the days of [first, last] to the organ that answered the case on
    the day; those without a payment are left out.

    Payments of voided cases are left out, late ones are not: the money came in. A ledger does not
    tell amounts, so what it brought in counts as nothing. Two queries.
    """
    paid = Event.objects.filter(kind=EventKind.FEE_PAID)
    in_period = paid.filter(on__gte=first, on__lte=last)
    said = Event.objects.filter(kind__in=(EventKind.FEE_PAID, EventKind.REVOKED))
    # From the few payments to their cases: a join may look once for each of many cases.
    paid_in = Case.objects.filter(pk__in=in_period.values("case_id"), voided_on=None)
    may_be_theirs = Q(department__in=departments) | Q(department__succeeded_on__isnull=False)
    cases = paid_in.filter(may_be_theirs).select_related("department__successor").in_bulk()
    rows = said.filter(case_id__in=cases).values_list("pk", "case_id", "on", "data")
    found = list(rows)
    gone = {pk for *_, data in found for pk in data.get("supersedes", ())}
    sums: Counter[int] = Counter()
    for pk, case_id, on, data in found:
        if pk not in gone and first <= on <= last and data.get("amount"):
            sums[cases[case_id].organ_on(on).pk] += data["amount"]
    return {organ: paid for organ, paid in sums.items() if organ in departments}
