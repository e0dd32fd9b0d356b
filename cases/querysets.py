"""Which rows: by who asks, by tree, by dates. Everything takes the day; nothing asks for today."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Case as Switch
from django.db.models import F, OuterRef, Q, Subquery, Value, When
from django.db.models.lookups import LessThan

from cases.choices import (
    ASSIGNMENTS,
    TAKEN_UP,
    Assignment,
    DepartmentKind,
    EventKind,
    Role,
    RoundState,
    Signers,
    Stage,
    Waiting,
)
from cases.list_place import CLOSED_FROM, VOIDED_FROM, YearOf, place_from
from cases.succession import OF_CASES, Organs
from cases.workdays import ONE_DAY

if TYPE_CHECKING:
    from cases.models import (  # noqa: F401
        Case,
        Department,
        DepartmentPlacement,
        LedgerUpload,
        Notice,
        RoundStep,
        SignOffRound,
        User,
    )

TO_DO = Q(list_place__lt=CLOSED_FROM)  # says nothing that the stage does not: it names the index
# Over the turn of a year, in the words of the index. SQLite knows them again with the column first.
CARRIED = Q(closed_on=None) | Q(LessThan(F("received_year"), YearOf(F("closed_on"))))
REOPENED = Q(again_until__isnull=False)  # a decision orders a new reply, and it is not served yet
TO_SERVE = Q(unserved_on__isnull=False)  # its own reply, or a new one
TO_ANSWER_AGAIN = REOPENED & Q(again_replied_on=None, voided_on=None)
WORKED = Q(stage=Stage.OPEN) | TO_ANSWER_AGAIN  # in Python: Case.is_worked
LIVE_ROUND = (RoundState.PENDING, RoundState.SIGNED)
PATH_STEP = 6  # digits a level of the tree adds to a path; digits sort alike in every collation


def under(path: str, field: str = "path") -> Q:
    """The node at `path` and all below it, as a range: SQLite scans for `startswith`."""
    after = f"{path[:-PATH_STEP]}{int(path[-PATH_STEP:]) + 1:0{PATH_STEP}d}"
    return Q(**{f"{field}__gte": path, f"{field}__lt": after})


READING = frozenset(Role) - {Role.ADMINISTRATOR}


def reach(user: User, field: str = "path", roles: Collection[Role] = READING) -> Q:
    """The subtrees of those of `roles` that `user` holds; as a rule, what they may read."""
    condition = Q(pk__in=())
    for held in user.held_roles:
        if held.role in roles:
            condition |= under(held.path, field)
    return condition


class DepartmentQuerySet(models.QuerySet["Department"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(reach(user))

    def below(self, path: str) -> Self:
        """`path`'s own department and all that stand under it today."""
        return self.filter(under(path))

    def answering(self) -> Self:
        """Those that hold cases: a government does not, its office does (条例4)."""
        return self.exclude(kind=DepartmentKind.GOVERNMENT)

    def gone_to(self, heirs: Collection[int], *, by: date) -> Self:
        """Those that one of `heirs` has succeeded by that day, at whatever remove."""
        old = self.filter(succeeded_on__lte=by).select_related("successor__successor")
        return self.filter(pk__in=[organ.pk for organ in old if organ.heir_on(by).pk in heirs])

    def named(self, name_or_code: str) -> Self:
        wanted = name_or_code.strip()
        return self.filter(
            Q(code=wanted) | Q(name=wanted) | Q(short_name=wanted) | Q(names__name=wanted)
        ).distinct()


class PlacementQuerySet(models.QuerySet["DepartmentPlacement"]):
    def at(self, day: date) -> Self:
        """The tree as it stood on `day`."""
        return self.filter(Q(until_on=None) | Q(until_on__gt=day), from_on__lte=day)

    def below(self, path: str) -> Self:
        return self.filter(under(path))


class CaseQuerySet(models.QuerySet["Case"]):
    # who and where
    def visible_to(self, user: User) -> Self:
        """By the organs themselves: joined to their paths, no list could be read off an index."""
        reached = user.reached_departments
        if reached is None:
            return self.all()
        entrusted, absent = user.entrusted_cases, user.entrusted_handlers
        if entrusted or absent:
            theirs = Q(pk__in=entrusted) | Q(handler_id__in=absent)
            return self.filter(Q(department_id__in=reached) | theirs)
        if len(reached) == 1:
            return self.filter(department_id=next(iter(reached)))
        return self.filter(department_id__in=reached)

    def handled_by(self, user: User) -> Self:
        """Theirs, and those of colleagues whose deputy they are."""
        if not user.stands_in_for:
            return self.filter(handler=user)
        return self.filter(handler_id__in=(user.pk, *user.stands_in_for))

    def of_organs(self, organs: Organs) -> Self:
        return self.filter(organs.condition(*OF_CASES))

    # what counts, and when: dates decide, so the identity holds
    def counted(self) -> Self:
        """All that any table counts: not voided, and with a statutory day of receipt."""
        return self.filter(voided_on=None, received_on__isnull=False)

    def received_in(self, first: date, last: date) -> Self:
        return self.filter(received_on__gte=first, received_on__lte=last)

    def carried_into(self, first: date) -> Self:
        """Received before `first` and not closed before it."""
        return self.open_at(first - ONE_DAY)

    def closed_in(self, first: date, last: date) -> Self:
        return self.filter(closed_on__gte=first, closed_on__lte=last)

    def open_at(self, day: date) -> Self:
        """Received by the end of `day` and not closed by then."""
        found = self.filter(Q(closed_on=None) | Q(closed_on__gt=day), received_on__lte=day)
        is_turn = (day + ONE_DAY).year > day.year  # then it says nothing new: see CARRIED
        return found.filter(CARRIED) if is_turn else found

    # where a case stands; the same in Python: cases.states
    def live(self) -> Self:
        """All but the voided. A sum, lest SQLite take it for a range that narrows anything."""
        return self.filter(LessThan(F("list_place") + 0, VOIDED_FROM))

    def to_do(self) -> Self:
        """待确认, open, or answered and not served yet: few, however many there have been."""
        return self.filter(TO_DO)

    def in_hand(self) -> Self:
        """Still to do, or to be answered again. Each way is looked up in its own index: an OR of
        the two would read every case."""
        cases = self.model._default_manager.order_by()
        to_do, again = cases.filter(TO_DO).values("pk"), cases.filter(TO_ANSWER_AGAIN).values("pk")
        return self.filter(pk__in=to_do.union(again))

    def running(self, on: date) -> Self:
        return self.filter(ticking(on))

    def stopped_for(self, waiting: Waiting, on: date) -> Self:
        return self.filter(TO_DO, stopped(on), stage=Stage.OPEN, waiting_for=waiting)

    def overdue(self, on: date) -> Self:
        return self.running(on).filter(ends_on__lt=on, list_place__lt=place_from(on))

    def due_between(self, first: date, last: date, on: date) -> Self:
        placed = Q(list_place__gte=place_from(first), list_place__lt=place_from(last + ONE_DAY))
        return self.running(on).filter(placed, ends_on__gte=first, ends_on__lte=last)

    def unsettled_at(self, day: date | F) -> Self:
        """Of which something was still to do on `day`, or is again."""
        return self.filter(Q(settled_on=None) | Q(settled_on__gte=day))

    def challenged_since_succession(self) -> Self:
        """Of organs that have been succeeded: those against which a review or suit was running on
        that day, or has been filed since. From the few proceedings to their cases."""
        found = apps.get_model("cases", "Proceeding").objects.order_by()
        found = found.unended_at(F("case__department__succeeded_on"))
        succeeded = found.filter(case__department__succeeded_on__isnull=False)
        return self.filter(pk__in=succeeded.values("case_id"))

    def reopened(self) -> Self:
        """Ordered by a decision to be answered again (重新办理中); read off their own index."""
        ordered = self.model._default_manager.order_by().filter(REOPENED)
        return self.filter(pk__in=ordered.values("pk"), voided_on=None)

    def answered_late(self, on: date) -> Self:
        """Of the closed, those that are `late`."""
        return self.filter(late(on))

    def most_pressing_first(self) -> Self:
        """The usual order of a list (see cases.list_place)."""
        return self.order_by("list_place", "-pk")

    def found_and_sorted(self) -> Self:
        """The same order for a few that other conditions find: a sum is in no index.

        Read off its index, all cases would be gone through until a page of them is full.
        """
        return self.order_by(F("list_place") + 0, "-pk")

    def search(self, text: str) -> Self:
        """Number, applicants' names and content; every word must be found.

        The name is looked up case by case: joined, all applicants were read for a few cases.
        """
        names = apps.get_model("cases", "Applicant").objects.filter(pk=OuterRef("applicant_id"))
        found = self.alias(applicant_name=Subquery(names.values("name")))
        for word in text.split():
            found = found.filter(
                holding(word, "number", "content", "co_applicants", "applicant_name")
            )
        return found

    def with_number(self, hashes: Collection[str]) -> Self:
        """Cases whose applicant has a telephone, identity number or e-mail address of one of these
        keyed hashes, or was called under it.

        Each way is looked up in its own index and the few keys are put together: an OR across
        tables would read every case.
        """
        cases = self.model._default_manager.order_by()
        telephone, identity, mail, one_of_several = (
            cases.filter(**{f"applicant__{column}__in": hashes}).values("pk")
            for column in (
                *("phone_hash", "id_number_hash", "email_hash"),
                "further_numbers__number_hash",
            )
        )
        called = apps.get_model("cases", "ContactNumber").objects.filter(number_hash__in=hashes)
        found = telephone.union(identity, mail, one_of_several, called.values("case_id"))
        return self.filter(pk__in=found)

    def awaiting_signature_of(self, user: User) -> Self:
        """Cases whose draft waits for this user to sign it."""
        steps = apps.get_model("cases", "RoundStep").objects.waiting_for(user)
        return self.filter(WORKED, pk__in=steps.values("round__case_id"))

    def with_round(self) -> Self:
        """`round_state` is that of the round that was submitted last."""
        rounds = apps.get_model("cases", "SignOffRound").objects.order_by("-number")
        last = rounds.filter(case=OuterRef("pk")).values("state")
        return self.annotate(round_state=Subquery(last[:1]))

    def in_round(self, state: RoundState) -> Self:
        """Cases whose reply is still to be given and whose last round stands so."""
        return self.in_hand().filter(WORKED).with_round().filter(round_state=state)

    def with_assignment(self) -> Self:
        """`assignment` says which assignment of the case waits for somebody, if any (Assignment).

        The same in Python: `refusals.not_accepted`.
        """
        to_accept = Q(kind__in=ASSIGNMENTS) & ~Q(by=OuterRef("handler"))
        said = Switch(
            When(kind=EventKind.ASSIGNMENT_REFUSED, then=Value(Assignment.RETURNED)),
            When(to_accept, then=Value(Assignment.WAITING)),
        )
        events = apps.get_model("cases", "Event").objects.filter(case=OuterRef("pk"))
        last = events.filter(kind__in=TAKEN_UP).order_by("-on", "-pk").values_list(said)
        return self.annotate(assignment=Subquery(last[:1]))

    def assigned(self, how: Assignment) -> Self:
        """Those in hand with an assignment that waits so."""
        return self.in_hand().with_assignment().filter(assignment=how)

    def changed_since(self, moment: datetime) -> Self:
        """Cases something was recorded on after `moment`.

        From the few events to their cases: a join may look once for each of many cases.
        """
        events = apps.get_model("cases", "Event").objects.filter(recorded_at__gt=moment)
        return self.filter(pk__in=events.values("case_id"))


def holding(word: str, *fields: str) -> Q:
    """One of `fields` holds `word`, as typed or in the usual way of writing it (１３号, 13号)."""
    return Q.create(
        [
            (f"{field}__icontains", form)
            for form in dict.fromkeys((word, unicodedata.normalize("NFKC", word)))
            for field in fields
        ],
        connector=Q.OR,
    )


def stopped(on: date) -> Q:
    """The clock stands still: a correction, a fee or an opinion is waited for.

    A third party's silence ends the pause by itself when its term has passed (条例32, 34), so the
    stored columns need no nightly hand; corrections, fees and other organs wait until they end.
    """
    lapses = Q(waiting_for=Waiting.CONSULTATION, waiting_until__isnull=False)
    return (~Q(waiting_for="") & ~lapses) | (lapses & Q(waiting_until__gte=on))


def ticking(on: date) -> Q:
    """The clock counts on `on`. A reply that is not served yet can still come late (235号)."""
    return TO_DO & Q(stage__in=(Stage.OPEN, Stage.UNSERVED)) & ~stopped(on)


def late(on: date) -> Q:
    """Of closed cases, as known on `on`: not served by the due day (〔2016〕235号).

    A reply that is still to be served is late once that day has passed, and `overdue` as well.
    Where nothing of a service is recorded, the day of the reply stands for it: see `assumed`.
    """
    unserved = ~Q(service_method="") & Q(served_on=None, ends_on__lt=on)
    by_reply = Q(service_method="", served_on=None, closed_on__gt=F("ends_on"))
    return Q(served_on__gt=F("ends_on")) | unserved | by_reply


def assumed(on: date) -> Q:
    """Closed cases of which only the day of the reply says whether they are `late` on `on`."""
    return Q(served_on=None) & (Q(service_method="") | Q(ends_on__gte=on))


class RoundQuerySet(models.QuerySet["SignOffRound"]):
    def live(self) -> Self:
        """Under way, or signed and to be replied with: at most one a case."""
        return self.filter(state__in=LIVE_ROUND)


class RoundStepQuerySet(models.QuerySet["RoundStep"]):
    def standing(self) -> Self:
        """Those of a round that is under way, or that a reply rests on."""
        return self.filter(round__state__in=(*LIVE_ROUND, RoundState.SPENT))

    def waiting_for(self, user: User) -> Self:
        """Steps that a round has reached and that are `user`'s; in Python: permissions.may_sign."""
        by_name, by_role = Q(pk__in=()), Q(pk__in=())
        for held in user.held_roles:
            groups = [group for group in Signers if held.role in group.roles]
            if groups:
                taken = [pk for pk, path in user.taken_over.items() if path.startswith(held.path)]
                there = under(held.path, "round__case__department__path")
                there |= Q(round__case_id__in=taken)
                by_name |= there
                by_role |= Q(who__in=groups) & there
        return self.filter(
            (Q(signers=user) & by_name) | (Q(signers=None) & by_role),
            round__state=RoundState.PENDING,
            order=F("round__reached"),
        )


class UploadQuerySet(models.QuerySet["LedgerUpload"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(reach(user, "department__path"))


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> Self:
        """The user's own, of cases, and of reviews and suits without one, that they may read."""
        of_case, of_other = (
            apps.get_model("cases", name).objects.visible_to(user)
            for name in ("Case", "Proceeding")
        )
        readable = Q(case__in=of_case) | Q(case=None, proceeding__in=of_other)
        return self.filter(readable, user=user)

    def standing(self) -> Self:
        """All but those that no longer hold."""
        return self.filter(withdrawn_at=None)

    def unseen(self) -> Self:
        return self.filter(withdrawn_at=None, seen_at=None)
