"""The first reply, what is ordered after it, and each new reply keep their order and their letters
whatever is put right, revoked or said again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import EventKind, LetterKind, Outcome
from cases.models import Case, Event, Letter, Proceeding
from cases.workflow.standing import standing
from tests.cases.test_amend import opened
from tests.documents import forget_document_files
from tests.makers import TODAY, Tree, hand_of, make_case, make_proceeding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

FIRST, FILED = date(2025, 9, 24), date(2025, 9, 26)
RULED, AGAIN = date(2025, 10, 13), date(2025, 10, 16)
SECOND = date(2025, 10, 20)
NUMBER = "秀建公开〔2025〕1号"


@pytest.fixture(autouse=True)
def empty_folder() -> None:
    forget_document_files()


@pytest.fixture
def case(tree: Tree) -> Case:
    return make_case(
        tree.housing, closed_on=FIRST, service_method="post", served_on=FIRST, reply_number=NUMBER
    )


def by(case: Case) -> dict[str, Any]:
    return {"by": hand_of(case.department), "today": TODAY}


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def ended(case: Case, on: date, filed_on: date = FILED) -> Proceeding:
    said: dict[str, Any] = {"case": case, "ruling": "revoked", "result": "corrected"}
    return make_proceeding(case.department, filed_on=filed_on, concluded_on=on, **said)


def order(case: Case, review: Proceeding, on: date) -> Case:
    workflow.reopen(case, proceeding=review, on=on, workdays=20, **by(case))
    return fresh(case)


def ordered(case: Case, on: date = RULED) -> Case:
    return order(case, ended(case, on), on)


def again(case: Case, on: date = AGAIN, **fields: Any) -> Case:
    said: dict[str, Any] = {"outcome": Outcome.PARTIAL, "closed_on": on, "service_method": "post"}
    workflow.reply_again(fresh(case), **by(case), **said, **fields)
    return fresh(case)


def make(case: Case, dated_on: date, **fields: Any) -> Letter:
    said: dict[str, Any] = {"outcome": Outcome.PARTIAL, "dated_on": dated_on} | fields
    return workflow.make_letter(case, kind=LetterKind.REPLY, **by(case), **said)


def amended(case: Case, **values: Any) -> Case:
    return workflow.amend(fresh(case), values=values, reason="录错", **by(case))


def taken_out(case: Case) -> Case:
    fields = ("outcome", "reply_number", "service_method")
    return amended(case, closed_on=None, served_on=None, **dict.fromkeys(fields, ""))


def the(case: Case, kind: EventKind) -> Event:
    return [event for event in standing(case.events.all()) if event.kind == kind][-1]


def revoke(case: Case, kind: EventKind) -> Case:
    workflow.revoke(fresh(case), event=the(case, kind).pk, reason="误登", **by(case))
    return fresh(case)


def refused(act: Any, *args: Any, **options: Any) -> dict[str, list[str]]:
    """What `act` is refused with, by field."""
    with pytest.raises(ValidationError) as error:
        act(*args, **options)
    return error.value.message_dict


# --- The first reply stays before what came of it -------------------------------------------------


def test_it_is_not_taken_out_once_another_was_ordered(case: Case) -> None:
    sentence = "其后有“责令重新答复”（2025-10-13），不能去掉原来的答复。"
    order(case, ended(case, RULED, filed_on=date(2025, 9, 15)), RULED)
    assert refused(taken_out, case) == {"closed_on": [sentence]}
    again(case)
    assert refused(taken_out, case) == {"closed_on": [sentence]}
    workflow.serve(fresh(case), served_on=AGAIN, service_method="post", **by(case))
    assert refused(taken_out, case) == {"closed_on": [sentence]}
    assert fresh(case).closed_on == FIRST


def test_nor_under_a_review_of_it(clerk_client: Client, case: Case) -> None:
    review = make_proceeding(case.department, case=case, filed_on=FILED)
    sentence = "其后有“行政复议”（2025-09-26），不能去掉原来的答复。"
    emptied = dict.fromkeys(("outcome", "closed_on", "served_on", "reply_number"), "")
    typed = opened(clerk_client, case) | emptied | {"service_method": "", "reason": "录错"}
    page = clerk_client.post(reverse("cases:amend", args=[case.pk]), typed)
    assert page.context["form"].errors == {"closed_on": [sentence]}
    Proceeding.objects.filter(pk=review.pk).delete()
    assert taken_out(case).closed_on is None


def test_a_reply_after_the_filing_is_not_what_the_review_is_about(case: Case) -> None:
    make_proceeding(case.department, case=case, filed_on=date(2025, 9, 23))
    assert amended(case, closed_on=date(2025, 9, 22)).closed_on == date(2025, 9, 22)
    assert taken_out(make_case(case.department, closed_on=FIRST)).closed_on is None


def test_it_is_not_moved_behind_what_came_of_it(case: Case) -> None:
    def moved(on: date) -> Any:
        return amended(case, closed_on=on, served_on=on).closed_on

    ordered(case)
    again(case, served_on=AGAIN)
    late = "不能晚于“行政复议”的日期 2025-09-26。"
    assert refused(moved, date(2025, 9, 28)) == {"closed_on": [late]}
    assert moved(FILED) == FILED
    Proceeding.objects.update(filed_on=date(2025, 9, 15))
    late = "不能晚于“责令重新答复”的日期 2025-10-13。"
    assert refused(moved, date(2025, 10, 14)) == {"closed_on": [late]}
    assert moved(RULED) == RULED
