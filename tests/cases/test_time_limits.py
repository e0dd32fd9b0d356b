"""What holds of every act on the answer term: role, scope, stage, version, and what is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import Role
from cases.models import Case
from cases.permissions import ROLES, Act
from cases.views.base import PAGES
from cases.workflow import ACTS
from tests.makers import TODAY, Tree, hand_of, make_case, make_user, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

RECEIVED = date(2025, 10, 9)  # due on 2025-11-05: the term runs on the day of these tests
ASKED = date(2025, 10, 16)


def running(tree: Tree) -> Case:
    return make_case(tree.housing, received_on=RECEIVED)


def not_corrected(tree: Tree) -> Case:
    """Waited for until 2025-10-21."""
    by = hand_of(tree.housing)
    return workflow.ask_correction(
        running(tree), by=by, today=TODAY, on=ASKED, days=3, what="写明文件名称"
    )


def asked_for_reasons(tree: Tree) -> Case:
    case = running(tree)
    by = hand_of(tree.housing)
    return workflow.ask_reasons(case, by=by, today=TODAY, on=ASKED, why="三个月内申请 120 件")


def with_good_reasons(tree: Tree) -> Case:
    by, on = hand_of(tree.housing), date(2025, 10, 20)
    return workflow.receive_reasons(
        asked_for_reasons(tree), by=by, today=TODAY, on=on, reasons="课题需要", reasonable=True
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """An act: a case that has a place for it, and what is typed."""

    act: Act
    make: Callable[[Tree], Case]
    typed: dict[str, str]

    def url(self, case: Case) -> str:
        return reverse(PAGES[self.act], args=[case.pk])

    def form(self, case: Case, **more: object) -> dict[str, Any]:
        return {"version": case.version, "on": TODAY.isoformat()} | self.typed | more


EACH = [
    Asked(
        Act.ASK_CORRECTION,
        running,
        {"days": "15", "what": "请写明文件名称", "consequence": "视为放弃申请"},
    ),
    Asked(Act.RECEIVE_CORRECTION, not_corrected, {"excuse": "邮路中断"}),
    Asked(Act.GIVE_UP_CORRECTION, not_corrected, {"reason": "催告过一次"}),
    Asked(Act.EXTEND, running, {"days": "20", "reason": "需要调取档案"}),
    Asked(Act.ASK_REASONS, running, {"why": "三个月内申请 120 件"}),
    Asked(Act.RECEIVE_REASONS, asked_for_reasons, {"reasons": "课题需要", "reasonable": "yes"}),
    Asked(Act.DELAY, with_good_reasons, {"day": "2025-12-01", "reason": "数量很大"}),
    Asked(Act.WITHDRAW, running, {"how": "letter", "note": ""}),
]
each = pytest.mark.parametrize("asked", EACH, ids=lambda asked: str(asked.act))


@pytest.fixture
def hand_client(client: Client, tree: Tree) -> Client:
    """Signed in as a reviewer, who may do every act here."""
    client.force_login(hand_of(tree.housing))
    return client


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


@each
def test_it_is_done_and_told(hand_client: Client, tree: Tree, asked: Asked) -> None:
    case = asked.make(tree)
    events = case.events.count()
    assert hand_client.get(asked.url(case)).status_code == 200
    page = hand_client.post(asked.url(case), asked.form(case), follow=True)
    assert page.redirect_chain == [(reverse("cases:detail", args=[case.pk]), 302)]
    assert f"{case.number} 已" in page.content.decode()
    assert case.events.count() == events + 1
    assert Case.objects.get(pk=case.pk).version == case.version + 1
    event = case.events.latest("id")
    assert (event.on, event.by) == (TODAY, hand_of(tree.housing))
    assert event.text in page.content.decode()


@each
def test_to_look_writes_nothing(hand_client: Client, tree: Tree, asked: Asked) -> None:
    case = asked.make(tree)
    hand_client.get(asked.url(case), asked.typed)
    assert Case.objects.get(pk=case.pk).version == case.version


@each
@pytest.mark.parametrize("made", ["unconfirmed", "closed"])
def test_no_place_in_another_stage(
    hand_client: Client, tree: Tree, asked: Asked, made: str
) -> None:
    how: dict[str, dict[str, Any]] = {
        "unconfirmed": {"received_on": None},
        "closed": {"closed_on": date(2025, 10, 16)},
    }
    case = make_case(tree.housing, **how[made])
    stage = {"unconfirmed": "待确认", "closed": "已办结"}[made]
    sentence = f"{case.number} {stage}，不能{ACTS[asked.act].label}。"
    page = hand_client.get(asked.url(case), follow=True)
    assert page.redirect_chain == [(reverse("cases:detail", args=[case.pk]), 302)]
    assert sentence in page.content.decode()
    page = hand_client.post(asked.url(case), asked.form(case))
    assert errors(page)["__all__"] == [sentence]
    for name, value in asked.typed.items():
        assert page.context["form"][name].value() == value
    assert Case.objects.get(pk=case.pk).version == case.version


@each
def test_two_clerks(hand_client: Client, tree: Tree, asked: Asked) -> None:
    case = asked.make(tree)
    page = hand_client.post(asked.url(case), asked.form(case, version=case.version - 1))
    assert "您打开之后" in errors(page)["__all__"][0]
    assert page.context["form"]["version"].value() == str(case.version)
    assert Case.objects.get(pk=case.pk).version == case.version


@each
@pytest.mark.parametrize("role", Role)
def test_other_roles_do_not(client: Client, tree: Tree, asked: Asked, role: Role) -> None:
    case = asked.make(tree)
    client.force_login(make_user(role, tree.housing))
    expected = 200 if role in ROLES[asked.act] else 403
    assert client.get(asked.url(case)).status_code == expected
    if expected == 403:
        assert client.post(asked.url(case), asked.form(case)).status_code == 403
        assert Case.objects.get(pk=case.pk).version == case.version


@each
def test_a_stranger_finds_no_such_case(client: Client, tree: Tree, asked: Asked) -> None:
    case = asked.make(tree)
    client.force_login(make_user(Role.REVIEWER, tree.land))
    assert client.get(asked.url(case)).status_code == 404
    assert client.post(asked.url(case), asked.form(case)).status_code == 404


@each
def test_other_methods_are_refused(hand_client: Client, tree: Tree, asked: Asked) -> None:
    assert hand_client.put(asked.url(asked.make(tree))).status_code == 405


BAD_DAYS = [
    ("", "请填写"),
    ("1.4", "不是一个日期"),
    ("2025-10-08", "不能早于收到日期 2025-10-09。"),
    ("2025-10-28", "2025-10-28 还没有到，不能填将来的日期。"),
]


@each
@pytest.mark.parametrize(("day", "sentence"), BAD_DAYS)
def test_a_day_that_cannot_be(
    hand_client: Client, tree: Tree, asked: Asked, day: str, sentence: str
) -> None:
    case = asked.make(tree)
    which = {Act.RECEIVE_REASONS: "要求说明理由的日期 2025-10-16"}
    sentence = sentence.replace("收到日期 2025-10-09", which.get(asked.act, "收到日期 2025-10-09"))
    page = hand_client.post(asked.url(case), asked.form(case, on=day))
    assert sentence in errors(page)["on"][0]
    assert page.context["form"]["on"].value() == day
    for name, value in asked.typed.items():
        assert page.context["form"][name].value() == value
    assert Case.objects.get(pk=case.pk).version == case.version


@each
def test_a_number_of_the_applicant_is_refused(
    hand_client: Client, tree: Tree, asked: Asked
) -> None:
    """Events are for ever, and hold no personal data."""
    case = asked.make(tree)
    words = [name for name, value in asked.typed.items() if name in PERSONAL_WORDS]
    for name in words:
        page = hand_client.post(asked.url(case), asked.form(case, **{name: "电话 13800000000"}))
        assert "办理经过不能存个人信息" in errors(page)["__all__"][0]
    assert words and Case.objects.get(pk=case.pk).version == case.version


PERSONAL_WORDS = {"what", "consequence", "excuse", "reason", "why", "reasons", "note"}


@each
def test_the_page_asks_the_database_as_often_whatever_has_happened(
    hand_client: Client, tree: Tree, asked: Asked
) -> None:
    short, long = asked.make(tree), asked.make(tree)
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY, "reason": "登记有误"}
    for purpose in ("用途甲", "用途乙", "用途丙"):
        workflow.amend(long, values={"purpose": purpose}, **said)
    hand_client.get(asked.url(short))
    assert queries_of(lambda: hand_client.get(asked.url(short))) == queries_of(
        lambda: hand_client.get(asked.url(long))
    )
