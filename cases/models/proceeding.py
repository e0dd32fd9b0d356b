"""行政复议 and 行政诉讼 against what was done on applications (section four)."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from cases.choices import (
    ProceedingKind,
    ProceedingResult,
    ReviewProcedure,
    Ruling,
    rulings_counted_as,
)
from cases.models.case import Case
from cases.models.department import Department
from cases.personal import without_personal
from cases.proceeding_querysets import TO_ANSWER, ProceedingQuerySet
from cases.proceeding_terms import Term, defence_term
from cases.workdays import Calendar

# A ruling is counted as the one table says; rows of ledgers have a result and no ruling.
_RULING_FITS = Q(ruling="")
for _result in ProceedingResult:
    _RULING_FITS |= Q(result=_result, ruling__in=rulings_counted_as(_result))


class Proceeding(models.Model):
    """One review or suit, both instances together, at the organ whose act is challenged.

    A suit with the review organ as co-defendant stands with the original organ (〔2016〕201号).
    """

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="proceedings", verbose_name="被申请（被告）单位"
    )
    case = models.ForeignKey(
        Case,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proceedings",
        verbose_name="申请件",
    )
    kind = models.CharField("类型", max_length=20, choices=ProceedingKind)
    docket = models.CharField("案号", max_length=80, blank=True)
    filed_on = models.DateField("立案日期")
    # The term of the written answer is a function of these two and the calendar: see
    # cases.proceeding_terms. It is not stored, so that a new schedule moves it by itself.
    received_on = models.DateField("收到通知日期", null=True, blank=True)
    procedure = models.CharField("程序", max_length=20, choices=ReviewProcedure, blank=True)
    defence_sent_on = models.DateField("提交答复、答辩日期", null=True, blank=True)
    ruling = models.CharField("实际结果", max_length=20, choices=Ruling, blank=True)
    result = models.CharField("结果", max_length=20, choices=ProceedingResult, blank=True)
    concluded_on = models.DateField("审结日期", null=True, blank=True)
    # The day its decision, which orders a new reply, came in; `workflow.reopen` alone writes it.
    ordered_on = models.DateField("责令重新答复", null=True, blank=True, editable=False)
    # The day of the new reply; `workflow.reply_again` alone writes it.
    replied_again_on = models.DateField("重新答复", null=True, blank=True, editable=False)
    remarks = models.TextField("备注", blank=True)
    form_token = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ProceedingQuerySet.as_manager()

    class Meta:
        verbose_name = "复议诉讼"
        ordering = ("-filed_on", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(concluded_on=None, result="")
                | (Q(concluded_on__isnull=False) & ~Q(result="")),
                name="proceeding_result_and_day_together",
                violation_error_message="结果和审结日期要么都填，要么都不填。",
            ),
            models.CheckConstraint(
                condition=Q(concluded_on=None) | Q(concluded_on__gte=F("filed_on")),
                name="proceeding_concluded_after_filing",
                violation_error_message="审结日期不能早于立案日期。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ProceedingKind.values),
                name="proceeding_kind_is_known",
                violation_error_message="类型须为行政复议、未经复议直接起诉或复议后起诉。",
            ),
            models.CheckConstraint(
                condition=Q(result="") | Q(result__in=ProceedingResult.values),
                name="proceeding_result_is_known",
                violation_error_message="结果须为结果维持、结果纠正或其他结果。",
            ),
            models.CheckConstraint(
                condition=_RULING_FITS,
                name="proceeding_ruling_fits_its_result",
                violation_error_message="实际结果与计入年度表的结果不一致。",
            ),
            models.CheckConstraint(
                condition=Q(procedure="")
                | Q(kind=ProceedingKind.REVIEW, procedure__in=ReviewProcedure.values),
                name="proceeding_procedure_of_a_review",
                violation_error_message="普通程序、简易程序只用于行政复议。",
            ),
            models.CheckConstraint(
                condition=Q(defence_sent_on=None)
                | Q(received_on__isnull=False, defence_sent_on__gte=F("received_on")),
                name="proceeding_defence_after_notice",
                violation_error_message="提交答复、答辩的日期不能早于收到通知日期。",
            ),
            models.CheckConstraint(
                condition=Q(ordered_on=None) | Q(concluded_on__isnull=False, case__isnull=False),
                name="proceeding_ordered_by_its_decision",
                violation_error_message="已登记责令重新答复，须有审结日期和申请件。",
            ),
            models.CheckConstraint(
                condition=Q(replied_again_on=None)
                | Q(ordered_on__isnull=False, replied_again_on__gte=F("ordered_on")),
                name="proceeding_replied_again_when_ordered",
                violation_error_message="重新答复的日期不能早于收到决定、判决的日期。",
            ),
            models.UniqueConstraint(
                fields=("department", "docket"),
                condition=~Q(docket=""),
                name="proceeding_docket_once",
                violation_error_message="该单位已有此案号。",
            ),
        )
        indexes = (
            models.Index(
                fields=("department", "filed_on", "concluded_on", "kind", "result"),
                name="proceeding_counted",
            ),
            # The few that still wait for the organ's answer.
            models.Index(
                fields=("department", "received_on"),
                name="proceeding_to_answer",
                condition=TO_ANSWER,
            ),
        )

    def __str__(self) -> str:
        return without_personal(self.docket) or f"{self.get_kind_display()}（{self.filed_on} 立案）"

    def organ_on(self, day: date) -> Department:
        """Who answers in it on `day`: its organ, or what succeeded that while it was running
        (行政复议法19, 行政诉讼法26). The table asks `querysets.Organs`, by the same rule."""
        return self.department.holder_on(day, self._was_open_on)

    def _was_open_on(self, day: date) -> bool:
        return self.filed_on < day and (self.concluded_on is None or self.concluded_on >= day)

    @property
    def answer_label(self) -> str:
        return "书面答复" if self.kind == ProceedingKind.REVIEW else "答辩"

    def defence_due(self, calendar: Calendar) -> Term | None:
        """Until when the organ answers; None while the notice is not known to be in."""
        if self.received_on is None:
            return None
        return defence_term(
            self.received_on,
            calendar,
            in_court=self.kind != ProceedingKind.REVIEW,
            summary=self.procedure == ReviewProcedure.SUMMARY,
        )

    def drop_what_does_not_fit(self) -> None:
        """Of what a ledger knows nothing of, what no longer goes with what it has just said."""
        if self.ruling and Ruling(self.ruling).result != self.result:
            self.ruling = ""
        if self.kind != ProceedingKind.REVIEW:
            self.procedure = ""
