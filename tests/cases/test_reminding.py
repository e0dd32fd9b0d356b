"""Reminders by beat: to whom, once each, withdrawn when they no longer hold, and by mail."""

from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from pytest_django import Settings

from cases import tasks, workflow
from cases.choices import Addressee, NoticeKind, Role
from cases.models import Case, Deputy, Notice, Proceeding, User
from cases.reminding import mail_digests, remind
from tests.makers import (
    TODAY,
    Facts,
    Tree,
    hand_of,
    make_case,
    make_proceeding,
    make_user,
    queries_of,
)

pytestmark = pytest.mark.django_db

DUE = date(2025, 10, 17)  # of a case received on 2025-09-15
FIVE_LEFT = date(2025, 10, 11)  # a worked Saturday
TWO_LEFT = date(2025, 10, 15)


@pytest.fixture
def clerk(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.housing, name="经办员戊")


def told(user: User) -> list[str]:
    return sorted(Notice.objects.filter(user=user).standing().values_list("kind", flat=True))


def test_the_clerks_of_the_organ_are_told_where_nobody_handles_it(tree: Tree, clerk: User) -> None:
    case = make_case(tree.housing)
    above, aside = make_user(Role.CLERK, tree.government), make_user(Role.CLERK, tree.land)
    assert remind(FIVE_LEFT) == 1
    (notice,) = Notice.objects.all()
    assert (notice.user, notice.case, notice.kind) == (clerk, case, NoticeKind.DUE_IN_5)
    assert (notice.due_on, notice.on) == (DUE, FIVE_LEFT)
    assert not told(above) and not told(aside)


def test_the_handler_alone_is_told(tree: Tree, clerk: User) -> None:
    handler = make_user(Role.CLERK, tree.housing)
    make_case(tree.housing, handler=handler)
    remind(FIVE_LEFT)
    assert (told(handler), told(clerk)) == (["due_in_5"], [])


def test_a_handler_who_has_left_is_not(tree: Tree, clerk: User) -> None:
    handler = make_user(Role.CLERK, tree.housing)
    make_case(tree.housing, handler=handler)
    User.objects.filter(pk=handler.pk).update(is_active=False)
    remind(FIVE_LEFT)
    assert (told(handler), told(clerk)) == ([], ["due_in_5"])


def test_without_a_clerk_of_its_own_those_of_the_organ_above(tree: Tree, clerk: User) -> None:
    above = make_user(Role.CLERK, tree.government)
    make_case(tree.land)
    remind(FIVE_LEFT)
    assert (told(above), told(clerk)) == (["due_in_5"], [])


def test_each_is_told_once_however_often_it_runs(tree: Tree, clerk: User) -> None:
    make_case(tree.housing)
    assert [remind(FIVE_LEFT), remind(FIVE_LEFT), remind(date(2025, 10, 13))] == [1, 0, 0]
    assert Notice.objects.count() == 1


def test_a_day_off_is_left_alone(tree: Tree, clerk: User) -> None:
    make_case(tree.housing)
    assert remind(date(2025, 10, 12)) == 0  # a Sunday, four working days left
    assert not Notice.objects.exists()


def test_a_missed_day_is_caught_up(tree: Tree, clerk: User) -> None:
    make_case(tree.housing)
    remind(date(2025, 10, 13))
    assert "还有 4 个工作日" in Notice.objects.get().text


def test_the_nearer_reminder_takes_the_place_of_the_earlier(tree: Tree, clerk: User) -> None:
    make_case(tree.housing)
    for day in (FIVE_LEFT, TWO_LEFT):
        remind(day)
    assert told(clerk) == ["due_in_2"]
    remind(DUE)
    assert told(clerk) == ["due_today", "extension"]
    remind(date(2025, 10, 20))
    assert told(clerk) == ["overdue"]


def test_an_extended_case_needs_no_word_of_extending(tree: Tree, clerk: User) -> None:
    make_case(tree.housing, facts=Facts(extended_on=date(2025, 9, 20), extended_by=1))
    remind(date(2025, 10, 20))  # the new due day
    assert told(clerk) == ["due_today"]


def test_a_term_of_waiting_that_has_passed(tree: Tree, clerk: User) -> None:
    asked = date(2025, 9, 19)
    make_case(tree.housing, facts=Facts(correction=(asked, None)))
    make_case(tree.housing, facts=Facts(fee=(asked, None)))
    make_case(tree.housing, facts=Facts(consultation=(asked, None)))
    remind(date(2025, 10, 27))
    assert told(clerk) == ["correction_passed", "fee_passed", "opinion_passed"]


def test_it_is_withdrawn_as_soon_as_the_day_moves(tree: Tree, clerk: User) -> None:
    case = make_case(tree.housing)
    remind(TWO_LEFT)
    workflow.extend(
        case, by=hand_of(tree.housing), today=TODAY, on=TWO_LEFT, days=10, reason="案情复杂"
    )
    assert told(clerk) == []


def test_it_is_withdrawn_when_the_case_ends(tree: Tree, clerk: User) -> None:
    case = make_case(tree.housing)
    remind(DUE)
    hand = hand_of(tree.housing)
    said = {"by": hand, "today": DUE, "outcome": "granted", "closed_on": DUE}
    workflow.reply(case, **said, service_method="post")  # type: ignore[arg-type]
    assert told(clerk) == ["due_today"]  # still to be served; no extension any more
    case = Case.objects.get(pk=case.pk)
    workflow.serve(case, by=hand, today=DUE, service_method="post", served_on=DUE)
    assert told(clerk) == []


def test_a_day_that_moves_back_is_told_again(tree: Tree, clerk: User) -> None:
    case = make_case(tree.housing)
    remind(TWO_LEFT)
    Notice.objects.update(withdrawn_at=case.created_at, seen_at=case.created_at)
    assert remind(TWO_LEFT) == 1
    assert Notice.objects.unseen().count() == 1


def test_a_case_that_changed_hands_is_told_to_the_new_ones(tree: Tree, clerk: User) -> None:
    case, new = make_case(tree.housing), make_user(Role.CLERK, tree.housing)
    remind(FIVE_LEFT)
    Case.objects.filter(pk=case.pk).update(handler=new)
    remind(FIVE_LEFT)
    assert (told(clerk), told(new)) == ([], ["due_in_5"])


def test_it_takes_the_same_statements_for_many_cases(tree: Tree, clerk: User) -> None:
    make_case(tree.housing)
    few = queries_of(lambda: remind(DUE))
    Notice.objects.all().delete()
    for _ in range(5):
        make_case(tree.housing)
    assert queries_of(lambda: remind(DUE)) == few
    assert Notice.objects.count() == 12  # due today, and no extension after it


def test_the_deputy_is_told_during_the_leave_alone(tree: Tree, clerk: User) -> None:
    """Both days of it, and of another organ too; the absent colleague finds it on return."""
    deputy = make_user(Role.CLERK, tree.land)
    case = make_case(tree.housing, handler=clerk)
    make_case(tree.housing)  # of nobody: nothing that a deputy would be told of
    Deputy.objects.create(user=clerk, deputy=deputy, from_on=FIVE_LEFT, to_on=TWO_LEFT)
    remind(date(2025, 10, 10))
    assert told(deputy) == []
    remind(FIVE_LEFT)
    assert told(deputy) == ["due_in_5"] and "due_in_5" in told(clerk)
    assert {notice.case for notice in Notice.objects.filter(user=deputy)} == {case}
    remind(TWO_LEFT)
    assert told(deputy) == ["due_in_2"]
    remind(date(2025, 10, 16))
    assert told(deputy) == [] and "due_in_2" in told(clerk)


def test_a_deputy_who_has_left_is_not(tree: Tree, clerk: User) -> None:
    deputy = make_user(Role.CLERK, tree.land)
    make_case(tree.housing, handler=clerk)
    Deputy.objects.create(user=clerk, deputy=deputy, from_on=FIVE_LEFT, to_on=DUE)
    User.objects.filter(pk=deputy.pk).update(is_active=False)
    remind(FIVE_LEFT)
    assert not Notice.objects.filter(user=deputy).exists()


def test_what_is_handed_over_reminds_its_new_hand_at_once(tree: Tree, clerk: User) -> None:
    new, hand = make_user(Role.CLERK, tree.housing), hand_of(tree.housing)
    cases = [make_case(tree.housing, handler=clerk) for _ in range(2)]
    remind(DUE)
    assert len(told(clerk)) == 4
    seen = [(case.pk, case.version) for case in cases]
    workflow.hand_over(seen, by=hand, today=DUE, to=new, reason="调岗")
    assert (told(clerk), len(told(new))) == ([], 4)
    assert remind(DUE) == 0  # all is told already


def consulted(tree: Tree, *asked: tuple[str, Addressee, date]) -> Case:
    case = make_case(tree.housing)
    for key, addressee, on in asked:
        workflow.consult(
            case,
            by=hand_of(tree.housing),
            today=TODAY,
            on=on,
            key=key,
            addressee=addressee,
            whom="某单位",
        )
    return case


def passed(user: User) -> list[date]:
    notices = Notice.objects.filter(user=user, kind=NoticeKind.OPINION_PASSED)
    return sorted(notices.standing().values_list("due_on", flat=True))


FIRST_SENT, LATER_SENT = date(2025, 9, 16), date(2025, 9, 18)
FIRST_UNTIL, LATER_UNTIL = date(2025, 10, 13), date(2025, 10, 15)  # 15 working days after


@pytest.mark.parametrize(
    "other", [Addressee.CO_PRODUCER, Addressee.OTHER_ORGAN], ids=["with a term", "without one"]
)
def test_each_open_opinion_is_reminded_of_by_itself(
    tree: Tree, clerk: User, other: Addressee
) -> None:
    case = consulted(tree, ("1", Addressee.THIRD_PARTY, FIRST_SENT), ("2", other, LATER_SENT))
    remind(FIRST_UNTIL)
    assert passed(clerk) == []
    assert remind(date(2025, 10, 14)) == 1
    assert passed(clerk) == [FIRST_UNTIL]
    assert "其他意见还在征求，答复期限仍停止计算" in Notice.objects.get(user=clerk).text
    assert remind(date(2025, 10, 14)) == 0
    remind(date(2025, 10, 16))
    both = [FIRST_UNTIL, LATER_UNTIL] if other == Addressee.CO_PRODUCER else [FIRST_UNTIL]
    assert passed(clerk) == both
    by = hand_of(tree.housing)
    workflow.receive_opinion(
        case, by=by, today=TODAY, on=date(2025, 10, 16), key="1", opinion="不同意公开"
    )
    assert passed(clerk) == both[1:]


def test_two_opinions_that_end_on_one_day_are_reminded_of_each(tree: Tree, clerk: User) -> None:
    case = consulted(
        tree,
        ("1", Addressee.THIRD_PARTY, FIRST_SENT),
        ("2", Addressee.CO_PRODUCER, FIRST_SENT),
    )
    assert remind(date(2025, 10, 14)) == 2
    told = Notice.objects.standing().filter(user=clerk).order_by("letter")
    assert [(notice.letter, notice.text.partition("的")[0]) for notice in told] == [
        ("1", "第三方（09-16 发函）"),
        ("2", "共同制作机关（09-16 发函）"),
    ]
    said = {"by": hand_of(tree.housing), "today": TODAY, "on": date(2025, 10, 14)}
    workflow.receive_opinion(case, key="1", opinion="不同意公开", **said)  # type: ignore[arg-type]
    assert [notice.letter for notice in told.all()] == ["2"]
    assert remind(date(2025, 10, 14)) == 0
    workflow.lapse_consultation(case, key="2", **said)  # type: ignore[arg-type]
    assert passed(clerk) == []
    assert remind(date(2025, 10, 14)) == 0


# by mail


@pytest.fixture
def server(settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.example.cn"


def write_to(user: User) -> None:
    User.objects.filter(pk=user.pk).update(email="wu@example.cn")


@pytest.mark.usefixtures("server")
def test_one_mail_a_day_holds_numbers_and_days_alone(tree: Tree, clerk: User) -> None:
    write_to(clerk)
    first, second = make_case(tree.housing), make_case(tree.housing)
    remind(FIVE_LEFT)
    assert [mail_digests(FIVE_LEFT), mail_digests(FIVE_LEFT)] == [1, 0]
    (sent,) = mail.outbox
    assert sent.to == ["wu@example.cn"]
    assert sent.subject == "政府信息公开申请：2 件事项待办"
    for case in (first, second):
        assert f"{case.number}：还有 5 个工作日到期，须在 2025-10-17 前" in sent.body
        assert case.applicant.name not in sent.body and case.content not in sent.body


@pytest.mark.usefixtures("server")
def test_what_was_mailed_or_read_is_not_mailed_again(tree: Tree, clerk: User) -> None:
    write_to(clerk)
    make_case(tree.housing)
    remind(FIVE_LEFT)
    mail_digests(FIVE_LEFT)
    assert mail_digests(date(2025, 10, 13)) == 0
    remind(TWO_LEFT)
    Notice.objects.update(seen_at=Case.objects.get().created_at)
    assert mail_digests(TWO_LEFT) == 0


@pytest.mark.parametrize(
    ("host", "address", "day"),
    [
        ("", "wu@example.cn", FIVE_LEFT),
        ("mail.example.cn", "", FIVE_LEFT),
        ("mail.example.cn", "wu@example.cn", date(2025, 10, 12)),  # a Sunday
    ],
)
def test_without_server_or_address_or_on_a_day_off_nothing_is_sent(
    tree: Tree, clerk: User, settings: Settings, host: str, address: str, day: date
) -> None:
    settings.EMAIL_HOST = host
    User.objects.filter(pk=clerk.pk).update(email=address)
    make_case(tree.housing)
    remind(FIVE_LEFT)
    assert mail_digests(day) == 0
    assert not mail.outbox


@pytest.mark.usefixtures("server")
def test_a_server_that_is_away_is_tried_again(
    tree: Tree, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_to(clerk)
    make_case(tree.housing)
    remind(FIVE_LEFT)

    def away(*args: object) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(locmem.EmailBackend, "send_messages", away)
        assert mail_digests(FIVE_LEFT) == 0
    assert mail_digests(FIVE_LEFT) == 1


def test_beat_asks_for_today(tree: Tree, clerk: User, today: date) -> None:
    make_case(tree.housing, received_on=date(2025, 9, 25))  # due on 2025-10-29
    tasks.remind()
    assert told(clerk) == ["due_in_2"]


# reviews and suits: the notice received on 2025-09-28, a worked Sunday, is answered by 2025-10-17

NOTICE_IN = date(2025, 9, 28)
ANSWER_DUE = date(2025, 10, 17)


def reviewed(tree: Tree, case: Case | None = None, **fields: Any) -> Proceeding:
    said: dict[str, Any] = {"received_on": NOTICE_IN, "docket": "〔2025〕7号"} | fields
    return make_proceeding(tree.housing, case=case, **said)


def closed(tree: Tree, **fields: Any) -> Case:
    answered: dict[str, Any] = {"outcome": "not_exist", "closed_on": date(2025, 9, 24)}
    served: dict[str, Any] = {"service_method": "post", "served_on": date(2025, 9, 24)}
    return make_case(tree.housing, **answered, **served, **fields)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2025, 10, 10), []),  # six left
        (date(2025, 10, 11), ["defence_in_5"]),  # the worked Saturday
        (date(2025, 10, 12), []),  # a Sunday
        (date(2025, 10, 15), ["defence_in_2"]),
        (ANSWER_DUE, ["defence_today"]),
        (date(2025, 10, 18), []),  # a Saturday
        (date(2025, 10, 20), ["defence_overdue"]),
    ],
)
def test_the_answer_in_a_review_is_reminded_of(
    tree: Tree, clerk: User, on: date, expected: list[str]
) -> None:
    reviewed(tree)
    remind(on)
    assert told(clerk) == expected
    remind(on)
    assert told(clerk) == expected
    assert not Notice.objects.exclude(user=clerk).exists()


def test_it_goes_to_who_handles_the_case_and_their_deputy(tree: Tree, clerk: User) -> None:
    handler, deputy = make_user(Role.CLERK, tree.housing), make_user(Role.CLERK, tree.land)
    Deputy.objects.create(user=handler, deputy=deputy, from_on=FIVE_LEFT, to_on=TWO_LEFT)
    case = closed(tree, handler=handler)
    review = reviewed(tree, case)
    remind(FIVE_LEFT)
    assert (told(handler), told(deputy), told(clerk)) == (["defence_in_5"], ["defence_in_5"], [])
    notice = Notice.objects.get(user=handler)
    assert (notice.case, notice.proceeding, notice.due_on) == (case, review, ANSWER_DUE)
    assert notice.text == ("还有 5 个工作日到期，须在 2025-10-17 前提交书面答复（〔2025〕7号）。")


def test_two_reviews_of_a_case_are_told_of_each(tree: Tree, clerk: User) -> None:
    case = closed(tree)
    reviewed(tree, case)
    suit: dict[str, Any] = {
        "kind": "suit_direct",
        "docket": "行初8号",
        "received_on": date(2025, 10, 2),
    }
    reviewed(tree, case, **suit)
    remind(ANSWER_DUE)
    assert told(clerk) == ["defence_today", "defence_today"]
    texts = Notice.objects.values_list("text", flat=True)
    assert any("提交答辩（行初8号）" in text for text in texts)
    assert remind(ANSWER_DUE) == 0


@pytest.mark.parametrize(
    "done",
    [
        {"defence_sent_on": TWO_LEFT},
        {"concluded_on": TWO_LEFT, "ruling": "withdrawn", "result": "other"},
        {"received_on": date(2025, 9, 29)},  # the day moves
        {"procedure": "summary"},
    ],
    ids=["handed in", "concluded", "received later", "by the short procedure"],
)
def test_an_answer_is_reminded_of_no_more_once_given_or_moved(
    tree: Tree, clerk: User, done: dict[str, Any]
) -> None:
    review = reviewed(tree)
    remind(TWO_LEFT)
    assert told(clerk) == ["defence_in_2"]
    for name, value in done.items():
        setattr(review, name, value)
    workflow.record_proceeding(review, by=hand_of(tree.housing), today=TODAY)
    assert told(clerk) == []


def test_what_does_not_move_the_day_leaves_it(tree: Tree, clerk: User) -> None:
    review = reviewed(tree)
    remind(TWO_LEFT)
    review.remarks = "已约见申请人"
    workflow.record_proceeding(review, by=hand_of(tree.housing), today=TODAY)
    assert told(clerk) == ["defence_in_2"]


def reopened(tree: Tree, **fields: Any) -> Case:
    """Ordered to be answered again by the day on which the other answer is due."""
    case, ordered = closed(tree, **fields), date(2025, 9, 25)
    ended: dict[str, Any] = {"ruling": "revoked", "result": "corrected", "concluded_on": ordered}
    review = make_proceeding(tree.housing, case=case, **ended)
    return workflow.reopen(
        case,
        by=hand_of(tree.housing),
        today=ordered,
        proceeding=review,
        on=ordered,
        until=ANSWER_DUE,
    )


def test_a_new_reply_is_reminded_of_until_it_is_served(tree: Tree, clerk: User) -> None:
    case, hand = reopened(tree), hand_of(tree.housing)
    for day, kind in (
        (date(2025, 10, 10), []),
        (FIVE_LEFT, ["again_in_5"]),
        (TWO_LEFT, ["again_in_2"]),
        (ANSWER_DUE, ["again_today"]),
    ):
        remind(day)
        assert told(clerk) == kind
    notice = Notice.objects.standing().get(user=clerk)
    assert notice.text == "今日到期，须在今日重新答复并送达。"
    said = {"outcome": "granted", "closed_on": ANSWER_DUE, "service_method": "post"}
    case = workflow.reply_again(case, by=hand, today=ANSWER_DUE, **said)  # type: ignore[arg-type]
    assert told(clerk) == ["again_today"]
    assert remind(ANSWER_DUE) == 0  # in other words
    notice.refresh_from_db()
    assert notice.text == "今日到期，须在今日送达重新答复。"
    remind(date(2025, 10, 20))
    assert told(clerk) == ["again_overdue"]
    served = {"service_method": "post", "served_on": ANSWER_DUE}
    workflow.serve(case, by=hand, today=TODAY, **served)  # type: ignore[arg-type]
    assert told(clerk) == []
    assert remind(date(2025, 10, 20)) == 0


def test_an_opinion_asked_for_a_new_reply_is_missed_too(tree: Tree, clerk: User) -> None:
    case, sent_on, last = reopened(tree), date(2025, 9, 26), date(2025, 10, 23)
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": TODAY}
    order: dict[str, Any] = {"proceeding": case.proceedings.get(), "on": date(2025, 9, 25)}
    workflow.reopen(case, until=date(2025, 12, 31), **order, **said)
    asked: dict[str, Any] = {"addressee": Addressee.THIRD_PARTY, "whom": "第三方甲"}
    case = workflow.consult(case, on=sent_on, key="1", **asked, **said)
    remind(last)
    assert told(clerk) == []
    remind(date(2025, 10, 24))
    [notice] = Notice.objects.filter(user=clerk).standing()
    assert (notice.kind, notice.due_on) == (NoticeKind.OPINION_PASSED, last)
    assert notice.text.endswith("没有收到意见，责令的期限照常计算。")
    workflow.reopen(case, until=date(2025, 12, 30), **order, **said)
    assert told(clerk) == [NoticeKind.OPINION_PASSED]  # what does not move it leaves it
    workflow.lapse_consultation(case, on=TODAY, key="1", **said)
    assert told(clerk) == []


def test_a_term_of_a_new_reply_put_right_withdraws_the_old_one(tree: Tree, clerk: User) -> None:
    case = reopened(tree)
    remind(TWO_LEFT)
    workflow.reopen(
        case,
        by=hand_of(tree.housing),
        today=TODAY,
        proceeding=case.proceedings.get(),
        on=date(2025, 9, 25),
        until=date(2025, 11, 14),
    )
    assert told(clerk) == []


def test_a_review_handed_over_with_its_case_reminds_the_new_hand(tree: Tree, clerk: User) -> None:
    new, hand = make_user(Role.CLERK, tree.housing), hand_of(tree.housing)
    case = make_case(tree.housing, handler=clerk)
    reviewed(tree, case)
    remind(DUE)
    both = ["defence_today", "due_today", "extension"]
    assert told(clerk) == both
    workflow.hand_over([(case.pk, case.version)], by=hand, today=DUE, to=new, reason="调岗")
    assert (told(clerk), told(new)) == ([], both)
    assert remind(DUE) == 0


@pytest.mark.usefixtures("server")
def test_the_mail_names_a_review_without_a_case_by_its_docket(tree: Tree, clerk: User) -> None:
    write_to(clerk)
    reviewed(tree)
    remind(ANSWER_DUE)
    assert mail_digests(ANSWER_DUE) == 1
    (sent,) = mail.outbox
    assert "〔2025〕7号：今日到期，须在今日提交书面答复" in sent.body
    assert sent.subject == "政府信息公开申请：1 件事项待办"
