"""Reviews and suits: section four of the report, and the rulings it counts."""

from django.db.models import TextChoices


class ProceedingKind(TextChoices):
    REVIEW = "review", "行政复议"
    SUIT_DIRECT = "suit_direct", "未经复议直接起诉"
    SUIT_AFTER_REVIEW = "suit_after_review", "复议后起诉"


class ProceedingResult(TextChoices):
    UPHELD = "upheld", "结果维持"
    CORRECTED = "corrected", "结果纠正"
    OTHER = "other", "其他结果"


class ReviewProcedure(TextChoices):
    """How a review is heard; the term of the written answer differs (行政复议法48, 54)."""

    ORDINARY = "ordinary", "普通程序"
    SUMMARY = "summary", "简易程序"


class Ruling(TextChoices):
    """How a review or suit really ended; `RULING_RESULTS` says as what the table counts it."""

    UPHELD = "upheld", "维持"
    CLAIM_DISMISSED = "claim_dismissed", "驳回复议请求、诉讼请求"
    REVOKED = "revoked", "撤销"
    CHANGED = "changed", "变更"
    UNLAWFUL = "unlawful", "确认违法"
    VOID = "void", "确认无效"
    TO_PERFORM = "to_perform", "责令履行"
    NOT_ADMITTED = "not_admitted", "驳回复议申请、驳回起诉"
    WITHDRAWN = "withdrawn", "撤回"
    MEDIATED = "mediated", "调解、和解"
    ENDED = "ended", "终止"
    OTHER = "other", "其他"

    @property
    def result(self) -> ProceedingResult:
        return RULING_RESULTS[self]


# Section four has three results (国办公开办函〔2021〕30号). What decides nothing on the merits,
# a refusal to hear the case included, is 其他结果.
RULING_RESULTS: dict[Ruling, ProceedingResult] = {
    Ruling.UPHELD: ProceedingResult.UPHELD,
    Ruling.CLAIM_DISMISSED: ProceedingResult.UPHELD,
    Ruling.REVOKED: ProceedingResult.CORRECTED,
    Ruling.CHANGED: ProceedingResult.CORRECTED,
    Ruling.UNLAWFUL: ProceedingResult.CORRECTED,
    Ruling.VOID: ProceedingResult.CORRECTED,
    Ruling.TO_PERFORM: ProceedingResult.CORRECTED,
    Ruling.NOT_ADMITTED: ProceedingResult.OTHER,
    Ruling.WITHDRAWN: ProceedingResult.OTHER,
    Ruling.MEDIATED: ProceedingResult.OTHER,
    Ruling.ENDED: ProceedingResult.OTHER,
    Ruling.OTHER: ProceedingResult.OTHER,
}


def rulings_counted_as(result: ProceedingResult) -> list[Ruling]:
    return [ruling for ruling, counted in RULING_RESULTS.items() if counted == result]
