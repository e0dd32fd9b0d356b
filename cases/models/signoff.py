"""A reply before it goes out: the draft, the steps it has to pass, and each round through them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import models
from django.db.models import Q

from cases.choices import (
    Outcome,
    RoundState,
    ServiceMethod,
    Signers,
    SignOffKind,
    Verdict,
)
from cases.models.case import Case
from cases.models.department import Department
from cases.models.document import Document
from cases.models.user import User
from cases.querysets import RoundQuerySet, RoundStepQuerySet


class ReplyDraft(models.Model):
    """The reply as far as it is written. Nothing is closed by it; `cases.workflow` writes it.

    `closed_on` is the date that is wanted for the letter. Kept after the reply, as its last draft.
    """

    case = models.OneToOneField(
        Case, models.PROTECT, primary_key=True, related_name="draft", verbose_name="申请件"
    )
    outcome = models.CharField("答复类型", max_length=30, choices=Outcome, blank=True)
    reply_number = models.CharField("文号", max_length=80, blank=True)
    reply_reasons = models.TextField("检索情况与理由", blank=True)
    service_method = models.CharField("送达方式", max_length=20, choices=ServiceMethod, blank=True)
    closed_on = models.DateField("拟答复日期", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="拟稿人")
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    class Meta:
        verbose_name = "答复草稿"

    def __str__(self) -> str:
        return f"{self.case} 草稿"

    @property
    def content(self) -> dict[str, str]:
        """What is submitted and signed, as text."""
        return {
            "outcome": self.outcome,
            "reply_number": self.reply_number,
            "reply_reasons": self.reply_reasons,
            "service_method": self.service_method,
            "closed_on": self.closed_on.isoformat() if self.closed_on else "",
        }


class Step(models.Model):
    """A step and who signs it: the users it names, else all who hold one of the roles of `who`."""

    kind = models.CharField("环节", max_length=20, choices=SignOffKind)
    order = models.PositiveSmallIntegerField("次序")
    who = models.CharField("谁审核", max_length=20, choices=Signers, default=Signers.HEADS)
    signers = models.ManyToManyField(User, related_name="+", blank=True, verbose_name="指定人员")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.get_kind_display())


class SignOffStep(Step):
    """A step that the replies of a department pass. A department without steps replies at once."""

    department = models.ForeignKey(
        Department,
        models.CASCADE,  # a department is never deleted; its chain is no evidence, the rounds are
        related_name="sign_off_steps",
        verbose_name="单位",
    )

    class Meta:
        verbose_name = "审核环节"
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(
                fields=("department", "kind"),
                name="sign_off_step_once",
                violation_error_message="同一环节只能设一次。",
            ),
            models.UniqueConstraint(
                fields=("department", "order"),
                name="sign_off_steps_one_after_the_other",
                violation_error_message="两个环节不能排在同一次序。",
            ),
        )


class SignOffRound(models.Model):
    """A draft as it was submitted, frozen, on its way through the steps of that day.

    `checksum` is that of `content`: what is signed is what was submitted. Only a live round
    (审核中 or 已签发) is asked about; the others stay as the record of what was sent back, or of
    what was signed before a decision ordered a new reply. `again` says that it is for one of those.
    """

    case = models.ForeignKey(
        Case, models.PROTECT, related_name="rounds", verbose_name="申请件", db_index=False
    )
    number = models.PositiveSmallIntegerField("第几次送审")
    again = models.BooleanField("重新答复的送审", default=False)
    content = models.JSONField("送审稿")
    checksum = models.CharField("校验码", max_length=64)
    state = models.CharField("状态", max_length=20, choices=RoundState, default=RoundState.PENDING)
    reached = models.PositiveSmallIntegerField("审到第几步", default=1)
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="送审人")
    submitted_on = models.DateField("送审日期")
    ended_on = models.DateField("办结日期", null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = "送审"
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(
                fields=("case", "number"),
                name="round_numbered_once",
                violation_error_message="这件申请已有这一次送审。",
            ),
            models.UniqueConstraint(
                fields=("case",),
                condition=Q(state__in=(RoundState.PENDING, RoundState.SIGNED)),
                name="round_one_live_a_case",
                violation_error_message="这件申请已经送审。",
            ),
            models.CheckConstraint(
                condition=Q(state=RoundState.PENDING, ended_on=None)
                | (~Q(state=RoundState.PENDING) & Q(ended_on__isnull=False)),
                name="round_ends_on_a_day",
                violation_error_message="审核中的没有办结日期，其余的都有。",
            ),
        )
        indexes = (
            # The few that wait for somebody, however many have been signed.
            models.Index(
                fields=("case",), name="round_pending", condition=Q(state=RoundState.PENDING)
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} 第 {self.number} 次送审"

    @property
    def is_live(self) -> bool:
        return self.state in (RoundState.PENDING, RoundState.SIGNED)

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.content["outcome"])

    @property
    def also(self) -> dict[int, str]:
        """The other cases that the reply answers too: key → number and what is asked for."""
        return {int(key): words for key, words in self.content.get("also", {}).items()}

    @property
    def is_whole(self) -> bool:
        """Whether the content still is what was submitted."""
        return checksum_of(self.content) == self.checksum


class RoundStep(Step):
    """A step of one round: who signs it, and once done what was said, by whom and on which day.

    `signed_name` is who signed on paper; `signed_by` then is who recorded it, and `scan` the paper.
    """

    round = models.ForeignKey(
        SignOffRound, models.PROTECT, related_name="steps", verbose_name="送审", db_index=False
    )
    verdict = models.CharField("意见", max_length=20, choices=Verdict, blank=True)
    signed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人"
    )
    signed_name = models.CharField("线下审批人", max_length=60, blank=True)
    scan = models.ForeignKey(
        Document,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="线下审批的扫描件",
    )
    signed_on = models.DateField("审核日期", null=True, blank=True)
    comment = models.TextField("审核意见", blank=True)
    checked = models.JSONField("核对事项", default=list, blank=True)  # of cases.signoff.POINTS

    objects = RoundStepQuerySet.as_manager()

    class Meta:
        verbose_name = "送审环节"
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(
                fields=("round", "order"),
                name="round_steps_one_after_the_other",
                violation_error_message="两个环节不能排在同一次序。",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", signed_on=None, signed_by=None)
                | (~Q(verdict="") & Q(signed_on__isnull=False, signed_by__isnull=False)),
                name="round_step_signed_by_someone_on_a_day",
                violation_error_message="审核意见要有审核人和日期。",
            ),
        )

    @property
    def preceding(self) -> RoundStep | None:
        """The step that came before in the round; None for the first."""
        return self.round.steps.filter(order=self.order - 1).first()

    @property
    def following(self) -> RoundStep | None:
        """The step that comes next in the round; None after the last."""
        return self.round.steps.filter(order=self.order + 1).first()

    @property
    def signer(self) -> str:
        """Whose opinion it is."""
        return self.signed_name or str(self.signed_by or "")


def checksum_of(content: dict[str, Any]) -> str:
    """SHA-256 of `content`, written in one form whatever the order of its keys."""
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
