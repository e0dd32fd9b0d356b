"""Personal data: encrypted at rest, in one table only, found by keyed hashes, masked on screen."""

import logging
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import call_command
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import EventKind, Role
from cases.crypto import decrypt, encrypt, lookup_hash, masked
from cases.models import Applicant, Case
from cases.presenting import course_of
from tests.makers import TODAY, hand_of, make_applicant, make_case, make_tree, make_user

pytestmark = pytest.mark.django_db

PLAIN = {
    "id_number": "33041119700101000X",
    "phone": "13800000000",
    "address": "嘉兴市秀洲区甲路1号乙室",
    "email": "jia.shen@example.cn",
}
AMENDED = {
    "id_number": "330411198002020011",
    "phone": "13911112222",
    "address": "嘉兴市南湖区丙路2号丁室",
    "email": "yi.shen@example.cn",
}


def everything_stored() -> str:
    """Every value of every column of every table, as text."""
    rows: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [repr(row) for row in cursor.fetchall()]
    return "\n".join(rows)


def test_no_table_holds_them_in_clear(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    """Registered, amended, looked at, registered again, voided: in no event, audit entry or log."""
    caplog.set_level(logging.DEBUG)
    tree = make_tree()
    hand = hand_of(tree.housing)
    case = make_case(tree.housing, applicant=make_applicant(name="申请人甲", **PLAIN))
    workflow.amend(
        case, by=hand, today=TODAY, reason="申请人更正", values={}, applicant=dict(AMENDED)
    )
    client.force_login(hand)
    client.post(reverse("cases:applicant", args=[case.pk]))
    client.get(reverse("cases:register"), {"like": case.pk})
    workflow.reply(
        case,
        by=hand,
        today=TODAY,
        outcome="granted",
        closed_on=date(2025, 10, 9),
        service_method="post",
        served_on=date(2025, 10, 9),
    )
    workflow.void(case, by=hand, today=TODAY, reason="误登")
    stored, logged = everything_stored(), caplog.text
    for value in (*PLAIN.values(), *AMENDED.values()):
        assert value not in stored
        assert value not in logged
    assert "申请人甲" in stored  # the dump does see what is there


def test_what_is_amended_away_is_gone(client: Client) -> None:
    """Content and purpose with numbers in them, put right in order to remove them; and split."""
    tree, numbers = make_tree(), ("13912345678", "330411198002020011", "yi@example.cn")
    typed = f"甲路方案，请电 {numbers[0]}，证件 {numbers[1]}，住{PLAIN['address']}"
    case = make_case(
        tree.housing,
        applicant=make_applicant(name="申请人甲", **PLAIN),
        content=typed,
        purpose=f"自用，回复至 {numbers[2]}",
    )
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY}
    workflow.split(case, items=(f"甲路方案，{numbers[0]}", "乙路方案"), **said)
    values = {"content": "甲路方案", "purpose": "自用"}
    workflow.amend(case, reason="去掉号码", values=values, **said)
    Case.objects.update(purpose="自用")  # that of the part
    stored = everything_stored()
    for value in (*numbers, PLAIN["address"]):
        assert value not in stored
    event = case.events.latest("pk")
    assert event.data["changes"]["申请内容"] == ["甲路方案，（号码略）", "甲路方案"]
    assert event.data["changes"]["用途"] == ["自用，回复至 （邮箱略）", "自用"]
    client.force_login(hand_of(tree.housing))
    page = client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert "申请内容：甲路方案，（号码略） → 甲路方案" in page


def test_one_number_for_another_is_told_as_a_change_and_no_more() -> None:
    case = make_case(make_tree().housing, content="甲路方案，电话 13912345678")
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY}
    workflow.amend(case, reason="录错", values={"content": "甲路方案，电话 13912345679"}, **said)
    (entry,) = course_of([case.events.latest("pk")], TODAY)
    assert "申请内容：已更正；" in entry.detail


@pytest.mark.parametrize(
    ("role", "whole"), [(Role.CLERK, True), (Role.SUPERVISOR, True), (Role.AUDITOR, False)]
)
def test_numbers_in_the_content_are_shown_to_who_may_see_them(
    client: Client, role: Role, whole: bool
) -> None:
    tree = make_tree()
    case = make_case(
        tree.housing,
        content="甲路方案，电话 13912345678",
        purpose="yi@example.cn",
        remarks="0573-82710000",
    )
    client.force_login(make_user(role, tree.housing))
    page = client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    for number in (case.content, case.purpose, case.remarks):
        assert (number in page) is whole
    assert "<h1>甲路方案，电话 （号码略）</h1>" in page
    listed = client.get(reverse("cases:list")).content.decode()
    assert "甲路方案，电话 （号码略）" in listed and "13912345678" not in listed


def test_a_form_that_was_refused_leaves_no_trace(client: Client) -> None:
    tree = make_tree()
    client.force_login(make_user(Role.CLERK, tree.housing))
    client.post(reverse("cases:register"), {"name": "申请人甲", **PLAIN})
    stored = everything_stored()
    assert not any(value in stored for value in PLAIN.values())


def test_the_application_reads_them_back() -> None:
    case = make_case(make_tree().housing, applicant=make_applicant(**PLAIN))
    stored = Case.objects.get(pk=case.pk).applicant
    assert {name: getattr(stored, name) for name in PLAIN} == PLAIN


def test_the_same_value_is_encrypted_differently_each_time() -> None:
    assert encrypt("13800000000") != encrypt("13800000000")
    assert decrypt(encrypt("13800000000")) == "13800000000"


@pytest.mark.parametrize(
    "written", ["13800000000", "138 0000 0000", "138-0000-0000", "１３８００００００００"]
)
def test_a_telephone_is_found_however_it_is_written(written: str) -> None:
    applicant = make_applicant(phone="13800000000")
    applicant.save()
    assert list(Applicant.objects.with_phone(written)) == [applicant]


def test_an_identity_number_is_found_without_regard_to_case() -> None:
    applicant = make_applicant(id_number="33041119700101000x")
    applicant.save()
    assert list(Applicant.objects.with_identity("33041119700101000X")) == [applicant]


def test_two_without_a_number_are_not_the_same() -> None:
    make_applicant().save()
    assert not Applicant.objects.with_phone("")
    assert not Applicant.objects.with_identity("  ")


def test_the_hash_is_keyed(settings: Any) -> None:
    """A table of all telephone numbers and their plain hashes must be of no use."""
    with_ours = lookup_hash("13800000000")
    assert len(with_ours) == 64
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    assert lookup_hash("13800000000") != with_ours


def test_encrypted_columns_cannot_be_searched() -> None:
    with pytest.raises(Exception, match="lookup"):
        Applicant.objects.filter(phone="13800000000")


def test_a_new_key_in_front_still_reads_and_finds_what_the_old_one_wrote(settings: Any) -> None:
    applicant = make_applicant(phone="13800000000")
    applicant.save()
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    assert Applicant.objects.get().phone == "13800000000"
    assert list(Applicant.objects.with_phone("13800000000")) == [applicant]


def test_rotating_rewrites_all_of_it_so_that_the_old_key_can_go(settings: Any) -> None:
    applicant = make_applicant(**PLAIN)
    applicant.save()
    new = Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, *settings.FIELD_KEYS]
    call_command("rotate_keys", stdout=StringIO())
    settings.FIELD_KEYS = [new]
    stored = Applicant.objects.get()
    assert {name: getattr(stored, name) for name in PLAIN} == PLAIN
    assert list(Applicant.objects.with_phone(PLAIN["phone"])) == [applicant]


def test_a_lost_key_is_said_plainly(settings: Any) -> None:
    make_applicant(phone="13800000000").save()
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(ImproperlyConfigured, match="没有当初使用的密钥"):
        Applicant.objects.get()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("33041119700101000X", "330***********000X"),
        ("13800000000", "138****0000"),
        ("jia@example.cn", "j***@example.cn"),
        ("嘉兴市秀洲区甲路1号", "嘉兴市秀洲区******"),
        ("甲路1号", "******"),
        ("8271234", "******"),  # a local number: six of its seven digits would be all of it
        ("H1234567", "******"),
        ("@", "***@"),
    ],
)
def test_masks_tell_two_apart_and_no_more(value: str, shown: str) -> None:
    assert masked(value) == shown


@pytest.mark.parametrize(
    "reason",
    [
        "电话改为 138-0000-0001",  # the applicant's own, however written
        "另一手机 13912345678",
        "身份证 33041119700101000X 更正",
        "住嘉兴市秀洲区 甲路1号",
        "请拨打 0573-8271 1234",
        "回复至 yi@example.cn",
    ],
)
def test_a_reason_with_personal_data_is_refused(reason: str) -> None:
    """An event keeps its words for ever."""
    case = make_case(
        make_tree().housing,
        applicant=make_applicant(phone="13800000001", address="嘉兴市秀洲区甲路1号"),
    )
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY}
    with pytest.raises(ValidationError, match="不能存个人信息"):
        workflow.amend(case, reason=reason, values={"purpose": "诉讼"}, **said)
    with pytest.raises(ValidationError, match="不能存个人信息"):
        workflow.void(case, reason=reason, **said)
    assert not case.events.exclude(kind=EventKind.REGISTERED).exists()


def test_only_the_applicant_has_encrypted_columns() -> None:
    """Retention and key rotation rewrite one table."""
    fields = {f.name for f in Applicant._meta.fields if type(f).__name__ == "EncryptedTextField"}
    assert fields == set(Applicant.PERSONAL) == set(PLAIN)
    assert all(isinstance(Applicant._meta.get_field(name), models.TextField) for name in fields)


def test_the_key_file_is_for_the_owner_alone() -> None:
    key = Path(django_settings.VAR_DIR) / "keys" / "field_keys"
    assert key.stat().st_mode & 0o077 == 0
