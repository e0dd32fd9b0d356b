"""行政复议 and 行政诉讼 against what was done on applications (section four)."""

from django.db import models
from django.db.models import F, Q

from cases.choices import ProceedingKind, ProceedingResult
from cases.models.case import Case
from cases.models.department import Department
from cases.querysets import ProceedingQuerySet


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
    result = models.CharField("结果", max_length=20, choices=ProceedingResult, blank=True)
    concluded_on = models.DateField("审结日期", null=True, blank=True)
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
        )

    def __str__(self) -> str:
        return self.docket or f"{self.get_kind_display()}（{self.filed_on} 立案）"
