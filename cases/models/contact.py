"""The telephone numbers that calls went to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cases.crypto import EncryptedTextField, lookup_hash, masked
from cases.models.case import Case
from cases.models.event import Event


class ContactNumber(models.Model):
    """The number a call went to: personal data, so kept here and never in the event of the call.

    Encrypted like the applicant's own, with the keyed hash by which the list finds the case.
    """

    case = models.ForeignKey(
        Case, models.PROTECT, related_name="contact_numbers", verbose_name="申请件"
    )
    event = models.OneToOneField(
        Event, models.PROTECT, related_name="contact_number", verbose_name="沟通记录"
    )
    number = EncryptedTextField("电话号码")
    number_hash = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = "联系号码"
        indexes = (models.Index(fields=("number_hash",), name="contact_number_by_hash"),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(number_hash=""),
                name="contact_number_is_hashed",
                violation_error_message="电话号码不能为空。",
            ),
        )

    def __str__(self) -> str:
        return masked(self.number)

    def save(self, *args: object, **kwargs: object) -> None:
        self.hash_number()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def hash_number(self) -> None:
        """Bring the look-up hash in line with the number; bulk writers call it themselves."""
        self.number_hash = lookup_hash(self.number)
