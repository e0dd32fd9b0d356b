"""The applicant. The only place where personal data are kept, and kept encrypted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cases.choices import ApplicantKind
from cases.crypto import EncryptedTextField, lookup_hash, lookup_hashes, masked


class ApplicantQuerySet(models.QuerySet["Applicant"]):
    def with_phone(self, number: str) -> ApplicantQuerySet:
        return self.filter(phone_hash__in=lookup_hashes(number))

    def with_identity(self, number: str) -> ApplicantQuerySet:
        return self.filter(id_number_hash__in=lookup_hashes(number))


class Applicant(models.Model):
    """A natural person or an organisation as it stood on its application.

    Identity number, telephone, address and e-mail are encrypted; each hash beside them finds the
    same value again without decrypting, and is written by `save` from the value alone.
    """

    PERSONAL: ClassVar[tuple[str, ...]] = ("id_number", "phone", "address", "email")

    kind = models.CharField("申请人类别", max_length=20, choices=ApplicantKind)
    name = models.CharField("姓名或名称", max_length=200)
    credit_code = models.CharField("统一社会信用代码", max_length=40, blank=True)
    legal_representative = models.CharField("法定代表人", max_length=60, blank=True)
    contact_name = models.CharField("联系人", max_length=60, blank=True)
    id_number = EncryptedTextField("证件号码", blank=True)
    phone = EncryptedTextField("联系电话", blank=True)
    address = EncryptedTextField("通信地址", blank=True)
    email = EncryptedTextField("电子邮箱", blank=True)
    id_number_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    phone_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    email_hash = models.CharField(max_length=64, blank=True, editable=False)

    objects = ApplicantQuerySet.as_manager()

    class Meta:
        verbose_name = "申请人"
        constraints = (
            models.CheckConstraint(
                condition=~Q(name=""),
                name="applicant_has_a_name",
                violation_error_message="申请人姓名或名称不能为空。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ApplicantKind.values),
                name="applicant_kind_is_known",
                violation_error_message="申请人类别不在六类之内。",
            ),
        )
        indexes = (
            models.Index(fields=("name",), name="applicant_by_name"),
            models.Index(
                fields=("credit_code",), name="applicant_by_code", condition=~Q(credit_code="")
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.hash_personal_data()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def hash_personal_data(self) -> None:
        """Bring the look-up hashes in line with the values; bulk writers call it themselves."""
        self.id_number_hash = lookup_hash(self.id_number)
        self.phone_hash = lookup_hash(self.phone)
        self.email_hash = lookup_hash(self.email)

    def masked(self) -> dict[str, str]:
        """Field → masked value, for those that are filled."""
        values = {name: getattr(self, name) for name in self.PERSONAL}
        return {name: masked(value) for name, value in values.items() if value}
