"""Ask for the export of a list, make it, and say who may fetch it.

The conditions travel as a query string and are applied again when the job runs, within the scope
and the rights that whoever asked has by then. Who asked, for what, and how many cases were written
is in the audit log.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Length
from django.http import QueryDict

from cases import audit, jobs
from cases.addresses import conditions_of
from cases.exports import MOST_ROWS, cases_workbook
from cases.jobs import JobFailed, Product, Progress
from cases.listing import asked_cases, with_parties
from cases.models import Case, Department, Job, User
from cases.models.calendar import load_calendar
from cases.permissions import Act, can, can_anywhere, organ_of
from cases.querysets import CaseQuerySet
from cases.workflow import NotAllowed

TASK = "cases.tasks.export_cases"
ASKED, MADE = "要求导出申请件", "导出申请件"
KEPT = timedelta(days=7)  # a file, from when it was made
CHUNK = 1000  # cases fetched at a time
BEFORE, WRITING = 5, 90  # per cent


def request_export(query: str, *, count: int, personal: bool, by: User) -> Job:
    """Have the cases of a list exported; raises `NotAllowed`. Asked twice at once, it is one job.

    `count` is how many the list holds now, for the title.
    """
    _check(by, personal=personal)
    asked_for = hashlib.sha256(query.encode()).hexdigest()
    with transaction.atomic():
        job = jobs.request_job(
            task=TASK,
            key=f"{TASK}:{by.pk}:{personal:d}:{asked_for}",
            title=f"导出申请件 {count} 件{'（含个人信息）' * personal}",
            params={"query": query, "personal": personal},
            by=by,
        )
        audit.record(
            by=by, act=ASKED, target=job, name=job.title, after=_told(query, personal, count)
        )
    return job


def export(job: Job, progress: Progress, *, on: date) -> Product:
    """The workbook, as at `on`; raises `JobFailed` where the asker may no longer have it."""
    user, query, personal = job.requested_by, job.params["query"], job.params["personal"]
    if user is None or not user.is_active:
        raise JobFailed("要求导出的账号已停用，没有导出。")
    try:
        _check(user, personal=personal)
    except NotAllowed as refusal:
        raise JobFailed(str(refusal)) from refusal
    calendar = load_calendar()
    found = asked_cases(QueryDict(query), user=user, on=on, calendar=calendar)
    if complaints := found.complaints():  # never more than was asked for
        raise JobFailed("".join(complaints).replace("未按它筛选", "所以没有导出"))
    progress(BEFORE, "列出申请件")
    keys = list(_in_order(found.qs).values_list("pk", flat=True))
    if len(keys) > MOST_ROWS:
        raise JobFailed(f"超过 {MOST_ROWS} 件，一张工作表放不下，请缩小范围后再导出。")
    contents = _Contents(user, personal=personal)
    rows = contents.of(_fetched(keys, user, personal=personal, progress=progress))
    file = cases_workbook(rows, personal=personal, on=on, calendar=calendar)
    name = f"申请台账 {on:%Y%m%d} {contents.cases}件{'（含个人信息）' * personal}.xlsx"
    after = _told(query, personal, contents.cases)
    audit.record(by=user, act=MADE, target=job, name=name, after=after)
    return Product(contents.as_result(), name, file)


def may_fetch(user: User, job: Job) -> bool:
    """Only who asked, and only while they may still read all that is in the file."""
    needed = (
        (Act.SEE_TABLE, job.result.get("departments", [])),
        (Act.SEE_PERSONAL_DATA, job.result.get("personal_departments", [])),
    )
    entrusted = job.result.get("entrusted", [])
    still = Case.objects.visible_to(user).filter(pk__in=entrusted).count()
    return (
        job.requested_by_id == user.pk
        and still == len(entrusted)
        and all(
            can(user, act, department)
            for act, keys in needed
            for department in Department.objects.filter(pk__in=keys)
        )
    )


def delete_old_files(now: datetime, task: str = TASK) -> None:
    """Personal data lie encrypted, the file of an export does not: it goes after `KEPT`."""
    done = Job.objects.filter(task=task, finished_at__lt=now - KEPT).exclude(file="")
    for job in done:
        job.file.delete(save=False)
        done.filter(pk=job.pk).update(file="", message=f"已过 {KEPT.days} 天，文件已删除")


def _check(user: User, *, personal: bool) -> None:
    if not can_anywhere(user, Act.SEE_TABLE):
        raise NotAllowed("您的角色不查看申请件，不能导出。")
    if personal and not can_anywhere(user, Act.SEE_PERSONAL_DATA):
        raise NotAllowed("您的角色不查看个人信息，不能导出含个人信息的文件。")


def _told(query: str, personal: bool, cases: int) -> dict[str, object]:
    """For the audit log, which keeps it for ever: without the words that were searched for."""
    conditions = conditions_of(QueryDict(query))
    if "q" in conditions:
        conditions["q"] = "（略）"
    return {"conditions": conditions, "personal": personal, "cases": cases}


def _in_order(cases: CaseQuerySet) -> CaseQuerySet:
    """As a ledger is kept: department by department, by number."""
    return cases.order_by("department__path", "number_year", Length("number"), "number", "pk")


def _fetched(keys: list[int], user: User, *, personal: bool, progress: Progress) -> Iterator[Case]:
    """The cases chunk by chunk: none is open to the database while progress is written."""
    visible = with_parties(Case.objects.visible_to(user))
    visible = visible.prefetch_related("proceedings")  # they say whose a settled case is now
    if personal:
        visible = visible.defer(None)
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        found = {case.pk: case for case in visible.filter(pk__in=chunk)}
        yield from (found[key] for key in chunk if key in found)
        done = start + len(chunk)
        progress(BEFORE + WRITING * done // len(keys), f"已写入 {done} / {len(keys)} 件")


class _Contents:
    """What goes into the file: how many cases, of whom, and with whose personal data."""

    def __init__(self, user: User, *, personal: bool) -> None:
        self.user, self.personal = user, personal
        self.cases = 0
        self.departments: dict[int, bool] = {}  # whether its applicants' personal data go in
        self.entrusted: list[int] = []  # cases of organs beyond the user's own; without such data

    def of(self, cases: Iterable[Case]) -> Iterator[tuple[Case, bool]]:
        """Each case, and whether its applicant's personal data go in."""
        for case in cases:
            self.cases += 1
            organ = organ_of(case)
            in_full = self.personal and can(self.user, Act.SEE_PERSONAL_DATA, organ)
            # What a successor has taken over the old organ's people read, without personal data.
            read_at = organ if can(self.user, Act.SEE_TABLE, organ) else case.department
            if can(self.user, Act.SEE_TABLE, read_at):
                self.departments[read_at.pk] = in_full or self.departments.get(read_at.pk, False)
            else:
                self.entrusted.append(case.pk)
            yield case, in_full

    def as_result(self) -> dict[str, Any]:
        return {
            "cases": self.cases,
            "departments": list(self.departments),
            "entrusted": self.entrusted,
            "personal_departments": [key for key, written in self.departments.items() if written],
        }
