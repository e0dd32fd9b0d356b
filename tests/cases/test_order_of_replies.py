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
from cases.choices import Addressee, EventKind, LetterKind, Outcome
from cases.models import Case, Event, Letter, Proceeding
from cases.workflow.standing import standing
from tests.cases.test_amend import opened
from tests.documents import forget_document_files
from tests.makers import TODAY, Tree, hand_of, make_case, make_proceeding
from tests.signoff import make_chain, signed

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
    """The one that was recorded last."""
    found = (event for event in standing(case.events.all()) if event.kind == kind)
    return max(found, key=lambda event: event.pk)


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


# --- Orders and new replies -----------------------------------------------------------------------


def test_a_new_reply_stays_before_the_next_order(case: Case) -> None:
    ordered(case)
    again(case)
    ordered(case, SECOND)
    said: dict[str, Any] = {"event": the(case, EventKind.REPLIED_AGAIN).pk, "reason": "看错"}

    def moved(on: date) -> Case:
        return workflow.put_right(fresh(case), on=on, **said, **by(case))

    late = "不能晚于“责令重新答复”的日期 2025-10-20。"
    assert refused(moved, date(2025, 10, 21)) == {"on": [late]}
    moved(SECOND)
    assert the(case, EventKind.REPLIED_AGAIN).on == SECOND


def test_it_is_not_revoked_before_the_next_order(case: Case) -> None:
    ordered(case)
    again(case)
    ordered(case, SECOND)
    found = refused(revoke, case, EventKind.REPLIED_AGAIN)
    assert found == {"event": ["其后还有“2025-10-20 责令重新答复”，请先撤销那一条。"]}
    revoke(case, EventKind.REOPENED)
    assert revoke(case, EventKind.REPLIED_AGAIN).is_reopened


def test_nor_moved_behind_it_once_it_was_served(case: Case) -> None:
    ordered(case)
    again(case, served_on=AGAIN)
    ordered(case, SECOND)
    event = the(case, EventKind.SERVED)
    on = date(2025, 10, 22)
    workflow.put_right(fresh(case), event=event.pk, on=on, reason="看错", **by(case))
    event = the(case, EventKind.REPLIED_AGAIN)
    found = refused(
        workflow.put_right, fresh(case), event=event.pk, on=on, reason="看错", **by(case)
    )
    assert found == {"on": ["不能晚于“责令重新答复”的日期 2025-10-20。"]}


def test_the_next_order_came_after_the_new_reply(case: Case) -> None:
    second = ended(case, date(2025, 10, 14))
    ordered(case)
    again(case)
    found = refused(order, case, second, date(2025, 10, 15))
    assert found == {"on": ["不能早于“重新答复”的日期 2025-10-16。"]}
    assert order(case, second, AGAIN).is_reopened


# --- Said again -----------------------------------------------------------------------------------


def said_again(case: Case, on: date) -> Case:
    return order(fresh(case), case.proceedings.get(), on)


def test_an_order_is_not_said_to_have_come_after_its_letter(case: Case) -> None:
    ordered(case)
    letter = make(case, AGAIN)
    late = "收到决定、判决的日期不能晚于“答复书”的日期 2025-10-16，请先撤下它。"
    assert refused(said_again, case, SECOND) == {"on": [late]}
    assert said_again(case, AGAIN).is_reopened
    workflow.withdraw_document(letter.document, reason="写错", **by(case))
    assert said_again(case, SECOND).is_reopened


def test_nor_after_what_was_asked_for_the_new_reply(case: Case) -> None:
    ordered(case)
    who: dict[str, Any] = {"addressee": Addressee.THIRD_PARTY, "whom": "第三方甲"}
    workflow.consult(fresh(case), on=AGAIN, **who, **by(case))
    late = f"收到决定、判决的日期不能晚于“{EventKind.CONSULTATION_SENT.label}”的日期 2025-10-16。"
    assert refused(said_again, case, SECOND) == {"on": [late]}
    assert said_again(case, AGAIN).is_reopened


def test_nor_after_it_was_signed(case: Case) -> None:
    make_chain(case.department)
    ordered(case)
    signed(fresh(case), today=AGAIN, outcome=Outcome.PARTIAL)
    found = refused(said_again, case, SECOND)["on"]
    assert found == ["收到决定、判决的日期不能晚于“法制审核”的日期 2025-10-16。"]


def test_another_order_waits_until_the_letter_of_the_first_is_withdrawn(case: Case) -> None:
    """Its day is as it is: the letter would be older than what it answers."""
    ordered(case)
    letter = make(case, AGAIN)
    assert "“答复书”的日期 2025-10-16" in refused(ordered, case, SECOND)["on"][0]
    workflow.withdraw_document(letter.document, reason="另有判决", **by(case))
    assert ordered(case, SECOND).is_reopened


# --- Revoked with its letter ----------------------------------------------------------------------


def test_an_order_that_is_revoked_takes_its_letter_along(case: Case) -> None:
    ordered(case)
    letter = make(case, AGAIN)
    revoke(case, EventKind.REOPENED)
    letter.document.refresh_from_db()
    assert letter.document.withdrawn_on == TODAY
    told = case.events.get(kind=EventKind.REVOKED)
    assert told.data["documents"] == [letter.document.pk] and "答复书一并撤下" in told.text
    assert amended(case, closed_on=date(2025, 9, 25), served_on=date(2025, 9, 25)).closed_on


def test_said_first_for_a_later_day_it_does_not_come_back_behind_its_letter(case: Case) -> None:
    ordered(case, SECOND)
    Proceeding.objects.update(concluded_on=RULED)
    said_again(case, RULED)
    letter = make(case, AGAIN)
    late = "收到决定、判决的日期不能晚于“答复书”的日期 2025-10-16，请先撤下它。"
    assert refused(revoke, case, EventKind.REOPENED) == {"event": [late]}
    workflow.withdraw_document(letter.document, reason="写错", **by(case))
    assert revoke(case, EventKind.REOPENED).is_reopened


def test_said_twice_it_stands_and_so_does_its_letter(case: Case) -> None:
    ordered(case)
    said_again(case, date(2025, 10, 14))
    letter = make(case, AGAIN)
    assert revoke(case, EventKind.REOPENED).is_reopened
    letter.document.refresh_from_db()
    assert letter.document.withdrawn_on is None
