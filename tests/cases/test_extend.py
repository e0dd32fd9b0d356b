"""延期: once, at most twenty working days, told by the old due day (条例第三十三条).

Received on 2025-09-15, due on 10-17; extended by twenty, on 11-14. Today is 2025-10-27.
"""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import Addressee, EventKind, Role
from cases.models import Case
from tests.makers import TODAY, Facts, Tree, hand_of, make_case, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TOLD = date(2025, 10, 15)


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(tree.housing)


@pytest.fixture
def head(client: Client, tree: Tree) -> Client:
    """Signed in as one who may approve an extension."""
    client.force_login(make_user(Role.SUPERVISOR, tree.government))
    return client


def url_of(case: Case) -> str:
    return reverse("cases:extend", args=[case.pk])


def typed(case: Case, **fields: object) -> dict[str, Any]:
    usual = {"on": TOLD.isoformat(), "days": "20", "reason": "需要调取档案"}
    return {"version": case.version} | usual | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def extend(case: Case, on: date, days: int = 20, today: date = TODAY) -> Case:
    by = hand_of(case.department)
    return workflow.extend(case, by=by, today=today, on=on, days=days, reason="需要调取档案")


def test_the_due_day_moves_as_the_page_said_it_would(head: Client, case: Case) -> None:
    page = head.get(url_of(case), {"on": "2025-10-15", "days": "20"})
    assert "到期日将从 2025-10-17 改为 2025-11-14。" in page.content.decode()
    page = head.post(url_of(case), typed(case), follow=True)
    assert "已延期，到期日为 2025-11-14。" in page.content.decode()
    assert "延长 20 个工作日并告知申请人：需要调取档案" in page.content.decode()
    assert "次日起第 40 个工作日，到期日 2025-11-14" in page.content.decode()
    assert again(case).ends_on == date(2025, 11, 14)
    extended = case.events.get(kind=EventKind.EXTENDED)
    assert extended.data == {"days": 20, "reason": "需要调取档案"}


def test_told_on_the_due_day_and_the_day_after(head: Client, case: Case) -> None:
    page = head.post(url_of(case), typed(case, on="2025-10-18"))
    sentence = "延期告知（2025-10-18）在到期日 2025-10-17 之后，不改变到期日。"
    assert errors(page) == {"on": [sentence]}
    assert again(case).ends_on == date(2025, 10, 17)
    head.post(url_of(case), typed(case, on="2025-10-17"))
    assert again(case).ends_on == date(2025, 11, 14)


def test_past_the_due_day_it_is_only_recorded_later(client: Client, case: Case) -> None:
    client.force_login(hand_of(case.department))
    page = client.get(reverse("cases:detail", args=[case.pk]))
    assert "延期" in [act["label"] for act in page.context["more_acts"]]
    assert (
        "到期日 2025-10-17 已过，只补记当时已经告知的。"
        in client.get(url_of(case)).content.decode()
    )


def test_on_the_due_day_it_is_still_at_hand(
    head: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2025, 10, 17))
    page = head.get(reverse("cases:detail", args=[case.pk]))
    assert "延期" in [act["label"] for act in page.context["acts"]]
    assert "已过" not in head.get(url_of(case)).context["rule"]


def test_after_a_failed_try_the_page_says_what_would_become_of_the_day(
    head: Client, case: Case
) -> None:
    """Also without a script: the page that comes back is worked anew."""
    page = head.post(url_of(case), typed(case, days="5", reason=""))
    assert errors(page) == {"reason": ["请填写延期理由。"]}
    assert "到期日将从 2025-10-17 改为 2025-10-24。" in page.content.decode()


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ("0", "延期为 1 至 20 个工作日。"),
        ("21", "延期为 1 至 20 个工作日。"),
        ("-3", "延期为 1 至 20 个工作日。"),
        ("", "请填写延长的工作日。"),
        ("二十", "请写成整数，如 15。"),
    ],
)
def test_other_numbers_of_days(head: Client, case: Case, days: str, sentence: str) -> None:
    page = head.post(url_of(case), typed(case, days=days))
    assert errors(page) == {"days": [sentence]}
    assert page.context["form"]["days"].value() == days
    assert case.events.count() == 1


@pytest.mark.parametrize(
    ("days", "due"), [(1, date(2025, 10, 20)), (5, date(2025, 10, 24)), (20, date(2025, 11, 14))]
)
def test_the_days_are_counted_by_the_calendar(case: Case, days: int, due: date) -> None:
    assert extend(case, TOLD, days).ends_on == due


def test_once_in_a_run(head: Client, case: Case) -> None:
    extend(case, TOLD, 5)
    sentence = f"{case.number} 这一次期限已经延长过，延期只能一次（条例第三十三条）。"
    assert sentence in head.get(url_of(case), follow=True).content.decode()
    page = head.post(url_of(case), typed(again(case)))
    assert errors(page)["__all__"] == [sentence]
    page = head.get(reverse("cases:detail", args=[case.pk]))
    assert "延期" not in [act["label"] for act in page.context["acts"]]


def test_a_restarted_term_may_be_extended_anew(tree: Tree) -> None:
    """Domain: after a restart the allowance is twenty again."""
    facts = Facts(correction=(date(2025, 9, 22), date(2025, 9, 28)))
    case = make_case(tree.housing, facts=facts)
    assert case.ends_on == date(2025, 10, 31)
    assert extend(case, date(2025, 10, 27)).ends_on == date(2025, 11, 28)


def test_told_before_the_restart_it_would_move_nothing(head: Client, tree: Tree) -> None:
    facts = Facts(correction=(date(2025, 9, 22), date(2025, 9, 28)))
    case = make_case(tree.housing, facts=facts)
    page = head.post(url_of(case), typed(case, on="2025-09-19"))
    sentence = "期限在这一天或者之后重新起算过，这次告知不会改变到期日，请核对日期。"
    assert errors(page) == {"on": [sentence]}


def test_a_term_that_stands_still_for_an_opinion_may_be_extended(tree: Tree) -> None:
    """The worked example: asked 09-19, back 10-10, twenty more told 10-20, due 11-28."""
    facts = Facts(consultation=(date(2025, 9, 19), date(2025, 10, 10)))
    case = make_case(tree.housing, facts=facts)
    assert extend(case, date(2025, 10, 20)).ends_on == date(2025, 11, 28)
    organ = Facts(consultation=(date(2025, 9, 19), None), consulted=Addressee.OTHER_ORGAN)
    open_ended = make_case(tree.housing, facts=organ)
    assert extend(open_ended, TODAY).ends_on is None
    assert workflow.clock_of(open_ended, on=TODAY).term == 40


@pytest.mark.parametrize(
    ("waits", "word"),
    [
        (Facts(correction=(date(2025, 9, 22), None)), "补正"),
        (Facts(fee=(date(2025, 9, 22), None)), "缴费"),
    ],
)
def test_while_the_applicant_is_waited_for_no_term_runs(
    head: Client, tree: Tree, waits: Facts, word: str
) -> None:
    case = make_case(tree.housing, facts=waits)
    page = head.get(url_of(case), follow=True)
    assert f"{case.number} 正在等待申请人{word}。" in page.content.decode()


def test_over_the_turn_of_the_year_to_a_worked_saturday(tree: Tree) -> None:
    day = date(2026, 1, 19)  # the due day of what came in on Saturday 2025-12-20
    case = make_case(tree.housing, received_on=date(2025, 12, 20), today=day)
    assert case.ends_on == day
    extended = extend(case, day, today=day)
    assert (extended.ends_on, extended.provisional) == (date(2026, 2, 14), False)


def test_into_a_year_without_a_schedule(
    head: Client, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = date(2026, 11, 30)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: today)
    case = make_case(tree.housing, received_on=today, today=today)
    page = head.get(url_of(case))
    assert "（暂定）。" in page.context["preview"].words
    extended = extend(case, today, today=today)
    assert extended.provisional and extended.ends_on is not None
    assert f"改为 {extended.ends_on}（暂定）。" in page.context["preview"].words
