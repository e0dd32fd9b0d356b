"""The applicant. The only place where personal data are kept, and kept encrypted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import Q

from cases.choices import ApplicantKind
from cases.crypto import EncryptedTextField, lookup_hash, lookup_hashes, masked
from cases.personal import without_personal
from cases.telephones import further_hashes


class ApplicantQuerySet(models.QuerySet["Applicant"]):
    def with_phone(self, number: str) -> ApplicantQuerySet:
        """Alone in its cell, or one of several there."""
        hashes = lookup_hashes(number)
        among = ApplicantNumber.objects.filter(number_hash__in=hashes)
        return self.filter(Q(phone_hash__in=hashes) | Q(pk__in=among.values("applicant_id")))

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
    id_number_hash = models.CharField(max_length=64, blank=True, editable=False)
    phone_hash = models.CharField(max_length=64, blank=True, editable=False)
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
        # `db_index` would make a second index of each hash on PostgreSQL, for beginnings of words.
        indexes = (
            models.Index(fields=("id_number_hash",), name="applicant_by_id_number"),
            models.Index(fields=("phone_hash",), name="applicant_by_phone"),
            models.Index(fields=("email_hash",), name="applicant_by_email"),
            models.Index(fields=("name",), name="applicant_by_name"),
            models.Index(
                fields=("credit_code",), name="applicant_by_code", condition=~Q(credit_code="")
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.hash_personal_data()
        is_new = self._state.adding
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        ApplicantNumber.objects.write([self], is_new=is_new)

    def hash_personal_data(self) -> None:
        """Bring the look-up hashes in line with the values; bulk writers call it themselves."""
        self.id_number_hash = lookup_hash(self.id_number)
        self.phone_hash = lookup_hash(self.phone)
        self.email_hash = lookup_hash(self.email)

    @property
    def masked_name(self) -> str:
        """The name as lists and heads show it: a ledger may have brought a number with it."""
        return without_personal(self.name)

    def masked(self) -> dict[str, str]:
        """Field → masked value, for those that are filled."""
        values = {name: getattr(self, name) for name in self.PERSONAL}
        return {name: masked(value) for name, value in values.items() if value}


class ApplicantNumberQuerySet(models.QuerySet["ApplicantNumber"]):
    def write(self, applicants: Iterable[Applicant], *, is_new: bool = False) -> int:
        """Bring the rows of stored `applicants` in line with their telephones; how many are new."""
        people = list(applicants)
        if not is_new:
            self.filter(applicant__in=people).delete()
        rows = [
            self.model(applicant=person, number_hash=hashed)
            for person in people
            for hashed in further_hashes(person.phone)
        ]
        return len(self.bulk_create(rows)) if rows else 0


class ApplicantNumber(models.Model):
    """The hash of one of several telephone numbers that stand in an applicant's one cell.

    A stored copy of what `Applicant.phone` says, absent where the cell holds a single number.
    `Applicant.save` writes it, bulk writers call `write` themselves, `manage.py rotate_keys` anew.
    """

    applicant = models.ForeignKey(
        Applicant,
        models.CASCADE,
        db_index=False,  # applicant_number_once begins with it
        related_name="further_numbers",
        verbose_name="申请人",
    )
    number_hash = models.CharField(max_length=64)

    objects = ApplicantNumberQuerySet.as_manager()

    class Meta:
        verbose_name = "申请人的另一号码"
        indexes = (models.Index(fields=("number_hash",), name="applicant_number_by_hash"),)
        constraints = (
            models.UniqueConstraint(
                fields=("applicant", "number_hash"),
                name="applicant_number_once",
                violation_error_message="该申请人已有此号码。",
            ),
            models.CheckConstraint(
                condition=~Q(number_hash=""),
                name="applicant_number_is_hashed",
                violation_error_message="电话号码不能为空。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.applicant}"
