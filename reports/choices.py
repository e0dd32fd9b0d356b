"""Code lists of the annual report, with the words that people see."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices

OWN, HOME, ALL = "own", "home", "all"
SCOPES: Mapping[str, str] = {OWN: "本单位", HOME: "本级政府", ALL: "本单位及下级"}


class ReportState(TextChoices):
    DRAFT = "draft", "填报中"
    RETURNED = "returned", "退回修改"
    CONFIRMED = "confirmed", "已确认"
    ACCEPTED = "accepted", "已通过"
    PUBLISHED = "published", "已公布"
    CORRECTED = "corrected", "已更正"  # a later revision was published


# Texts and figures may still be changed.
WRITABLE = frozenset({ReportState.DRAFT, ReportState.RETURNED})
# The organ stands by its figures; the office may still send them back before they are public.
REPORTED = frozenset({ReportState.CONFIRMED, ReportState.ACCEPTED, ReportState.PUBLISHED})


class ReportStepKind(TextChoices):
    BEGAN = "began", "开始填报"
    CONFIRMED = "confirmed", "确认"
    REPORTED_ZERO = "reported_zero", "零报告"
    RETURNED = "returned", "退回修改"
    ACCEPTED = "accepted", "审核通过"
    PUBLISHED = "published", "公布"
    CORRECTING = "correcting", "更正"
    HANDED_IN = "handed_in", "报送统计表"
    RECALLED = "recalled", "撤回确认"


class Way(TextChoices):
    """How an organ's tables three and four come about."""

    CASES = "cases", "在本系统办理"
    HANDED_IN = "handed_in", "报送统计表"


class Origin(TextChoices):
    """Where a published table is known from."""

    REPORT = "report", "本系统公布"
    ENTERED = "entered", "补录"
