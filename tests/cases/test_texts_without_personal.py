"""Numbers that people wrote into any text of a case, before who may not see personal data.

Every text of every case of the browser tests' world, and of what belongs to it, holds a telephone
and an identity number. Readers without the right to them open every page there is (each has its
`Visit`, as test_accessibility.py demands), and what they can open of a case for each case: none
shows one of the two. A new page, and a new column of text, is in it by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from cases.choices import Role
from cases.crypto import EncryptedTextField
from cases.exports import cases_workbook
from cases.models import (
    Applicant,
    Case,
    CaseLink,
    Document,
    Event,
    Inquiry,
    Letter,
    Proceeding,
    ReplyDraft,
    RoundStep,
    SignOffRound,
    User,
)
from cases.models.calendar import load_calendar
from cases.saved_lists import LABELS, choose_columns
from cases.urls import urlpatterns
from cases.vendor import triggers_removed
from tests.browser.visits import VISITS
from tests.browser.world import World, make_world
from tests.makers import TODAY, make_department, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PHONE, IDENTITY = "13800000000", "33041119700101000X"
WRITTEN = f"甲{PHONE}、{IDENTITY}"
OF_A_CASE: tuple[type[models.Model], ...] = (
    Applicant,
    Case,
    CaseLink,
    Document,
    Event,
    Inquiry,
    Letter,
    Proceeding,
    ReplyDraft,
    RoundStep,
    SignOffRound,
)
# Made by the system; and what a public register says of an organisation.
NO_TEXT = re.compile("number|checksum|content_type|.*sha256|.*_hash|credit_code")
# Where a text is written, it stands as it is: to leave numbers out would lose them when it is kept.
WRITTEN_THERE = {"cases:draft"}


def write_numbers() -> None:
    """Into every column of text, and into every text in a column of JSON."""
    with triggers_removed(connection):
        for model in OF_A_CASE:
            for row in model._default_manager.all():
                for name, value in _with_numbers(row):
                    # A text that has no place in the row (why, where nothing was withdrawn).
                    with suppress(IntegrityError), transaction.atomic():
                        model._default_manager.filter(pk=row.pk).update(**{name: value})
    for applicant in Applicant.objects.all():
        applicant.phone, applicant.id_number = PHONE, IDENTITY
        applicant.save()


def _with_numbers(row: models.Model) -> Iterator[tuple[str, Any]]:
    for field in row._meta.concrete_fields:
        if isinstance(field, models.JSONField):
            yield field.name, _in_json(getattr(row, field.name))
        elif isinstance(field, models.CharField | models.TextField):
            kept = field.choices or field.generated or isinstance(field, EncryptedTextField)
            if not kept and not isinstance(field, models.FileField) and not _is_made(field.name):
                yield field.name, WRITTEN


def _is_made(name: str) -> bool:
    return bool(NO_TEXT.fullmatch(name))


def _in_json(value: Any) -> Any:
    """Codes, days and keys are ASCII; whatever else stands there was typed."""
    if isinstance(value, str):
        return value if value.isascii() else WRITTEN
    if isinstance(value, dict):
        return {key: _in_json(item) for key, item in value.items()}
    return [_in_json(item) for item in value] if isinstance(value, list) else value


def of_each_case(names: set[str]) -> Iterator[tuple[str, str]]:
    """Those of the pages `names` that are about a case, for each case."""
    for pattern in urlpatterns:
        name, route = f"cases:{pattern.name}", str(pattern.pattern)
        if name in names and route.startswith("cases/<int:pk>/") and route.count("<") == 1:
            for case in Case.objects.all():
                yield name, reverse(name, args=[case.pk])


def auditor(world: World) -> User:
    return make_user(Role.AUDITOR, world.tree.government)


def drafter(world: World) -> User:
    """A clerk of a unit that drafts all cases for other organs."""
    unit = make_department("区司法局", parent=world.tree.government)
    Case.objects.update(drafting_department=unit)
    return make_user(Role.CLERK, unit)


@pytest.mark.parametrize("reader", [auditor, drafter])
def test_no_page_shows_them_to_who_may_not_see_them(client: Client, reader: Any) -> None:
    world = make_world()
    write_numbers()
    user = reader(world)
    choose_columns(user, list(LABELS))
    client.force_login(user)
    shown: list[str] = []

    def opens(name: str, address: str) -> bool:
        answer = client.get(address)
        page = b"".join(answer).decode(errors="ignore") if answer.streaming else answer.text
        seen = answer.headers.get("Location", "") + ("" if name in WRITTEN_THERE else page)
        shown.extend(f"{name} {address}" for number in (PHONE, IDENTITY) if number in seen)
        return answer.status_code == 200

    visits = {(it.view, it.address(world)) for it in VISITS if it.view}
    opened = {name for name, address in sorted(visits) if opens(name, address)}
    assert {"cases:detail", "cases:list", "cases:folder", "cases:approval"} <= opened
    for name, address in of_each_case(opened):
        opens(name, address)
    assert not shown, "\n".join(shown)


def test_who_may_see_them_reads_what_was_written(client: Client) -> None:
    """The reasons of the reply and of the draft, and what was noted, whole; names and the like only
    by the act that is logged."""
    world = make_world()
    write_numbers()
    client.force_login(world.users["clerk"])
    case = world.cases["closed"]
    page = client.get(reverse("cases:detail", args=[case.pk])).text
    assert f'<p class="quote whole">{WRITTEN}</p>' in page
    assert f"<dt>承办</dt><dd>{WRITTEN}</dd>" in page
    card = f'<dt>代理人</dt><dd class="asis">{WRITTEN}</dd>'
    assert card not in page
    assert card in client.post(reverse("cases:applicant", args=[case.pk])).text


@pytest.mark.parametrize("in_full", [False, True])
def test_nor_does_a_workbook_without_personal_data(in_full: bool) -> None:
    make_world()
    write_numbers()
    Applicant.objects.update(credit_code="913304001234567890")  # may look like an identity number
    cases = [(case, in_full) for case in Case.objects.select_related("department", "applicant")]
    file = cases_workbook(cases, personal=True, on=TODAY, calendar=load_calendar())
    sheets = load_workbook(BytesIO(file)).worksheets
    texts = [str(cell.value) for sheet in sheets for row in sheet.rows for cell in row]
    assert any(PHONE in text for text in texts) is in_full
    assert any(IDENTITY in text for text in texts) is in_full
    assert "913304001234567890" in texts
