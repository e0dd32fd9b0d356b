"""How many cases wait for what: the tiles of the home page and the saved views of the list.

What is still to do is counted in one statement that reads nothing else, so that a page stays as
fast with a million closed cases beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from cases.choices import Assignment, EventKind, RoundState, Stage
from cases.filters import DUE_SOON, ROUNDS_SHOWN
from cases.models import (
    Case,
    Department,
    Event,
    ImportedLedger,
    Inquiry,
    RoundStep,
    SignOffRound,
    User,
)
from cases.paging import counted
from cases.querysets import REOPENED, TO_ANSWER_AGAIN, WORKED, CaseQuerySet, reach
from cases.states import State, is_ticking
from cases.workdays import Calendar

# Lists that not every organ ever has: label, and the condition of the filter.
LISTS_OF_SOME: tuple[tuple[str, dict[str, str]], ...] = (
    (ROUNDS_SHOWN[RoundState.SENT_BACK], {"signoff": RoundState.SENT_BACK.value}),
    *((str(how.label), {"assigned": how.value}) for how in Assignment),
)
AHEAD = 10  # working days the home page looks ahead


@dataclass(frozen=True, slots=True)
class Counts:
    """What stands where in a scope on a day; days are None where nothing waits.

    Totals that grow from year to year are None above `paging.MOST_COUNTED`.
    """

    live: int | None  # all but the voided
    closed: int | None
    mine: int | None
    received_this_year: int | None
    open: int  # not closed, or not served
    states: dict[State, int]  # of those that are still to do
    due: Counter[date]  # whose clock runs, by their due day
    overdue: int
    due_soon: int
    due_today: int
    due_tomorrow: int
    unserved_due_today: int
    provisional: int
    in_review: int  # drafts that wait for somebody to sign them
    to_sign: int  # … for this user
    first_unassigned_on: date | None
    first_overdue_on: date | None
    next_correction_on: date | None
    next_opinion_on: date | None
    next_payment_on: date | None


TO_DO: tuple[State, ...] = tuple(
    state for state in State if state not in {State.CLOSED, State.VOID}
)


_ANSWERED = (Stage.UNSERVED, Stage.CLOSED)


class Alike(NamedTuple):
    """Cases still to do that are alike in all that is asked of them.

    Of a closed one it is the new reply, ordered by a decision, that is to be given or served.
    """

    stage: str
    waiting_for: str
    waiting_until: date | None
    ends_on: date | None
    provisional: bool
    reopened: bool
    taken: bool
    in_review: bool
    to_sign: bool
    cases: int
    first_received_on: date | None

    @property
    def worked(self) -> bool:
        return self.stage == Stage.OPEN or self.reopened

    def state(self, on: date) -> State:
        said = State.said_by(self, on, taken=self.taken)
        return State.UNSERVED if said == State.CLOSED and not self.reopened else said


def counts_of(cases: CaseQuerySet, *, user: User, on: date, calendar: Calendar) -> Counts:
    """Count `cases`, already narrowed to what `user` may see, as at `on`."""
    to_do = _to_do(cases, user)
    states = _totals(to_do, lambda it: it.state(on))
    running = _totals(to_do, lambda it: it.ends_on if is_ticking(it, on) else None)
    soon = calendar.nth_workday_after(on, DUE_SOON)
    live = counted(cases.live())
    open_now = sum(it.cases for it in to_do if it.stage != Stage.CLOSED)

    def first(wanted: State, day: Callable[[Alike], date | None]) -> date | None:
        days = (day(it) for it in to_do if it.state(on) == wanted)
        return min((day for day in days if day), default=None)

    return Counts(
        live=live,
        closed=None if live is None else live - open_now,
        mine=counted(cases.live().handled_by(user)),
        received_this_year=counted(cases.counted().received_in(*_year_of(on))),
        open=open_now,
        states={state: states[state] for state in TO_DO},
        due=running,
        overdue=sum(cases for day, cases in running.items() if day < on),
        due_soon=sum(cases for day, cases in running.items() if on <= day <= soon),
        due_today=running[on],
        due_tomorrow=running[calendar.next_workday(on)],
        unserved_due_today=sum(
            it.cases for it in to_do if it.stage == Stage.UNSERVED and it.ends_on == on
        ),
        provisional=sum(it.cases for it in to_do if it.provisional and it.stage not in _ANSWERED),
        in_review=sum(it.cases for it in to_do if it.in_review and it.worked),
        to_sign=sum(it.cases for it in to_do if it.to_sign and it.worked),
        first_unassigned_on=first(State.UNASSIGNED, lambda it: it.first_received_on),
        first_overdue_on=min((day for day in running if day < on), default=None),
        next_correction_on=first(State.CORRECTION, lambda it: it.waiting_until),
        next_opinion_on=first(State.CONSULTATION, lambda it: it.waiting_until),
        next_payment_on=first(State.FEE, lambda it: it.waiting_until),
    )


def _totals(to_do: Iterable[Alike], key: Callable[[Alike], Any]) -> Counter[Any]:
    """Cases by what `key` says of them; of those of which it says nothing, none."""
    totals: Counter[Any] = Counter()
    for it in to_do:
        if said := key(it):
            totals[said] += it.cases
    return totals


def _year_of(day: date) -> tuple[date, date]:
    return date(day.year, 1, 1), date(day.year, 12, 31)


def _to_do(cases: CaseQuerySet, user: User) -> list[Alike]:
    """In one statement: a few for every day of a term, however many cases there are."""
    waiting = RoundStep.objects.waiting_for(user).values("round__case_id")
    pending = SignOffRound.objects.filter(state=RoundState.PENDING).values("case_id")

    def alike(some: CaseQuerySet) -> QuerySet[Case, tuple[Any, ...]]:
        marked = some.order_by().annotate(
            reopened=_is(TO_ANSWER_AGAIN),
            taken=_is(~Q(handler=None, drafting_note="")),
            in_review=_is(Q(pk__in=pending)),
            to_sign=_is(Q(pk__in=waiting)),
        )
        columns = Alike._fields[:-2]
        return marked.values_list(*columns).annotate(n=Count("*"), first=Min("received_on"))

    again = cases.filter(REOPENED, stage=Stage.CLOSED)
    return [Alike(*row) for row in alike(cases.to_do()).union(alike(again), all=True)]


def _is(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def counts_of_some(cases: CaseQuerySet) -> list[int]:
    """How many cases each of LISTS_OF_SOME holds. Events and rounds are looked up case by case,
    which is for the front page of who works them, not for every list."""
    alike: Any = cases.in_hand().order_by().with_assignment().with_round()
    marked = alike.annotate(worked=_is(WORKED))
    groups = marked.values_list("worked", "assignment", "round_state").annotate(n=Count("*"))
    found: Counter[str] = Counter()
    for worked, assignment, state, n in groups:
        found[assignment or ""] += n
        found[state or ""] += n * worked
    return [found[value] for _, condition in LISTS_OF_SOME for value in condition.values()]


@dataclass(frozen=True, slots=True)
class DayAhead:
    day: date
    count: int


def days_ahead(counts: Counts, *, on: date, calendar: Calendar) -> list[DayAhead]:
    """Cases due on `on`, if it is a working day, and on the working days after it: ten in all."""
    days = calendar.next_workdays(on, AHEAD)
    if calendar.is_workday(on):
        days = [on, *days[:-1]]
    return [DayAhead(day, counts.due[day]) for day in days]


def most_urgent(cases: CaseQuerySet, *, on: date) -> CaseQuerySet:
    """Those whose clock runs, the one longest overdue first."""
    return cases.running(on).filter(ends_on__isnull=False).order_by("ends_on", "pk")


def latest_news(user: User, count: int) -> list[Event | ImportedLedger]:
    """What was recorded last within the user's scope, the latest first; an import is one of it.

    What an import wrote bears its moment. Events are asked for from one import to the next, so that
    a ledger of a hundred thousand rows is stepped over: `count` + 2 statements at the most.
    """
    seen = (
        Event.objects.filter(reach(user, "case__department__path"))
        .exclude(kind__in=(EventKind.IMPORTED, EventKind.COMPLETED))
        .exclude(recorded_at__in=ImportedLedger.objects.values("imported_at"))
        .select_related("case", "by")
        .order_by("-recorded_at", "-id")
    )
    imports = ImportedLedger.objects.filter(reach(user, "department__path")).select_related(
        "imported_by", "upload__department"
    )
    news: list[Event | ImportedLedger] = []
    for imported in imports.order_by("-imported_at")[:count]:
        news += seen.filter(recorded_at__gt=imported.imported_at)[: count - len(news)]
        if len(news) == count:
            return news
        news.append(imported)
        seen = seen.filter(recorded_at__lt=imported.imported_at)
    return [*news, *seen[: count - len(news)]]


def cases_with_late_sections(user: User, on: date) -> int:
    """Cases on which one's own section has not answered by its day; the term runs on."""
    late = Inquiry.objects.visible_to(user).late(on)
    return late.values("case").distinct().count()


def years_of(user: User, *, on: date) -> range:
    """The years of receipt to choose from, the latest last."""
    received = Case.objects.counted().filter(department=OuterRef("pk")).order_by("received_on")
    first = (
        Department.objects.visible_to(user)
        .annotate(first_on=Subquery(received.values("received_on")[:1]))  # one look in the index
        .aggregate(earliest=Min("first_on"))["earliest"]
    )
    return range(min(first or on, on).year, on.year + 1)
