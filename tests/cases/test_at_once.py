"""Several at the same moment: one number, one reply, one form; and a lock that does not open."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import EventKind, Outcome, Role, ServiceMethod, Stage
from cases.models import Applicant, Case, Letter, Proceeding, User
from tests.makers import TODAY, Tree, hand_of, make_case, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today")]


@pytest.fixture
def clerk(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.housing)


def at_once(act: Callable[[], Any], times: int = 3) -> list[Any]:
    """What each of `times` threads gets, all let loose together."""
    results: list[Any] = []
    start = threading.Barrier(times)

    def run() -> None:
        start.wait()
        try:
            results.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def post(user: User, url: str, data: dict[str, Any]) -> Any:
    client = Client()
    client.force_login(user)
    return client.post(url, data)


def test_the_same_form_sent_by_an_impatient_hand_is_one_case(tree: Tree, clerk: User) -> None:
    typed = {
        "kind": "natural_person",
        "name": "申请人甲",
        "channel": "in_person",
        "arrived_on": "2025-10-27",
        "received_on": "2025-10-27",
        "content": "补偿方案",
        "department": tree.housing.pk,
        "token": uuid4(),
    }
    answers = at_once(lambda: post(clerk, reverse("cases:register"), typed))
    case = Case.objects.get()
    assert {answer.url for answer in answers} == {reverse("cases:detail", args=[case.pk])}
    assert Applicant.objects.count() == 1
    assert case.number == "秀建公开申〔2025〕1号"


def test_so_is_a_proceeding(tree: Tree, clerk: User) -> None:
    typed = {
        "kind": "review",
        "department": tree.housing.pk,
        "filed_on": "2025-10-20",
        "token": uuid4(),
    }
    answers = at_once(lambda: post(clerk, reverse("cases:proceeding_new"), typed))
    assert {answer.status_code for answer in answers} == {302}
    assert Proceeding.objects.count() == 1


def test_of_two_clerks_who_reply_one_comes_first(tree: Tree, clerk: User) -> None:
    case = make_case(tree.housing, received_on=date(2025, 9, 24))
    typed = {
        "version": case.version,
        "outcome": Outcome.NOT_EXIST,
        "closed_on": "2025-10-27",
        "service_method": ServiceMethod.POST,
        "reply_reasons": "写了半天的理由",
    }
    answers = at_once(lambda: post(clerk, reverse("cases:reply", args=[case.pk]), typed))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 302]
    for answer in answers:
        if answer.status_code == 200:
            content = answer.content.decode()
            assert "您打开之后" in content and "写了半天的理由" in content
    case.refresh_from_db()
    assert case.stage == Stage.UNSERVED
    assert case.events.filter(kind=EventKind.REPLIED).count() == 1


@contextmanager
def another_is_in(act: Callable[[], Any]) -> Iterator[None]:
    """Another process has done `act`, in a transaction that has not ended."""
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                act()
                held.set()
                release.wait(timeout=20)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(timeout=10)
    try:
        yield
    finally:
        release.set()
        thread.join()


def impatient() -> None:
    """Wait for a lock for 200 ms, where the application waits for twenty seconds."""
    sql = "SET lock_timeout = 200" if connection.vendor == "postgresql" else None
    with connection.cursor() as cursor:
        cursor.execute(sql or "PRAGMA busy_timeout = 200")


def test_a_lock_that_does_not_open_gives_a_sentence_and_keeps_the_form(
    client: Client, tree: Tree, clerk: User
) -> None:
    case = make_case(tree.housing, received_on=date(2025, 9, 24))
    typed = {
        "version": case.version,
        "outcome": Outcome.NOT_EXIST,
        "closed_on": "2025-10-27",
        "service_method": ServiceMethod.POST,
        "reply_reasons": "写了半天的理由",
    }
    client.force_login(clerk)
    url = reverse("cases:reply", args=[case.pk])
    try:
        with another_is_in(lambda: list(Case.objects.select_for_update().filter(pk=case.pk))):
            impatient()
            page = client.post(url, typed)
    finally:
        connection.close()  # and with it the short patience
    assert page.status_code == 200
    content = page.content.decode()
    assert "系统正忙，这次没有保存。" in content and "写了半天的理由" in content
    case.refresh_from_db()
    assert case.stage == Stage.OPEN
    assert client.post(url, typed).status_code == 302


def test_letters_made_at_once_have_different_numbers(tree: Tree, clerk: User) -> None:
    cases = [make_case(tree.housing) for _ in range(3)]
    waiting = iter(cases)

    def make() -> Any:
        case = next(waiting)
        typed = {
            "version": case.version,
            "dated_on": "2025-10-27",
            "numbering": "series",
            "make": "1",
        }
        return post(clerk, reverse("cases:make_letter", args=[case.pk]) + "?kind=receipt", typed)

    assert [answer.status_code for answer in at_once(make)] == [302, 302, 302]
    numbers = Letter.objects.values_list("number", flat=True)
    assert sorted(numbers) == [f"秀建公开〔2025〕{n}号" for n in (1, 2, 3)]


def test_of_two_unrelated_replies_with_one_number_one_is_refused(tree: Tree, clerk: User) -> None:
    day = date(2025, 9, 24)
    cases = [make_case(tree.housing, received_on=day, name=f"申请人{it}") for it in "甲乙丙"]
    left = list(cases)

    def reply() -> Any:
        case = left.pop()
        typed = {
            "version": case.version,
            "outcome": Outcome.GRANTED,
            "closed_on": "2025-10-27",
            "reply_number": "秀建公开〔2025〕7号",
            "service_method": ServiceMethod.POST,
        }
        return post(clerk, reverse("cases:reply", args=[case.pk]), typed)

    answers = at_once(reply)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 302]
    refused = [answer.content.decode() for answer in answers if answer.status_code == 200]
    assert all("文号 秀建公开〔2025〕7号 已经用过，请核对。" in page for page in refused)
    assert Case.objects.filter(reply_number="秀建公开〔2025〕7号").count() == 1


def test_of_a_letter_and_a_reply_with_one_number_one_is_refused(tree: Tree, clerk: User) -> None:
    """The number that the series gives next is typed for another case at the same moment."""
    case, other = (make_case(tree.housing, received_on=date(2025, 9, 24)) for _ in range(2))
    letter = {"version": case.version, "dated_on": "2025-10-27", "outcome": "granted"}
    letter |= {"numbering": "series", "number": "", "make": "1"}
    reply = {"version": other.version, "closed_on": "2025-10-27", "outcome": "granted"}
    reply |= {"reply_number": "秀建公开〔2025〕1号", "service_method": ServiceMethod.POST}
    left = [
        lambda: post(
            clerk, reverse("cases:make_letter", args=[case.pk]) + "?kind=reply", dict(letter)
        ),
        lambda: post(clerk, reverse("cases:reply", args=[other.pk]), dict(reply)),
    ]
    at_once(lambda: left.pop()(), times=2)
    made = Letter.objects.get()
    other.refresh_from_db()
    assert (made.number == "秀建公开〔2025〕1号") == (other.reply_number == "")


def test_replies_of_two_years_do_not_get_one_number(tree: Tree, clerk: User) -> None:
    number, by = "秀建公开〔2025〕7号", hand_of(tree.housing)
    before = make_case(tree.housing, received_on=date(2024, 12, 2))
    case = make_case(tree.housing, received_on=date(2025, 9, 24))
    said: dict[str, Any] = {"outcome": Outcome.GRANTED, "closed_on": date(2024, 12, 30)}
    said |= {"reply_number": number, "service_method": ServiceMethod.POST}
    typed = said | {"version": case.version, "closed_on": "2025-10-27"}
    answer = partial(post, clerk, reverse("cases:reply", args=[case.pk]), typed)
    pages: list[Any] = []
    waits = threading.Thread(target=lambda: pages.extend(at_once(answer, 1)))
    with another_is_in(lambda: workflow.reply(before, by=by, today=TODAY, **said)):
        waits.start()
        waits.join(timeout=1)  # as far as it comes while the other has not ended
    waits.join()
    errors = pages[0].context["form"].errors
    assert errors["reply_number"] == [f"文号 {number} 已经用过，请核对。"]
