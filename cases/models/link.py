"""Cases that belong together: parts of one letter, repeats, related ones."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q

from cases.choices import LinkKind
from cases.models.case import Case


class CaseLinkQuerySet(models.QuerySet["CaseLink"]):
    def of(self, case: Case) -> Self:
        """Both ways."""
        both = Q(earlier=case) | Q(later=case)
        return self.filter(both).select_related("earlier", "later")


class CaseLink(models.Model):
    """Two cases of one department, and how the later belongs to the earlier.

    Each stays a case of its own and is counted (one case, one outcome). What was done and undone
    stands in the events; this is what holds now.
    """

    earlier = models.ForeignKey(
        Case,
        models.PROTECT,
        db_index=False,  # case_link_once begins with it
        related_name="later_links",
        verbose_name="在先的申请件",
    )
    later = models.ForeignKey(
        Case, models.PROTECT, related_name="earlier_links", verbose_name="在后的申请件"
    )
    kind = models.CharField("关联方式", max_length=20, choices=LinkKind)

    objects = CaseLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "关联"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("earlier", "later"),
                name="case_link_once",
                violation_error_message="这两件已经关联。",
            ),
            models.CheckConstraint(
                condition=~Q(earlier=F("later")),
                name="case_link_of_two",
                violation_error_message="一件申请不能与自己关联。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=LinkKind.values),
                name="case_link_kind_is_known",
                violation_error_message="没有这种关联方式。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.earlier} {self.get_kind_display()} {self.later}"

    def other_than(self, case: Case) -> Case:
        return self.earlier if self.later_id == case.pk else self.later

    def words_for(self, case: Case) -> str:
        """The link as `case` sees it: 重复 秀建公开申〔2025〕3号."""
        return f"{_SEEN[LinkKind(self.kind), self.later_id == case.pk]} {self.other_than(case)}"


# As the later and as the earlier of the two sees it.
_SEEN = {
    (LinkKind.SPLIT, True): "拆分自",
    (LinkKind.SPLIT, False): "拆分出",
    (LinkKind.REPEAT, True): "重复了",
    (LinkKind.REPEAT, False): "被重复于",
    (LinkKind.RELATED, True): "相关",
    (LinkKind.RELATED, False): "相关",
}
