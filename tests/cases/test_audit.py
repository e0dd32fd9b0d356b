"""The audit chain: every act once, tied to the one before, and no change unseen."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from cases import audit, vendor, workflow
from cases.choices import EventKind, Role
from cases.models import AuditEntry
from tests.makers import TODAY, hand_of, make_case, make_tree, make_user

pytestmark = pytest.mark.django_db


def tampered(sql: str, parameters: tuple[str | int | None, ...] = ()) -> None:
    """What somebody with the database's password could do, the triggers taken off."""
    with vendor.triggers_removed(connection), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


@pytest.fixture
def chain() -> list[AuditEntry]:
    tree = make_tree()
    hand = hand_of(tree.housing)
    case = make_case(tree.housing)
    workflow.amend(case, by=hand, today=TODAY, reason="录错", values={"purpose": "自用"})
    workflow.reply(
        case,
        by=hand,
        today=TODAY,
        outcome="granted",
        closed_on=date(2025, 10, 9),
        service_method="post",
    )
    return list(AuditEntry.objects.order_by("id"))


def test_each_act_writes_one_entry(chain: list[AuditEntry]) -> None:
    assert [entry.act for entry in chain] == [
        EventKind.REGISTERED,
        EventKind.AMENDED,
        EventKind.REPLIED,
    ]
    assert {entry.target for entry in chain} == {"case"}
    assert chain[0].target_name == "秀建公开申〔2025〕1号"
    assert all(entry.actor is not None for entry in chain)


def test_the_chain_as_written_holds(chain: list[AuditEntry]) -> None:
    assert audit.first_broken() is None
    said = StringIO()
    call_command("verify_audit", stdout=said)
    assert "3 条操作记录相符" in said.getvalue()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("act", "查看"),
        ("actor_id", None),
        ("target_id", "99"),
        ("target_name", "别的编号"),
        ("after", '{"reason": "另一个原因"}'),
        ("before", '{"x": 1}'),
        ("address", "10.0.0.1"),
        ("at", "2025-01-01 00:00:00"),
    ],
)
def test_a_changed_entry_is_found(chain: list[AuditEntry], column: str, value: str | None) -> None:
    sql = f"UPDATE cases_auditentry SET {column} = %s WHERE id = %s"
    tampered(sql, (value, chain[1].pk))
    broken = audit.first_broken()
    assert broken is not None and broken.pk == chain[1].pk
    with pytest.raises(CommandError, match=f"自第 {chain[1].pk} 条起对不上"):
        call_command("verify_audit")


def test_a_removed_entry_is_found_at_the_next(chain: list[AuditEntry]) -> None:
    tampered("DELETE FROM cases_auditentry WHERE id = %s", (chain[1].pk,))
    broken = audit.first_broken()
    assert broken is not None and broken.pk == chain[2].pk


def test_an_entry_made_up_without_the_key_is_found(chain: list[AuditEntry]) -> None:
    forged = AuditEntry(
        at=chain[-1].at,
        act="答复",
        target="case",
        previous_mac=chain[-1].mac,
        mac="0" * 64,
    )
    forged.save(force_insert=True)
    broken = audit.first_broken()
    assert broken is not None and broken.pk == forged.pk


def test_the_head_of_the_chain_is_logged_outside_the_database(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """So that entries cut off at the end are missed too."""
    with caplog.at_level("INFO", logger="cases.audit"):
        entry = audit.record(by=None, act="试")
    assert entry.mac in caplog.text


def test_two_entries_never_follow_the_same_one(chain: list[AuditEntry]) -> None:
    previous = [entry.previous_mac for entry in chain]
    assert len(set(previous)) == len(previous)


def test_an_act_that_fails_leaves_no_entry() -> None:
    tree = make_tree()
    case = make_case(tree.housing)
    before = AuditEntry.objects.count()
    with pytest.raises(workflow.NotAllowed):
        workflow.serve(
            case, by=hand_of(tree.housing), today=TODAY, service_method="post", served_on=TODAY
        )
    assert AuditEntry.objects.count() == before


def test_the_address_of_the_request_is_recorded(client: Client, today: date) -> None:
    tree = make_tree()
    case = make_case(tree.housing)
    client.force_login(make_user(Role.CLERK, tree.housing))
    client.post(reverse("cases:applicant", args=[case.pk]), REMOTE_ADDR="10.1.2.3")
    assert AuditEntry.objects.latest("pk").address == "10.1.2.3"
