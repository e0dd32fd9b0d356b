"""A deputy of another organ reaches all that the absent colleague does on their cases, no more."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from cases import export_jobs, tasks, workflow
from cases.choices import Channel, EventKind, JobState, LetterKind, Role, ServiceMethod
from cases.folders import requests as folders
from cases.lookups import proceeding_departments, registering_departments
from cases.models import Case, Deputy, Document, Job, Proceeding, User
from cases.permissions import (
    ROLES,
    Act,
    absent_at,
    can,
    can_begin,
    can_on,
    can_record,
)
from cases.workflow import NotAllowed
from tests.documents import forget_document_files, hand_in_documents, make_file
from tests.makers import TODAY, Tree, make_applicant, make_case, make_proceeding, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

LAST = date(2025, 10, 31)
# What concerns an organ and no case of it: a deputy gets none of it.
OF_THE_ORGAN = {
    Act.SET_CHAIN,
    Act.NAME_DEPUTY,
    Act.SET_UP_LETTERS,
    Act.IMPORT_LEDGER,
    Act.COMPUTE_TABLE,
    Act.OVERSEE,
    Act.MANAGE_CALENDAR,
    Act.MANAGE_DEPARTMENT,
    Act.ADMINISTER,
}


@dataclass(frozen=True, slots=True)
class Cast:
    """The absent handles an open case, a closed one and one in review; the deputy is elsewhere."""

    tree: Tree
    absent: User
    deputy: User
    running: Case
    closed: Case
    review: Proceeding
    paper: Document


@pytest.fixture
def files(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.FILES_DIR = tmp_path
    yield
    forget_document_files()


@pytest.fixture
def cast(client: Client, tree: Tree, files: None) -> Cast:
    absent = make_user(Role.REVIEWER, tree.housing, name="审核人甲")
    running = make_case(tree.housing, handler=absent)
    closed = make_case(
        tree.housing,
        handler=absent,
        closed_on=date(2025, 10, 9),
        service_method=ServiceMethod.POST,
        served_on=date(2025, 10, 9),
    )
    client.force_login(absent)
    hand_in_documents(client, running, make_file("申请书.pdf"))
    client.logout()
    return Cast(
        tree,
        absent,
        make_user(Role.CLERK, tree.land, name="经办员乙"),
        Case.objects.get(pk=running.pk),
        closed,
        make_proceeding(tree.housing, case=closed, docket="秀政复〔2025〕8号"),
        Document.objects.get(),
    )


def stand_in(cast: Cast) -> User:
    Deputy.objects.create(user=cast.absent, deputy=cast.deputy, from_on=TODAY, to_on=LAST)
    return fresh(cast.deputy)


def fresh(user: User) -> User:
    """As the next request sees the user."""
    return User.objects.get(pk=user.pk)


# --- Act by act ----------------------------------------------------------------------------------


@pytest.mark.parametrize("act", sorted(set(ROLES) - OF_THE_ORGAN))
def test_on_a_case_of_the_absent_every_act_that_is_theirs(cast: Cast, act: Act) -> None:
    assert not can_on(cast.deputy, act, cast.running)
    deputy = stand_in(cast)
    assert can_on(deputy, act, cast.running) == (Role.REVIEWER in ROLES[act])
    other = make_case(cast.tree.housing)
    assert not can_on(deputy, act, other)
    assert not can(deputy, act, cast.tree.housing)


@pytest.mark.parametrize("act", sorted(OF_THE_ORGAN))
def test_nothing_of_their_organ_itself(cast: Cast, act: Act) -> None:
    assert not can(stand_in(cast), act, cast.tree.housing)


# --- Page by page --------------------------------------------------------------------------------

Address = Callable[[Cast], str]


def of_running(page: str) -> Address:
    return lambda cast: reverse(page, args=[cast.running.pk])


def of_closed(page: str) -> Address:
    return lambda cast: reverse(page, args=[cast.closed.pk])


PAGES: dict[str, Address] = {
    "case": of_running("cases:detail"),
    "closed case": of_closed("cases:detail"),
    "term": of_running("cases:term_sheet"),
    "letter": of_running("cases:make_letter"),
    "documents": of_running("cases:keep_document"),
    "reply": of_running("cases:reply"),
    "extension": of_running("cases:extend"),
    "earlier": of_running("cases:earlier_of"),
    "assign": of_running("cases:assign"),
    "amend": of_closed("cases:amend"),
    "folder": of_closed("cases:folder"),
    "review": lambda cast: reverse("cases:proceeding_amend", args=[cast.review.pk]),
    "new review": lambda cast: f"{reverse('cases:proceeding_new')}?case={cast.closed.pk}",
    "bundle": lambda cast: reverse("cases:proceeding_bundle", args=[cast.review.pk]),
    "applies again": lambda cast: f"{reverse('cases:register')}?like={cast.closed.pk}",
}


@pytest.mark.parametrize("page", PAGES)
def test_the_deputy_opens_it_during_the_leave_alone(client: Client, cast: Cast, page: str) -> None:
    address = PAGES[page](cast)
    client.force_login(cast.deputy)
    assert client.get(address).status_code == 404
    stand_in(cast)
    assert client.get(address).status_code == 200


def test_the_page_of_the_case_offers_what_may_be_done(client: Client, cast: Cast) -> None:
    stand_in(cast)
    client.force_login(cast.deputy)
    shown = client.get(reverse("cases:detail", args=[cast.running.pk])).context
    for right in (
        "may_open_documents",
        "may_keep_documents",
        "may_withdraw_documents",
        "may_make_letters",
        "may_record_proceeding",
        "may_register",
        "may_see",
    ):
        assert shown[right], right


# --- What is done --------------------------------------------------------------------------------


def test_a_document_is_opened_and_kept(client: Client, cast: Cast) -> None:
    address = reverse("cases:document", args=[cast.running.pk, cast.paper.pk])
    client.force_login(cast.deputy)
    assert client.post(address).status_code == 404
    stand_in(cast)
    assert client.post(address).status_code == 200
    kept = hand_in_documents(client, cast.running, make_file("补充.pdf", b"%PDF-1.7\n%2"))
    assert kept.status_code == 302
    assert cast.running.documents.count() == 2


def test_a_letter_is_made_and_a_reply_is_served(cast: Cast) -> None:
    deputy = stand_in(cast)
    said: dict[str, Any] = {"by": deputy, "today": TODAY}
    workflow.make_letter(cast.running, kind=LetterKind.RECEIPT, dated_on=TODAY, **said)
    workflow.reply(
        cast.running,
        outcome="granted",
        closed_on=TODAY,
        service_method=ServiceMethod.POST,
        **said,
    )
    workflow.serve(cast.running, service_method=ServiceMethod.POST, served_on=TODAY, **said)
    assert Case.objects.get(pk=cast.running.pk).served_on == TODAY


def test_a_folder_is_packed_and_fetched_until_the_leave_is_over(client: Client, cast: Cast) -> None:
    stand_in(cast)
    client.force_login(cast.deputy)
    asked = {"version": cast.closed.version}
    address = reverse("cases:folder", args=[cast.closed.pk])
    assert client.post(address, asked).status_code == 302
    job = Job.objects.get(task=folders.TASK)
    tasks.pack_folder(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.error
    file = reverse("cases:folder_file", args=[job.pk])
    assert client.post(file).status_code == 200
    Deputy.objects.all().delete()
    assert client.post(file).status_code == 403


def test_the_evidence_of_a_review_is_packed(client: Client, cast: Cast) -> None:
    stand_in(cast)
    client.force_login(cast.deputy)
    assert client.post(PAGES["bundle"](cast)).status_code == 302
    job = Job.objects.get(task=folders.TASK)
    tasks.pack_folder(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.error


def test_a_review_is_entered_for_their_case_and_for_no_other(cast: Cast) -> None:
    deputy = stand_in(cast)
    assert list(proceeding_departments(deputy, on=TODAY)) == [cast.tree.housing, cast.tree.land]
    assert list(Proceeding.objects.visible_to(deputy)) == [cast.review]
    make_proceeding(cast.tree.housing, case=cast.closed, by=deputy)
    for case in (None, make_case(cast.tree.housing)):
        assert not can_record(deputy, Proceeding(department=cast.tree.housing, case=case))
        with pytest.raises(NotAllowed):
            make_proceeding(cast.tree.housing, case=case, by=deputy)


def test_an_application_is_registered_for_their_organ_and_is_theirs(
    client: Client, cast: Cast
) -> None:
    housing, town = cast.tree.housing, cast.tree.town
    assert list(registering_departments(cast.deputy, on=TODAY)) == [cast.tree.land]
    deputy = stand_in(cast)
    assert set(registering_departments(deputy, on=TODAY)) == {housing, cast.tree.land}
    assert absent_at(deputy, Act.REGISTER, housing) == cast.absent.pk
    assert not can_begin(deputy, Act.REGISTER, town)
    client.force_login(cast.deputy)
    typed = {
        **client.get(reverse("cases:register")).context["form"].initial,
        "kind": "natural_person",
        "name": "申请人乙",
        "channel": Channel.IN_PERSON,
        "arrived_on": TODAY,
        "received_on": TODAY,
        "content": "甲路以东地块规划条件",
        "department": housing.pk,
        "handler": cast.deputy.pk,
    }
    for _ in range(2):  # twice, as by a double click
        answer = client.post(reverse("cases:register"), typed)
        assert answer.status_code == 302
    case = Case.objects.get(content="甲路以东地块规划条件")
    assert (case.department, case.handler) == (housing, cast.absent)
    assert case.events.get(kind=EventKind.REGISTERED).by == cast.deputy
    assert client.get(answer["Location"]).status_code == 200
    with pytest.raises(NotAllowed):
        draft = Case(department=town, channel=Channel.IN_PERSON, arrived_on=TODAY)
        workflow.register(draft, make_applicant(), by=deputy, today=TODAY)


def test_by_a_role_of_ones_own_the_case_is_nobody_elses(cast: Cast) -> None:
    """A colleague of the same organ registers as always."""
    colleague = make_user(Role.CLERK, cast.tree.housing)
    Deputy.objects.create(user=cast.absent, deputy=colleague, from_on=TODAY, to_on=LAST)
    assert make_case(cast.tree.housing, by=fresh(colleague)).handler is None


def test_an_auditor_on_leave_lends_nothing_they_have_not(cast: Cast) -> None:
    cast.absent.assignments.update(role=Role.AUDITOR)
    deputy = stand_in(cast)
    assert can_on(deputy, Act.SEE_TABLE, cast.running)
    assert not can_on(deputy, Act.REPLY, cast.running)
    assert list(registering_departments(deputy, on=TODAY)) == [cast.tree.land]


def test_an_export_is_fetched_while_the_cases_in_it_are_to_be_read(
    client: Client, cast: Cast
) -> None:
    deputy = stand_in(cast)
    make_case(cast.tree.land)
    job = export_jobs.request_export("", count=3, by=deputy, personal=True)
    tasks.export_cases(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.error
    assert job.result["entrusted"] == [cast.running.pk, cast.closed.pk]
    assert job.result["personal_departments"] == [cast.tree.land.pk]
    assert export_jobs.may_fetch(fresh(deputy), job)
    Deputy.objects.all().delete()
    assert not export_jobs.may_fetch(fresh(deputy), job)
