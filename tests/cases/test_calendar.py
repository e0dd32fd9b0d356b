"""工作日历: looking at a year, and entering or correcting its 放假安排 with what moves by it."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases import workflow
from cases.choices import EventKind, NoticeKind, Role
from cases.explaining import explain
from cases.models import AuditEntry, Case, DecreedDay, Event, Notice, ScheduleYear, User
from cases.models.calendar import load_calendar
from cases.reminding import remind
from cases.workflow import clockwork
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

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

# Today is 2025-10-27. The schedule of 2026 is not known on most of these pages: it is taken away.
NUMBER = "国办发明电〔2025〕7号"
NOTICE = f"国务院办公厅关于2026年部分节假日安排的通知（{NUMBER}）"
OFF = """元旦：01-01 至 01-03
春节：02-15 至 02-23
清明节：04-04 至 04-06
劳动节：05-01 至 05-05
端午节：06-19 至 06-21
中秋节：09-25 至 09-27
国庆节：10-01 至 10-07"""
WORKED = """元旦：01-04
春节：02-14、02-28
劳动节：05-09
国庆节：09-20、10-10"""
PAGE = reverse("cases:calendar")
ENTER = reverse("cases:calendar_enter")
FEBRUARY_24, MARCH_24 = date(2026, 2, 24), date(2026, 3, 24)
LATE = date(2025, 12, 20)  # an off Saturday: the 20th working day after it is 2026-01-19


@pytest.fixture
def boss(client: Client, tree: Tree) -> User:
    user = make_user(Role.SUPERVISOR, tree.government, name="政务公开主管乙")
    client.force_login(user)
    return user


@pytest.fixture
def unpublished() -> None:
    ScheduleYear.objects.filter(year=2026).delete()
    DecreedDay.objects.filter(day__gte=date(2025, 12, 1)).delete()


def typed(version: int | str = 0, **fields: object) -> dict[str, Any]:
    return {
        "do": "check",
        "version": version,
        "number": NUMBER,
        "off": OFF,
        "worked": WORKED,
        "seen": "",
    } | fields


def entered(client: Client, **fields: Any) -> Any:
    return client.post(f"{ENTER}?year=2026", typed(**fields))


def saved(client: Client, **fields: Any) -> Any:
    """Checked, then saved as it was seen."""
    page = entered(client, **fields)
    return entered(client, **fields, do="save", seen=page.context["outlook"].digest)


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def late_case(tree: Tree, **fields: Any) -> Case:
    return make_case(tree.housing, received_on=LATE, today=LATE, **fields)


# looking


def test_a_year_is_drawn_with_each_decreed_day_and_its_notice(boss: User, client: Client) -> None:
    page = client.get(PAGE, {"year": 2025}).content.decode()
    assert "10月11日 星期六，国庆节调休上班，国务院办公厅关于2025年" in page
    assert "10-01 周三 至 10-08 周三" in page
    assert "<td>09-28 周日、10-11 周六</td>" in page
    assert page.count('<table class="month">') == 12
    assert page.count('class="d-worked') == 5  # the Sundays and Saturdays that 2025 works
    assert "今天" in page


def test_every_user_may_look_and_few_are_offered_to_enter(client: Client, tree: Tree) -> None:
    for role, offered in (
        (Role.CLERK, False),
        (Role.ADMINISTRATOR, True),
        (Role.SUPERVISOR, True),
    ):
        client.force_login(make_user(role, tree.government))
        page = client.get(PAGE)
        assert (page.status_code, ENTER in page.content.decode()) == (200, offered)


def test_a_year_without_a_schedule_says_so(client: Client, boss: User, tree: Tree) -> None:
    make_case(tree.housing, received_on=date(2026, 12, 20), today=date(2026, 12, 20))
    page = client.get(PAGE, {"year": 2026}).content.decode()
    assert "放假安排尚未公布" not in page
    ScheduleYear.objects.filter(year=2026).delete()
    page = client.get(PAGE, {"year": 2026}).content.decode()
    assert "放假安排尚未公布，按周末推算" in page
    assert '?due=provisional">1 件</a>的到期日因此暂定' in page


@pytest.mark.parametrize("year", ["1999", "2031", "abc", "9" * 30])
def test_a_year_that_is_not_there(client: Client, boss: User, year: str) -> None:
    assert client.get(PAGE, {"year": year}).status_code == 404


def test_the_page_takes_the_same_statements_for_any_year(client: Client, boss: User) -> None:
    def asked(year: int) -> int:
        return queries_of(lambda: client.get(PAGE, {"year": year}))

    assert asked(2012) == asked(2025)


# reading and checking


@pytest.mark.usefixtures("unpublished")
def test_a_pasted_notice_fills_the_fields_and_stores_nothing(client: Client, boss: User) -> None:
    pasted = (
        "国务院办公厅关于2026年部分节假日安排的通知\n国办发明电〔2025〕7号\n"
        "一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。"
    )
    page = entered(client, do="read", pasted=pasted, off="", worked="", number="")
    form = page.context["form"]
    assert form["off"].value() == "元旦：01-01 至 01-03"
    assert form["worked"].value() == "元旦：01-04"
    assert form["number"].value() == NUMBER
    assert form["pasted"].value() == pasted
    assert "没有写春节哪几天放假。" in page.context["read_doubts"]
    assert not errors(page)
    assert not ScheduleYear.objects.filter(year=2026).exists()


@pytest.mark.usefixtures("unpublished")
def test_what_was_odd_in_the_notice_is_asked_when_checking_too(client: Client, boss: User) -> None:
    """As long as its days stand as they were read; the day that was put right is not asked."""
    pasted = "一、元旦：1月1日（周四）至3日（周六）放假，共3天。1月4日（周六）上班。"
    odd = "元旦：2026-01-04 是星期日，原文写的是周六，请核对年份和日期。"
    lines = {"off": "元旦：01-01 至 01-03", "worked": "元旦：01-04"}
    page = entered(client, pasted=pasted, **lines)
    assert odd in [doubt.text for doubt in page.context["doubts"]]
    page = entered(client, pasted=pasted, **lines | {"worked": ""})
    assert odd not in [doubt.text for doubt in page.context["doubts"]]


@pytest.mark.usefixtures("unpublished")
def test_what_cannot_be_read_is_said_and_kept(client: Client, boss: User) -> None:
    page = entered(client, do="read", pasted="没有日期", off="自己填的")
    assert page.context["read_doubts"][0].startswith("没有读出放假安排。")
    assert page.context["form"]["off"].value() == "自己填的"


@pytest.mark.usefixtures("unpublished")
def test_checking_lists_the_open_cases_whose_day_moves(
    client: Client, boss: User, tree: Tree
) -> None:
    """By the plain week the 20th working day is 2026-01-16; with 元旦 off it is 01-19."""
    case = late_case(tree)
    early = make_case(tree.housing)  # due in October: it cannot move
    assert (case.ends_on, case.provisional) == (date(2026, 1, 16), True)
    page = entered(client)
    (move,) = page.context["moves"]
    assert (move.case, move.before, move.after) == (
        case,
        date(2026, 1, 16),
        date(2026, 1, 19),
    )
    text = page.content.decode()
    assert "保存，调整 1 件" in text and early.number not in text
    case.refresh_from_db()
    assert case.ends_on == date(2026, 1, 16)
    assert not ScheduleYear.objects.filter(year=2026).exists()


@pytest.mark.usefixtures("unpublished")
def test_an_administrator_is_told_the_number_alone(client: Client, tree: Tree) -> None:
    case = late_case(tree)
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    page = entered(client)
    text = page.content.decode()
    assert "有 1 件在办的申请件会变动，未在此列出。" in text and case.number not in text


@pytest.mark.usefixtures("unpublished")
@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"number": ""}, "number", "请填写通知文号。"),
        ({"off": ""}, "off", "请填写放假。"),
        ({"off": "元旦：01-03 至 01-01"}, "off", "的止日早于起日。"),
        ({"worked": "元旦：01-05"}, "worked", "2026-01-05 是星期一，不是周末"),
        ({"worked": "元旦：01-03"}, "worked", "2026-01-03 既写作放假，又写作调休上班。"),
        ({"off": OFF + "\n国庆节：2027-01-01"}, "off", "2027-01-01 不是 2026 年的日子。"),
        ({"version": ""}, "version", "表单已过期，没有保存。"),
    ],
)
@pytest.mark.parametrize("do", ["check", "save"])
def test_bad_input_is_said_beside_its_field(
    client: Client, boss: User, fields: dict[str, str], field: str, sentence: str, do: str
) -> None:
    page = entered(client, do=do, **fields)
    assert any(sentence in text for text in errors(page)[field]), errors(page)
    for name, value in fields.items():
        assert page.context["form"][name].value() == value
    assert not ScheduleYear.objects.filter(year=2026).exists()


@pytest.mark.usefixtures("unpublished")
def test_what_is_odd_is_to_be_confirmed(client: Client, boss: User) -> None:
    off = OFF.replace("清明节：04-04 至 04-06\n", "")
    page = saved(client, off=off)
    assert "没有写清明节哪几天放假。" in page.content.decode()
    assert errors(page)["sure"] == ["请对照通知原文核对下面列出的各点，勾选后再保存。"]
    assert not ScheduleYear.objects.filter(year=2026).exists()
    assert saved(client, off=off, sure="on").status_code == 302


# saving


@pytest.mark.usefixtures("unpublished")
def test_saving_moves_logs_and_tells(client: Client, boss: User, tree: Tree) -> None:
    handler = make_user(Role.CLERK, tree.housing)
    case = late_case(tree, handler=handler)
    untouched = make_case(tree.housing)
    page = saved(client)
    assert (page.status_code, page.url) == (302, f"{PAGE}?year=2026")
    case.refresh_from_db()
    assert (case.ends_on, case.provisional, case.version) == (date(2026, 1, 19), False, 2)
    event = case.events.get(kind=EventKind.CLOCK_MOVED)
    assert event.text == f"期限调整：按{NUMBER}，到期日由 2026-01-16 改为 2026-01-19"
    assert (event.on, event.by) == (TODAY, boss)
    notice = Notice.objects.get()
    assert (notice.user, notice.kind, notice.due_on) == (
        handler,
        NoticeKind.CLOCK_MOVED,
        date(2026, 1, 19),
    )
    assert not untouched.events.filter(kind=EventKind.CLOCK_MOVED).exists()
    stored = ScheduleYear.objects.get(year=2026)
    assert (stored.notice, stored.version) == (NOTICE, 1)
    assert load_calendar().decreed(date(2026, 2, 28)).notice == NOTICE  # type: ignore[union-attr]
    assert AuditEntry.objects.latest("id").act == "录入放假安排"
    page = client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert "到期日由 2026-01-16 改为 2026-01-19" in page and "暂定" not in page


@pytest.mark.usefixtures("unpublished")
def test_the_event_moves_no_clock_itself(client: Client, boss: User, tree: Tree) -> None:
    case = late_case(tree)
    saved(client)
    case.refresh_from_db()
    clock = workflow.clock_of(case, on=TODAY)
    assert (clock.ends_on, clock.irregularities) == (case.ends_on, ())


@pytest.mark.usefixtures("unpublished")
def test_what_waits_moves_by_its_own_term(client: Client, boss: User, tree: Tree) -> None:
    """15 working days after 2025-12-22: 2026-01-12 by the plain week, one day later with 元旦."""
    asked = date(2025, 12, 22)
    case = make_case(
        tree.housing, received_on=LATE, today=asked, facts=Facts(correction=(asked, None))
    )
    assert (case.ends_on, case.waiting_until) == (None, date(2026, 1, 12))
    saved(client)
    case.refresh_from_db()
    assert (case.ends_on, case.waiting_until) == (None, date(2026, 1, 13))
    event = case.events.get(kind=EventKind.CLOCK_MOVED)
    assert "等待期满日由 2026-01-12 改为 2026-01-13" in event.text


@pytest.mark.usefixtures("unpublished")
def test_the_term_of_a_new_reply_moves_as_well(client: Client, boss: User, tree: Tree) -> None:
    """15 working days after 2025-12-22, on a case that is closed and open again; what tells of it
    stands until the new reply is served."""
    ordered, handler = date(2025, 12, 22), make_user(Role.CLERK, tree.housing)
    case = make_case(
        tree.housing,
        handler=handler,
        closed_on=TODAY,
        outcome="process",
        service_method="post",
        served_on=TODAY,
        today=ordered,
    )
    review = make_proceeding(
        tree.housing,
        case=case,
        ruling="revoked",
        result="corrected",
        concluded_on=ordered,
        today=ordered,
    )
    case = workflow.reopen(
        case, by=hand_of(tree.housing), today=ordered, proceeding=review, on=ordered, workdays=15
    )
    assert case.again_until == date(2026, 1, 12)
    moves = entered(client).context["outlook"].open_moves
    assert [move.text for move in moves] == ["重新答复期限由 2026-01-12 改为 2026-01-13"]
    saved(client)
    case.refresh_from_db()
    assert case.again_until == date(2026, 1, 13)
    assert case.ends_on == date(2025, 10, 17)
    remind(date(2025, 12, 23))
    told = Notice.objects.standing().filter(user=handler)
    assert [notice.kind for notice in told.all()] == [NoticeKind.CLOCK_MOVED]
    day = date(2025, 12, 24)
    said: dict[str, Any] = {"outcome": "granted", "closed_on": day, "service_method": "post"}
    case = workflow.reply_again(case, by=hand_of(tree.housing), today=day, **said)
    assert told.all().count() == 1
    workflow.serve(case, by=hand_of(tree.housing), today=day, service_method="post", served_on=day)
    assert not told.all()


@pytest.mark.usefixtures("unpublished")
def test_both_terms_of_a_case_that_is_answered_again_move(
    client: Client, boss: User, tree: Tree
) -> None:
    """Each is in the list and in the course, where the first reply's due day is to come, too."""
    ordered, handler = date(2025, 12, 29), make_user(Role.CLERK, tree.housing)
    said: dict[str, Any] = {"by": hand_of(tree.housing), "today": ordered}
    replied = date(2025, 12, 22)
    case = make_case(
        tree.housing,
        handler=handler,
        received_on=date(2025, 12, 19),
        closed_on=replied,
        service_method="post",
        served_on=replied,
        today=ordered,
    )
    review = make_proceeding(
        tree.housing,
        case=case,
        filed_on=replied,
        ruling="revoked",
        result="corrected",
        concluded_on=ordered,
        today=ordered,
    )
    case = workflow.reopen(case, proceeding=review, on=ordered, workdays=15, **said)
    before = case.ends_on, case.again_until
    moves = {move.what: move.after for move in entered(client).context["outlook"].moves}
    assert set(moves) == {"到期日", "重新答复期限"}
    saved(client)
    case.refresh_from_db()
    assert (case.ends_on, case.again_until) == tuple(moves.values()) != before
    texts = [event.text for event in case.events.filter(kind=EventKind.CLOCK_MOVED)]
    assert len(texts) == 2
    assert f"重新答复期限由 {before[1]} 改为 {case.again_until}" in "".join(texts)
    assert Notice.objects.standing().filter(user=handler).count() == 2


@pytest.mark.usefixtures("unpublished")
def test_an_extension_told_in_time_stays_told(client: Client, boss: User, tree: Tree) -> None:
    """Due on 2026-03-24 by the plain week, and on 03-23 once 02-28 is known to be worked."""
    told = date(2026, 3, 24)
    facts = Facts(extended_on=told, extended_by=5)
    case = make_case(tree.housing, received_on=date(2026, 2, 24), today=told, facts=facts)
    assert case.ends_on == date(2026, 3, 31)
    (move,) = entered(client).context["outlook"].open_moves
    assert (move.after, move.kept_words) == (date(2026, 3, 30), "延期告知按当时的安排认定")
    saved(client)
    case.refresh_from_db()
    clock = workflow.clock_of(case, on=told)
    assert (case.ends_on, clock.extended_by) == (date(2026, 3, 30), 5)
    assert clock.irregularities == ()
    # By another day of receipt it is judged anew: due on 03-20, it was told late.
    before = workflow.clock_if_received(case, date(2026, 2, 20), on=told)
    assert [fault.code for fault in before.irregularities] == ["extension_after_due"]


@pytest.mark.usefixtures("unpublished")
def test_what_is_recorded_of_the_days_before_judges_it_anew(
    client: Client, boss: User, tree: Tree
) -> None:
    """A letter that was answered on its own day paused nothing; but the course is another."""
    facts = Facts(extended_on=MARCH_24, extended_by=5)
    case = make_case(tree.housing, received_on=FEBRUARY_24, today=MARCH_24, facts=facts)
    saved(client)
    assert workflow.clock_of(case, on=MARCH_24).irregularities == ()
    day, data = date(2026, 3, 2), {"key": "1", "addressee": "other_organ"}
    letter = [
        Event(case=case, kind=kind, on=day, data=data)
        for kind in (EventKind.CONSULTATION_SENT, EventKind.CONSULTATION_RETURNED)
    ]
    clock = workflow.clock_of(case, on=MARCH_24, events=[*case.events.all(), *letter])
    assert [fault.code for fault in clock.irregularities] == ["extension_after_due"]


def waits_of(case: Case) -> tuple[str, date | None, date | None]:
    case.refresh_from_db()
    return case.waiting_for, case.waiting_until, case.ends_on


# By the plain week 20 working days after 02-24 end on 03-24, and 15 on 03-17; 20 after 02-25 on
# 03-25, and 15 on 03-18. Each is a day earlier once 02-28 is known to be worked.
@pytest.mark.usefixtures("unpublished")
@pytest.mark.parametrize(
    ("facts", "label", "by", "stands"),
    [
        (
            Facts(correction=(FEBRUARY_24, date(2026, 3, 17))),
            "收到补正申请",
            "2026-03-17",
            ("", None, date(2026, 4, 15)),
        ),
        (
            Facts(fee=(date(2026, 2, 25), date(2026, 3, 25))),
            "缴费",
            "2026-03-25",
            ("", None, date(2026, 4, 23)),
        ),
        # Two days used, the pause to 03-18, 17 or 18 days left; 04-06 is off now.
        (
            Facts(consultation=(date(2026, 2, 25), date(2026, 3, 18))),
            "收到意见",
            "2026-03-18",
            ("", None, date(2026, 4, 15)),
        ),
        (
            Facts(fee=(MARCH_24, None)),
            "收费通知",
            "2026-03-24",
            ("fee", date(2026, 4, 22), None),
        ),
        (
            Facts(correction=(MARCH_24, None)),
            "补正告知",
            "2026-03-24",
            ("correction", date(2026, 4, 15), None),
        ),
    ],
)
def test_what_was_in_time_by_the_schedule_of_its_day_stays_in_time(
    client: Client,
    boss: User,
    tree: Tree,
    facts: Facts,
    label: str,
    by: str,
    stands: tuple[str, date | None, date | None],
) -> None:
    case = make_case(
        tree.housing, received_on=FEBRUARY_24, today=date(2026, 3, 25), facts=facts, handler=boss
    )
    (move,) = entered(client).context["outlook"].open_moves
    assert move.kept_words == f"{label}按当时的安排认定"
    assert move.kept_words in entered(client).content.decode()
    saved(client)
    assert waits_of(case) == stands
    clock = workflow.clock_of(case, on=date(2026, 3, 25))
    assert clock.irregularities == ()
    sentence = f"按当时的放假安排认定，当时的期限到 {by}"
    assert sentence in explain(clock)
    (day,) = [day for day in clock.days if sentence in day.text]
    assert day.day == clock.kept[0].on
    assert case.events.get(kind=EventKind.CLOCK_MOVED).text.endswith(move.kept_words)


@pytest.mark.usefixtures("unpublished")
def test_a_reply_in_time_by_the_schedule_of_its_day_stays_in_time(
    client: Client, boss: User, tree: Tree
) -> None:
    def answered(day: date) -> Case:
        return make_case(
            tree.housing, received_on=FEBRUARY_24, today=day, closed_on=day, served_on=day
        )

    on_its_last_day, a_day_late = answered(MARCH_24), answered(date(2026, 3, 25))
    assert "另有 1 件在当时的安排之内办理的事项" in entered(client).content.decode()
    saved(client)
    assert waits_of(on_its_last_day) == ("", None, MARCH_24)
    assert waits_of(a_day_late) == ("", None, date(2026, 3, 23))
    assert workflow.clock_of(on_its_last_day, on=MARCH_24).in_time
    assert not workflow.clock_of(a_day_late, on=MARCH_24).in_time
    (event,) = on_its_last_day.events.filter(kind=EventKind.CLOCK_MOVED)
    assert event.text == f"期限调整：按{NUMBER}，到期日仍为 2026-03-24，送达按当时的安排认定"


@pytest.mark.usefixtures("unpublished")
def test_a_letter_sent_before_the_due_day_of_its_schedule_still_stops_the_term(
    client: Client, boss: User, tree: Tree
) -> None:
    """Sent on 03-23, the due day by the schedule as it is now; the day that was left stays left."""
    facts = Facts(consultation=(date(2026, 3, 23), date(2026, 3, 27)))
    case = make_case(tree.housing, received_on=FEBRUARY_24, today=date(2026, 3, 27), facts=facts)
    assert case.ends_on == date(2026, 3, 30)
    saved(client)
    assert waits_of(case) == ("", None, date(2026, 3, 30))


# 20 working days after 04-10 end on 05-08 by the plain week; 05-12 with the days off of 劳动节.
@pytest.mark.usefixtures("unpublished")
def test_a_longer_schedule_leaves_a_told_delay_told(client: Client, boss: User, tree: Tree) -> None:
    hand: dict[str, Any] = {"by": hand_of(tree.housing), "today": date(2026, 5, 6)}
    case = make_case(tree.housing, received_on=date(2026, 4, 10), today=date(2026, 5, 6))
    workflow.ask_reasons(case, on=date(2026, 4, 20), why="一次申请上百项", **hand)
    workflow.receive_reasons(
        case, on=date(2026, 4, 27), reasons="课题需要", reasonable=True, **hand
    )
    told = date(2026, 5, 11)
    case = workflow.delay(case, on=date(2026, 4, 28), day=told, reason="数量大", **hand)
    saved(client)
    assert waits_of(case) == ("", None, told)
    clock = workflow.clock_of(case, on=told)
    assert (clock.delayed_to, clock.irregularities) == (told, ())


@pytest.mark.usefixtures("unpublished")
def test_what_a_ledger_brought_in_is_kept_as_well_and_what_was_late_may_become_in_time(
    client: Client, boss: User, tree: Tree
) -> None:
    """Of an extension from a ledger nothing but the days is known."""

    def extended(received_on: date, on: date) -> Case:
        case = make_case(tree.housing, received_on=received_on, today=received_on)
        case.events.create(kind=EventKind.EXTENDED, on=on, data={"days": 5})
        clockwork.rebuild([case])
        return case

    in_time = extended(FEBRUARY_24, MARCH_24)
    late = extended(date(2026, 4, 10), date(2026, 5, 11))
    assert (in_time.ends_on, late.ends_on) == (date(2026, 3, 31), date(2026, 5, 8))
    saved(client)
    assert waits_of(in_time) == ("", None, date(2026, 3, 30))
    assert waits_of(late) == ("", None, date(2026, 5, 19))
    assert workflow.clock_of(late, on=TODAY).irregularities == ()


@pytest.mark.usefixtures("unpublished")
def test_a_part_split_off_keeps_what_was_in_time(client: Client, boss: User, tree: Tree) -> None:
    facts = Facts(correction=(FEBRUARY_24, date(2026, 3, 17)))
    case = make_case(tree.housing, received_on=FEBRUARY_24, today=MARCH_24, facts=facts)
    saved(client)
    case = workflow.split(
        Case.objects.get(pk=case.pk),
        by=hand_of(tree.housing),
        today=MARCH_24,
        items=["一项", "另一项"],
    )
    (part,) = Case.objects.exclude(pk=case.pk)
    assert waits_of(part) == waits_of(case) == ("", None, date(2026, 4, 15))


@pytest.mark.usefixtures("unpublished")
def test_the_closed_are_made_anew_too_and_told_to_nobody(
    client: Client, boss: User, tree: Tree
) -> None:
    day = date(2025, 12, 30)
    case = late_case(tree, handler=boss)
    workflow.reply(
        case,
        by=make_user(Role.REVIEWER, tree.housing),
        today=day,
        outcome="granted",
        closed_on=day,
        service_method="post",
        served_on=day,
    )
    page = entered(client)
    assert "已办结的有 1 件随之重算" in page.content.decode()
    saved(client)
    case.refresh_from_db()
    assert (case.ends_on, case.provisional) == (date(2026, 1, 19), False)
    assert case.events.filter(kind=EventKind.CLOCK_MOVED).exists()
    assert not Notice.objects.exists()


@pytest.mark.usefixtures("unpublished")
def test_a_reminder_of_the_old_day_is_withdrawn(client: Client, boss: User, tree: Tree) -> None:
    handler = make_user(Role.CLERK, tree.housing)
    late_case(tree, handler=handler)
    remind(date(2026, 1, 14))  # two days before the old day
    saved(client)
    kinds = Notice.objects.standing().values_list("kind", flat=True)
    assert list(kinds) == [NoticeKind.CLOCK_MOVED]


def test_a_published_schedule_is_corrected_as_in_january_2020(
    client: Client, boss: User, tree: Tree
) -> None:
    """The holiday of 2020 was first decreed to end on 01-30, and then extended to 02-02."""
    later = "国务院办公厅关于延长2020年春节假期的通知（国办发明电〔2020〕1号）"
    DecreedDay.objects.filter(day__range=("2020-01-31", "2020-02-02")).delete()
    plan = ScheduleYear.objects.get(year=2020).notice
    DecreedDay.objects.create(day=date(2020, 2, 1), off=False, name="春节", notice=plan)
    received = date(2020, 1, 20)
    case = make_case(tree.housing, received_on=received, today=received)
    assert case.ends_on == date(2020, 2, 21)
    first = client.get(f"{ENTER}?year=2020").context["form"].initial
    off = first["off"].replace("01-24 至 01-30", "01-24 至 02-02")
    worked = first["worked"].replace("、02-01", "")
    said: dict[str, Any] = {
        "version": first["version"],
        "number": first["number"],
        "off": off,
        "worked": worked,
        "later": later,
    }
    page = saved_year(client, 2020, **said, reason="")
    assert errors(page) == {"reason": ["请填写更正原因。"]}
    saved_year(client, 2020, **said, reason="国务院延长春节假期")
    case.refresh_from_db()
    assert case.ends_on == date(2020, 2, 25)  # the worked vector of the domain
    assert (
        f"按{later}，到期日由 2020-02-21 改为 2020-02-25"
        in case.events.get(kind=EventKind.CLOCK_MOVED).text
    )
    notices = dict(
        DecreedDay.objects.filter(day__range=("2020-01-30", "2020-02-02")).values_list(
            "day", "notice"
        )
    )
    assert notices[date(2020, 1, 30)] == plan
    assert notices[date(2020, 2, 2)] == later
    stored = ScheduleYear.objects.get(year=2020)
    assert (stored.version, stored.corrected_on, stored.reason) == (2, TODAY, "国务院延长春节假期")


def saved_year(client: Client, year: int, **fields: Any) -> Any:
    page = client.post(f"{ENTER}?year={year}", fields | {"do": "check", "seen": ""})
    if "outlook" not in page.context:
        return page
    seen = page.context["outlook"].digest
    return client.post(f"{ENTER}?year={year}", fields | {"do": "save", "seen": seen, "sure": "on"})


# two at once, and who may


@pytest.mark.usefixtures("unpublished")
def test_of_two_who_enter_it_the_second_is_refused(client: Client, boss: User) -> None:
    seen = entered(client).context["outlook"].digest
    saved(client)
    page = entered(client, do="save", seen=seen)
    assert "已被别人改过" in errors(page)["__all__"][0]
    assert ScheduleYear.objects.get(year=2026).version == 1
    assert page.context["form"]["off"].value() == OFF


@pytest.mark.usefixtures("unpublished")
def test_what_was_not_seen_is_not_saved(client: Client, boss: User, tree: Tree) -> None:
    """A case came in after the check, or the fields were changed: looked at again first."""
    seen = entered(client).context["outlook"].digest
    late_case(tree)
    page = entered(client, do="save", seen=seen)
    assert errors(page)["__all__"][0].startswith("您核对之后")
    assert len(page.context["moves"]) == 1
    seen = page.context["outlook"].digest
    page = entered(client, do="save", seen=seen, worked=WORKED.replace("元旦：01-04\n", ""))
    assert errors(page)["__all__"][0].startswith("您核对之后")
    assert not ScheduleYear.objects.filter(year=2026).exists()


@pytest.mark.usefixtures("unpublished")
def test_nothing_is_half_stored(
    client: Client, boss: User, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = late_case(tree)

    def fails(*args: object, **named: object) -> None:
        raise RuntimeError

    seen = entered(client).context["outlook"].digest
    monkeypatch.setattr("cases.workflow.schedules.notices.tell", fails)
    with pytest.raises(RuntimeError):
        entered(client, do="save", seen=seen)
    case.refresh_from_db()
    assert (case.ends_on, case.version) == (date(2026, 1, 16), 1)
    assert not DecreedDay.objects.filter(day__year=2026).exists()
    assert not case.events.filter(kind=EventKind.CLOCK_MOVED).exists()


@pytest.mark.usefixtures("unpublished")
@pytest.mark.parametrize(
    ("role", "at"),
    [
        (Role.CLERK, "government"),
        (Role.REVIEWER, "government"),
        (Role.AUDITOR, "government"),
        (Role.SUPERVISOR, "housing"),  # not at the top
        (Role.ADMINISTRATOR, "housing"),
    ],
)
def test_others_do_not_enter_it(client: Client, tree: Tree, role: Role, at: str) -> None:
    client.force_login(make_user(role, getattr(tree, at)))
    assert client.get(ENTER).status_code == 403
    assert client.post(f"{ENTER}?year=2026").status_code == 403
    page = entered(client, do="save")
    assert page.status_code == 403
    assert page.context["form"]["off"].value() == OFF
    assert not ScheduleYear.objects.filter(year=2026).exists()
