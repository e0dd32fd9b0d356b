"""Have the folder of a case packed, or the evidence for a review or suit; say who may fetch it.

Whoever asks must be allowed to see what is in it, when they ask, when the job runs and when they
fetch the file. All three are in the audit log.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cases import audit, jobs
from cases.clock import Clock
from cases.daystrip import why_rows, why_sum
from cases.documents.names import plain_name
from cases.folders.aims import field_of
from cases.folders.contents import NO_AIMS, contents_of, evidence_of, kept_documents
from cases.folders.packing import Folder, pack
from cases.folders.pages import letters_of, term_lines, term_of
from cases.jobs import JobFailed, Product, Progress
from cases.models import Case, Job, Proceeding, User
from cases.models.calendar import load_calendar
from cases.permissions import Act, can_on
from cases.presenting import (
    applicant_lines,
    course_of,
    handler_words,
    registration_lines,
    replies_again,
    reply_lines,
)
from cases.proceeding_standing import of_case
from cases.receiving import megabytes
from cases.typesetting.fonts import chinese_font
from cases.workdays import weekday_name
from cases.workflow import NotAllowed, archive, clock_of
from cases.workflow.base import refuse_personal_data

TASK = "cases.tasks.pack_folder"
ASKED, MADE, FETCHED = "要求整理案卷", "整理案卷", "下载案卷"
MAX_BYTES = 200 * 1024 * 1024  # of all documents in a file: it is put together in memory
BEFORE, WRITING = 10, 85  # per cent
PERSONAL_AIM = "文字中有号码、地址等内容，目录不写个人信息，请删去后重试。"


@transaction.atomic
def request_folder(case: Case, *, by: User, today: date, version: int | None = None) -> Job:
    """归档: note it on the case, and have its folder packed. Raises `NotAllowed`."""
    case = archive(case, by=by, today=today, version=version)
    return _request(case, None, f"归档案卷 {case.number}", by)


@transaction.atomic
def request_evidence(proceeding: Proceeding, *, by: User, aims: Mapping[str, str] = NO_AIMS) -> Job:
    """Have the evidence for a review or suit packed; `aims`: what each document is to prove.

    Raises `NotAllowed`, or `ValidationError` by field (`field_of`).
    """
    case = proceeding.case
    if case is None:
        raise NotAllowed("没有填写申请件编号，无法整理证据材料。")
    if not can_on(by, Act.ARCHIVE, case):
        raise NotAllowed(f"您在{case.department}没有整理证据材料的权限。")
    for key, words in aims.items():
        _check_aim(key, words, case)
    return _request(case, proceeding, f"证据材料 {proceeding}（{case.number}）", by, aims)


def _check_aim(key: str, words: str, case: Case) -> None:
    try:
        refuse_personal_data(words, case.applicant)
    except ValidationError as error:
        raise ValidationError({field_of(key): PERSONAL_AIM}) from error


def _request(
    case: Case,
    proceeding: Proceeding | None,
    title: str,
    by: User,
    aims: Mapping[str, str] = NO_AIMS,
) -> Job:
    """The job that is under way for the same, said in the same words, or a new one."""
    told = proceeding.pk if proceeding else None
    said = sha256(json.dumps(aims, sort_keys=True).encode()).hexdigest()[:16]
    job = jobs.request_job(
        task=TASK,
        key=f"{TASK}:{by.pk}:{case.pk}:{told or 0}:{said}",
        title=title,
        params={"case": case.pk, "proceeding": told, "aims": dict(aims)},
        by=by,
    )
    audit.record(by=by, act=ASKED, target=case, after={"proceeding": told})
    return job


def make_folder(job: Job, progress: Progress, *, on: date) -> Product:
    """The .zip file, as at `on`; raises `JobFailed` where the asker may no longer have it."""
    user = job.requested_by
    found = Case.objects.select_related("department", "applicant", "drafting_department", "handler")
    case = found.get(pk=job.params["case"])
    if user is None or not user.is_active or not can_on(user, Act.ARCHIVE, case):
        raise JobFailed("要求整理的账号现在没有权限，没有整理。")
    key = job.params["proceeding"]
    proceeding = Proceeding.objects.get(pk=key) if key else None
    size = sum(document.size for document in kept_documents(case))
    if size > MAX_BYTES:
        raise JobFailed(f"材料共 {megabytes(size)}，超过 {megabytes(MAX_BYTES)}，请逐份下载。")
    progress(BEFORE, "列出案卷")
    folder = folder_of(case, proceeding, on=on, aims=job.params.get("aims", {}))
    count = len(folder.documents)

    def told(place: int, name: str) -> None:
        progress(BEFORE + WRITING * place // count, f"已装入 {place} / {count} 份材料")

    content, packed = pack(folder, chinese_font(settings.PDF_FONT_DIR), told)
    missing = [entry.title for entry in packed.missing]
    after = {"proceeding": key, "documents": count - len(missing), "missing": missing}
    audit.record(by=user, act=MADE, target=case, after=after)
    return Product(after, _file_name(folder.title, on), content)


def folder_of(
    case: Case, proceeding: Proceeding | None, *, on: date, aims: Mapping[str, str] = NO_AIMS
) -> Folder:
    """What goes into the file: of a proceeding the documents as evidence, else all of the case."""
    if proceeding:
        title, entries = f"证据材料 {proceeding} {case.number}", evidence_of(case, aims)
    else:
        title, entries = f"案卷 {case.number}", contents_of(case)
    about = _about(case, on)
    letters = letters_of(case.letters.all(), list(case.documents.all()), entries)
    term = term_of(case, about["clock"], letters)
    return Folder(title, entries, about, term, as_evidence=proceeding is not None)


def may_fetch(user: User, job: Job) -> bool:
    """Only who asked, and only while they may still see what is in the file."""
    case = Case.objects.select_related("department").filter(pk=job.params["case"]).first()
    return bool(job.requested_by_id == user.pk and case and can_on(user, Act.ARCHIVE, case))


def note_fetched(user: User, job: Job) -> None:
    case = Case.objects.get(pk=job.params["case"])
    audit.record(by=user, act=FETCHED, target=case, after={"job": job.pk, "file": job.file_name})


def _about(case: Case, on: date) -> dict[str, Any]:
    """The case in words, personal data masked, and the days of its term."""
    calendar = load_calendar()
    events = list(case.events.select_related("by"))
    clock = clock_of(case, on=on, calendar=calendar, events=events)
    proceedings = case.proceedings.select_related("case").order_by("filed_on", "pk")
    return {
        "case": case,
        "on": on,
        "handler": handler_words(case),
        "applicant_lines": applicant_lines(
            case.applicant, case.agent_name, case.co_applicants, in_full=False
        ),
        "registration": registration_lines(case, in_full=False),
        "reply": reply_lines(case),
        "replies_again": replies_again(events),
        "events": course_of(events, on),
        "standings": of_case(proceedings, on=on, calendar=calendar),
        "term": term_lines(case, clock),
        "why_rows": why_rows(clock),
        "why_sum": why_sum(clock),
        "irregularities": clock.irregularities,
        "days": _days(clock),
        "clock": clock,
        "printed_at": timezone.localtime(),
    }


def _days(clock: Clock) -> list[dict[str, object]]:
    """Each day of the term: the day strip in words."""
    return [
        {
            "day": day.day,
            "weekday": weekday_name(day.day),
            "number": day.number if day.counted else None,
            "text": day.text,
            "source": day.source,
            "due": day.is_due,
        }
        for day in clock.days
    ]


def _file_name(title: str, on: date) -> str:
    return f"{plain_name(title)[:150]} {on:%Y%m%d}.zip"
