"""An application (一件): one case, one outcome, one department for ever."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case as Switch
from django.db.models import F, Q, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils.functional import cached_property

from cases.choices import (
    ApplicantKind,
    Channel,
    DeliveryWanted,
    EventKind,
    FormWanted,
    Outcome,
    OutcomeGroup,
    RoundState,
    ServiceMethod,
    Stage,
    Waiting,
    outcomes_in,
)
from cases.list_place import OWN_UNSERVED, YearOf, list_place
from cases.models.applicant import Applicant
from cases.models.department import Department
from cases.models.user import User
from cases.personal import without_personal
from cases.querysets import CARRIED, REOPENED, TO_DO, TO_SERVE, CaseQuerySet

if TYPE_CHECKING:
    from cases.models.signoff import RoundStep, SignOffRound

NOT_VOIDED = Q(voided_on=None)
_OUTCOME = ("applicant_kind", "channel", "outcome")
_YEAR = ("outcome_group", *_OUTCOME)
# What lists are narrowed by, and what besides it.
FILTERED_BY: dict[str, tuple[str, ...]] = {
    "department": ("handler", "received_year", *_YEAR, "settled_on"),  # the last by successors
    "handler": ("department",),
    "received_year": _YEAR,
    "outcome_group": _OUTCOME,
    "applicant_kind": ("channel",),
    "channel": (),
}
CELL = ("applicant_kind", "outcome")  # column and row of section three
COUNTED = NOT_VOIDED & Q(received_on__isnull=False)


class Case(models.Model):
    """What is known of one application. Only `cases.workflow` writes it.

    `received_on` is the statutory day of receipt (条例31), empty while 待确认, and never the day of
    entry. `closed_on` is the date of the reply letter (or of the decision not to go on) and with it
    the year the case counts in; "in time" is tested on `served_on`.
    """

    department = models.ForeignKey(
        Department,
        models.PROTECT,
        db_index=False,  # case_by_department begins with it
        related_name="cases",
        verbose_name="受理单位",
    )
    number = models.CharField("编号", max_length=80)
    number_year = models.PositiveSmallIntegerField("编号年度")
    applicant = models.ForeignKey(
        Applicant, models.PROTECT, related_name="cases", verbose_name="申请人"
    )
    # Stored copy of applicant.kind for the counting index; workflow and ledger import write both.
    applicant_kind = models.CharField("申请人类别", max_length=20, choices=ApplicantKind)
    agent_name = models.CharField("代理人", max_length=60, blank=True)
    co_applicants = models.CharField("共同申请人", max_length=300, blank=True)
    channel = models.CharField("申请方式", max_length=20, choices=Channel, blank=True)
    oral = models.BooleanField("口头提出", default=False)
    arrived_on = models.DateField("到件日期")
    received_on = models.DateField("收到日期", null=True, blank=True)
    content = models.TextField("申请内容")
    purpose = models.CharField("用途", max_length=200, blank=True)
    form_wanted = models.CharField("所需形式", max_length=20, choices=FormWanted, blank=True)
    delivery_wanted = models.CharField(
        "获取方式", max_length=20, choices=DeliveryWanted, blank=True
    )
    drafting_department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="drafted_cases",
        verbose_name="承办单位",
        db_index=False,  # case_by_drafter begins with it
    )
    handler = models.ForeignKey(
        User,
        models.PROTECT,
        db_index=False,  # case_by_handler begins with it
        null=True,
        blank=True,
        related_name="handled_cases",
        verbose_name="经办人",
    )
    drafting_note = models.CharField("承办", max_length=100, blank=True)
    remarks = models.TextField("备注", blank=True)

    outcome = models.CharField("答复类型", max_length=30, choices=Outcome, blank=True)
    closed_on = models.DateField("答复日期", null=True, blank=True)
    reply_number = models.CharField("答复文号", max_length=80, blank=True)
    reply_reasons = models.TextField("检索情况与理由", blank=True)
    service_method = models.CharField("送达方式", max_length=20, choices=ServiceMethod, blank=True)
    served_on = models.DateField("送达日期", null=True, blank=True)
    voided_on = models.DateField("作废日期", null=True, blank=True)

    # Stored copies of what `clock.run_clock` says; `workflow.clockwork.refresh` alone writes them,
    # `manage.py rebuild_clocks` anew. They do not depend on the day they are read on.
    ends_on = models.DateField("到期日", null=True, blank=True, editable=False)
    waiting_for = models.CharField(max_length=20, choices=Waiting, blank=True, editable=False)
    waiting_until = models.DateField(null=True, blank=True, editable=False)
    provisional = models.BooleanField("暂定", default=False, editable=False)
    # Until when a decision in a review or suit orders a new reply, empty once that is served; the
    # day of the new reply, while it is still to be served; and that on which it was served.
    again_until = models.DateField("重新答复期限", null=True, blank=True, editable=False)
    again_replied_on = models.DateField("重新答复待送达", null=True, blank=True, editable=False)
    again_served_on = models.DateField("重新答复送达", null=True, blank=True, editable=False)

    stage = models.GeneratedField(
        expression=Switch(
            When(voided_on__isnull=False, then=Value(Stage.VOID)),
            When(received_on=None, then=Value(Stage.UNCONFIRMED)),
            When(closed_on=None, then=Value(Stage.OPEN)),
            When(OWN_UNSERVED, then=Value(Stage.UNSERVED)),
            default=Value(Stage.CLOSED),
        ),
        output_field=models.CharField("状态", max_length=20, choices=Stage),
        db_persist=True,
    )
    # The day of the reply that is still to be served, the case's own or a new one: by it 待送达 is
    # looked up in an index of its own.
    unserved_on = models.GeneratedField(
        expression=Switch(
            When(voided_on__isnull=False, then=None),
            When(OWN_UNSERVED, then=F("closed_on")),
            default=F("again_replied_on"),
        ),
        output_field=models.DateField("待送达", null=True),
        db_persist=True,
    )
    # The day on which the last of it was done; none while it, or a new reply that a decision
    # orders, is still to be given or served. By it a successor knows what is its own to work.
    settled_on = models.GeneratedField(
        expression=Switch(
            When(Q(closed_on=None) | REOPENED | OWN_UNSERVED, then=None),
            default=Greatest(
                Coalesce("served_on", "closed_on"), Coalesce("again_served_on", "closed_on")
            ),
        ),
        output_field=models.DateField("全部办完的日期", null=True),
        db_persist=True,
    )
    # What lists are ordered and filtered by, so that the first page is read off an index.
    list_place = models.GeneratedField(
        expression=list_place(), output_field=models.BigIntegerField(), db_persist=True
    )
    received_year = models.GeneratedField(
        expression=YearOf("received_on"),
        output_field=models.PositiveSmallIntegerField("收到年度", null=True),
        db_persist=True,
    )
    outcome_group = models.GeneratedField(
        expression=Switch(
            *(When(outcome__in=outcomes_in(group), then=Value(group)) for group in OutcomeGroup),
            default=Value(""),
        ),
        output_field=models.CharField("答复类型的组", max_length=20),
        db_persist=True,
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    form_token = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "申请件"
        constraints = (
            models.UniqueConstraint(
                fields=("number", "number_year", "department"),  # found by number alone, too
                name="case_number_once_a_year",
                violation_error_message="该单位这一年度已有此编号。",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None, outcome="")
                | (Q(closed_on__isnull=False) & ~Q(outcome="")),
                name="case_outcome_and_reply_day_together",
                violation_error_message="答复类型和答复日期要么都填，要么都不填。",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None)
                | Q(received_on__isnull=False, closed_on__gte=F("received_on")),
                name="case_replied_after_receipt",
                violation_error_message="答复日期不能早于收到日期，待确认的申请不能答复。",
            ),
            models.CheckConstraint(
                condition=Q(received_on=None) | Q(received_on__gte=F("arrived_on")),
                name="case_received_after_arrival",
                violation_error_message="收到日期不能早于到件日期。",
            ),
            models.CheckConstraint(
                condition=Q(served_on=None)
                | Q(closed_on__isnull=False, served_on__gte=F("closed_on")),
                name="case_served_after_reply",
                violation_error_message="送达日期不能早于答复日期。",
            ),
            models.CheckConstraint(
                condition=Q(applicant_kind__in=ApplicantKind.values),
                name="case_applicant_kind_is_known",
                violation_error_message="申请人类别不在六类之内。",
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(outcome__in=Outcome.values),
                name="case_outcome_is_known",
                violation_error_message="没有这种答复类型。",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{field: ""}) | Q(**{f"{field}__in": codes.values}),
                    name=f"case_{field}_is_known",
                    violation_error_message=f"没有这种{label}。",
                )
                for field, codes, label in (
                    ("channel", Channel, "申请方式"),
                    ("form_wanted", FormWanted, "所需形式"),
                    ("delivery_wanted", DeliveryWanted, "获取方式"),
                    ("service_method", ServiceMethod, "送达方式"),
                )
            ),
            models.CheckConstraint(
                condition=Q(oral=False) | Q(channel=Channel.IN_PERSON),
                name="case_spoken_in_person",
                violation_error_message="只有当面提出的申请才能是口头申请。",
            ),
            models.CheckConstraint(
                condition=~Q(number=""),
                name="case_has_a_number",
                violation_error_message="编号不能为空。",
            ),
        )
        indexes = (
            # Covers the one grouped statement of reports.counting; nothing else is read for it.
            # SQLite asks `voided_on` again although the condition says it: so it is in there too.
            models.Index(
                fields=("department", "received_on", "closed_on", *CELL, "voided_on"),
                name="case_counted",
                condition=COUNTED,
            ),
            # The cases behind a figure: all that were answered and those of one outcome, by the day
            # of reply, of all organs; and of one organ.
            models.Index(
                fields=("closed_on", "applicant_kind", "department", "voided_on", "id"),
                name="case_closed",
                condition=COUNTED,
            ),
            models.Index(
                fields=("outcome", "closed_on", "applicant_kind", "department", "voided_on", "id"),
                name="case_ended",
                condition=COUNTED,
            ),
            models.Index(
                fields=("department", "closed_on", *CELL, "received_on", "voided_on", "id"),
                name="case_answered",
                condition=COUNTED,
            ),
            # The few that are carried over the turn of a year.
            models.Index(
                fields=("department", "received_on", "closed_on", *CELL, "voided_on"),
                name="case_carried",
                condition=COUNTED & CARRIED,
            ),
            # The few that a decision in a review or suit orders to be answered again.
            models.Index(
                fields=("department", "again_until"), name="case_again", condition=REOPENED
            ),
            # The few that are still to be served.
            models.Index(fields=("unserved_on",), name="case_unserved", condition=TO_SERVE),
            # The first page of a list, whatever one condition it was narrowed by. A second one is
            # met in the index too, where its column comes behind the order.
            models.Index(fields=("list_place", "-id"), name="case_in_order"),
            # What other organs have handed to one to draft, of what is still to do.
            models.Index(
                fields=("drafting_department", "list_place"),
                name="case_by_drafter",
                condition=Q(drafting_department__isnull=False),
            ),
            *(
                models.Index(fields=(field, "list_place", "-id", *more), name=f"case_by_{field}")
                for field, more in FILTERED_BY.items()
            ),
        )

    def __str__(self) -> str:
        return self.number

    def organ_on(self, day: date) -> Department:
        """Who works the case on `day`: its organ, or what succeeded that while anything of the case
        was still to do, or has fallen to be done again since; a review or suit that was running
        then, or has been filed since, too. `User.taken_over` asks the database.

        The table asks `querysets.Organs` instead: for the figures a case ends with its first reply.
        """
        return self.department.holder_on(day, self._was_open_on)

    def _was_open_on(self, day: date) -> bool:
        if self.arrived_on >= day:
            return False
        if self.settled_on is None or self.settled_on >= day:
            return True
        return any(
            it.concluded_on is None or it.concluded_on >= day for it in self.proceedings.all()
        )

    @property
    def is_reopened(self) -> bool:
        """A decision orders a new reply that is not given yet: the case is worked as an open one.

        The same put to the database: `querysets.TO_ANSWER_AGAIN`.
        """
        ordered = self.again_until is not None and self.again_replied_on is None
        return ordered and self.voided_on is None

    @property
    def is_overtaken(self) -> bool:
        """A decision has ordered another reply than the case's own: that is not served any more."""
        return bool(self.again_until or self.again_served_on)

    @property
    def is_worked(self) -> bool:
        """Its reply, or the new one, is still to be given."""
        return self.stage == Stage.OPEN or self.is_reopened

    @property
    def masked_content(self) -> str:
        """The content as lists and heads show it: without the numbers people write into it."""
        return without_personal(self.content)

    @cached_property
    def last_round(self) -> SignOffRound | None:
        """The draft that was submitted last; asked once, as a case lives no longer."""
        return self.rounds.select_related("submitted_by").order_by("-number").first()

    @property
    def live_round(self) -> SignOffRound | None:
        """It, if it is under way or signed: meanwhile no other is submitted."""
        return self.last_round if self.last_round and self.last_round.is_live else None

    @property
    def own_round(self) -> SignOffRound | None:
        """The one that the case's own reply rests on, whatever became of the new ones; not one that
        it has ended beside."""
        ended = (RoundState.SENT_BACK, RoundState.RECALLED)
        last = self.events.filter(kind=EventKind.REPLIED).last()
        rounds = self.rounds.filter(again=False).exclude(state__in=ended)
        return rounds.exclude(number=last.data.get("round", 0) if last else 0).last()

    @cached_property
    def waiting_step(self) -> RoundStep | None:
        """The step that the round has reached and nobody has signed yet; as above."""
        if self.live_round is None or self.live_round.state != RoundState.PENDING:
            return None
        steps = self.live_round.steps.select_related("round").prefetch_related("signers")
        return steps.get(order=self.live_round.reached)

    @cached_property
    def naming_round(self) -> SignOffRound | None:
        """The live one of another open case, whose letter is to answer this one too; as above."""
        if self.stage != Stage.OPEN:
            return None
        there = Case.objects.filter(TO_DO, department=self.department_id, stage=Stage.OPEN)
        named = self.rounds.model.objects.live().filter(content__also__has_key=str(self.pk))
        found = named.filter(case__in=there.exclude(pk=self.pk))
        return found.select_related("case", "submitted_by").first()

    @property
    def binding_round(self) -> SignOffRound | None:
        """The draft under review, or signed, that holds the case as it was submitted."""
        return self.live_round or self.naming_round

    def forget_round(self) -> None:
        """After an act on the round: what was asked before holds no more."""
        for name in ("last_round", "waiting_step"):
            self.__dict__.pop(name, None)
