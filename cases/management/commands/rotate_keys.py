from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from cases import audit, sealed
from cases.models import (
    Applicant,
    ApplicantNumber,
    ContactNumber,
    Document,
    LedgerUpload,
    LetterTemplate,
)

HASHES = ("id_number_hash", "phone_hash", "email_hash")
BATCH = 500


class Command(BaseCommand):
    help = "用 FIELD_KEYS 的第一把密钥重新加密全部个人信息、台账原件和材料；完成后即可撤下旧密钥。"

    def handle(self, *args: Any, **options: Any) -> None:
        done, last = 0, 0
        while batch := list(Applicant.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
            for applicant in batch:
                applicant.hash_personal_data()
            with transaction.atomic():
                Applicant.objects.bulk_update(batch, [*Applicant.PERSONAL, *HASHES])
                ApplicantNumber.objects.write(batch)
            done, last = done + len(batch), batch[-1].pk
        _rewrite_contact_numbers()
        ledgers, documents = _reseal_ledgers(), _reseal_documents()
        files = f"{ledgers} 个台账文件、{documents} 份材料"
        what = f"{done} 位申请人的个人信息、{files}"
        audit.record(by=None, act="更换个人信息密钥", name=f"{done} 位申请人，{files}")
        self.stdout.write(f"已用新密钥重新加密 {what}。")


def _rewrite_contact_numbers() -> None:
    last = 0
    while batch := list(ContactNumber.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        for contact in batch:
            contact.hash_number()
        ContactNumber.objects.bulk_update(batch, ["number", "number_hash"])
        last = batch[-1].pk


def _reseal_ledgers() -> int:
    """One after the other: what is uploaded meanwhile is under the new key already."""
    files = 0
    for upload in LedgerUpload.objects.exclude(file="").iterator():
        for kept in (upload.file, upload.rows):
            if kept and Path(kept.path).exists():
                sealed.reseal(Path(kept.path))
                files += 1
    return files


def _reseal_documents() -> int:
    files = 0
    for path in (
        *(Path(document.file.path) for document in Document.objects.iterator()),
        *(Path(template.file.path) for template in LetterTemplate.objects.iterator()),
    ):
        if path.exists():
            sealed.reseal(path)
            files += 1
    return files
