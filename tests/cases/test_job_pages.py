"""A job's bar and file: who asked sees how it goes, only who may see the table gets its file."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.choices import JobState, Role
from cases.models import Department, Job, User
from tests.makers import Tree, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


def make_job(department: Department | None, by: User | None, **fields: Any) -> Job:
    return Job.objects.create(
        task="reports.tasks.make_workbook",
        key=f"key-{Job.objects.count()}",
        title="生成工作簿 区住建局 2020 年度",
        department=department,
        requested_by=by,
        queued_at=timezone.now(),
        **fields,
    )


def finished(job: Job) -> Job:
    job.state, job.percent, job.message = JobState.DONE, 100, "完成"
    job.file_name = "区住建局2020年度表.xlsx"
    job.file.save("table.xlsx", ContentFile(b"workbook"), save=False)
    job.save()
    return job


def page_url(job: Job) -> str:
    return reverse("cases:job", args=[job.pk])


def file_url(job: Job) -> str:
    return reverse("cases:job_file", args=[job.pk])


def test_a_running_job_is_asked_for_again_by_htmx(client: Client, tree: Tree) -> None:
    clerk = make_user(Role.CLERK, tree.housing)
    job = make_job(tree.housing, clerk, state=JobState.RUNNING, percent=40, message="勾稽校验")
    client.force_login(clerk)
    page = client.get(page_url(job)).content.decode()
    assert "<html" in page and "勾稽校验" in page and 'value="40"' in page
    fragment = client.get(page_url(job), HTTP_HX_REQUEST="true")
    content = fragment.content.decode()
    assert "<html" not in content
    assert f'hx-get="{page_url(job)}"' in content
    assert "HX-Refresh" not in fragment


def test_when_it_is_done_the_page_that_asked_is_drawn_anew(client: Client, tree: Tree) -> None:
    clerk = make_user(Role.CLERK, tree.housing)
    job = finished(make_job(tree.housing, clerk))
    client.force_login(clerk)
    fragment = client.get(page_url(job), HTTP_HX_REQUEST="true")
    assert fragment["HX-Refresh"] == "true"
    assert "hx-trigger" not in fragment.content.decode()
    assert "下载 区住建局2020年度表.xlsx" in client.get(page_url(job)).content.decode()


def test_a_failure_says_why(client: Client, tree: Tree) -> None:
    clerk = make_user(Role.CLERK, tree.housing)
    job = make_job(tree.housing, clerk, state=JobState.FAILED, error="磁盘已满。")
    client.force_login(clerk)
    fragment = client.get(page_url(job), HTTP_HX_REQUEST="true")
    assert "磁盘已满。" in fragment.content.decode()
    assert "HX-Refresh" not in fragment


def test_the_file_comes_with_its_own_name(client: Client, tree: Tree) -> None:
    clerk = make_user(Role.CLERK, tree.housing)
    job = finished(make_job(tree.housing, clerk))
    client.force_login(clerk)
    answer = client.get(file_url(job))
    assert b"".join(answer.streaming_content) == b"workbook"  # type: ignore[attr-defined]
    assert "attachment" in answer["Content-Disposition"]
    assert "%E5%8C%BA%E4%BD%8F%E5%BB%BA%E5%B1%80" in answer["Content-Disposition"]


def test_who_may_see_the_table_may_fetch_a_colleagues_file(client: Client, tree: Tree) -> None:
    job = finished(make_job(tree.housing, make_user(Role.CLERK, tree.housing)))
    client.force_login(make_user(Role.AUDITOR, tree.government))
    assert client.get(page_url(job)).status_code == 200
    assert client.get(file_url(job)).status_code == 200


def test_a_stranger_finds_neither(client: Client, tree: Tree) -> None:
    job = finished(make_job(tree.housing, make_user(Role.CLERK, tree.housing)))
    for role, department in ((Role.CLERK, tree.land), (Role.ADMINISTRATOR, tree.government)):
        client.force_login(make_user(role, department))
        assert client.get(page_url(job)).status_code == 404
        assert client.get(file_url(job)).status_code == 404


def test_who_asked_and_lost_the_right_gets_no_file(client: Client, tree: Tree) -> None:
    clerk = make_user(Role.CLERK, tree.housing)
    job = finished(make_job(tree.housing, clerk))
    clerk.assignments.all().delete()
    client.force_login(User.objects.get(pk=clerk.pk))
    assert client.get(file_url(job)).status_code == 403


def test_a_job_of_no_department_belongs_to_who_asked(client: Client, tree: Tree) -> None:
    clerk = make_user(Role.CLERK, tree.housing)
    job = finished(make_job(None, clerk))
    client.force_login(make_user(Role.SUPERVISOR, tree.government))
    assert client.get(page_url(job)).status_code == 404
    client.force_login(clerk)
    assert client.get(file_url(job)).status_code == 200


def test_no_file_no_download(client: Client, tree: Tree) -> None:
    clerk = make_user(Role.CLERK, tree.housing)
    client.force_login(clerk)
    assert client.get(file_url(make_job(tree.housing, clerk))).status_code == 404
    gone = finished(make_job(tree.housing, clerk))
    gone.file.delete(save=False)
    Job.objects.filter(pk=gone.pk).update(file="gone.xlsx")
    assert client.get(file_url(gone)).status_code == 404
    assert client.get(reverse("cases:job", args=[999_999])).status_code == 404


def test_without_signing_in_nothing(client: Client, tree: Tree) -> None:
    job = make_job(tree.housing, None)
    assert client.get(page_url(job)).status_code == 302
    assert client.get(file_url(job)).status_code == 302


def test_other_methods_are_refused(client: Client, tree: Tree) -> None:
    clerk = make_user(Role.CLERK, tree.housing)
    job = make_job(tree.housing, clerk)
    client.force_login(clerk)
    assert client.post(page_url(job)).status_code == 405
    assert client.post(file_url(job)).status_code == 405
