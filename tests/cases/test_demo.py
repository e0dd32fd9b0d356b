"""The current year of the demonstration, loaded on a Monday in November: it looks lived-in."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from docx import Document as open_docx

from cases import audit
from cases.choices import (
    ApplicantKind,
    Channel,
    DocumentKind,
    EventKind,
    LetterKind,
    LinkKind,
    Outcome,
    OutcomeGroup,
    RoundState,
    SignOffKind,
    Stage,
    Verdict,
)
from cases.demo.accounts import HOUSING_CLERK, OFFICE_CLERK, REVIEWER, Account
from cases.demo.papers import page_of
from cases.demo.seeding import play_current_year, set_stage
from cases.departments import find_department
from cases.documents.content import content_of
from cases.models import (
    Applicant,
    AuditEntry,
    Case,
    CaseLink,
    Deputy,
    Event,
    Letter,
    Proceeding,
    SignOffRound,
    User,
)
from cases.models.calendar import load_calendar
from cases.permissions import Act, may_sign
from cases.states import State
from cases.workflow import allowed_acts, clock_of, situation_of
from cases.workflow.clockwork import refresh

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def monday(django_db_setup: None, django_db_blocker: Any) -> Iterator[date]:
    """The current year as loaded on a Monday in November, once for this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        play_current_year(set_stage(), MONDAY)
        yield MONDAY
        transaction.set_rollback(True)


def person(account: Account) -> User:
    return User.objects.get(username=account.username)


def states(today: date) -> Counter[State]:
    return Counter(State.of(case, today) for case in Case.objects.all())


def days_left(today: date) -> list[int]:
    """Working days left of the cases whose clock runs, the most urgent first."""
    calendar = load_calendar()
    running = Case.objects.running(today).prefetch_related("events")
    due = [clock_of(case, on=today, calendar=calendar).due_on for case in running]
    return sorted(calendar.workdays_between(today, day) for day in due if day)


def test_every_state_is_there(monday: date) -> None:
    assert states(monday) == {
        State.UNCONFIRMED: 3,
        State.UNASSIGNED: 3,
        State.IN_PROGRESS: 16,
        State.CORRECTION: 2,
        State.CONSULTATION: 2,
        State.FEE: 2,
        State.UNSERVED: 2,
        State.CLOSED: 29,
        State.VOID: 1,
    }


def test_due_days_stand_at_every_distance(monday: date) -> None:
    assert days_left(monday) == [
        *(-3, -1, 0, 1, 1, 2, 4, 5, 7, 7, 9, 9),
        *(13, 13, 15, 15, 16, 17, 18, 19, 20),
    ]


def test_it_came_in_this_year_by_all_kinds_and_channels(monday: date) -> None:
    received = Case.objects.filter(received_on__year=monday.year)

    assert 40 <= received.count() <= 60
    assert set(received.values_list("applicant_kind", flat=True)) == set(ApplicantKind.values)
    channels = set(Case.objects.values_list("channel", flat=True))
    assert channels == set(Channel.values) - {Channel.OTHER}


def test_it_was_closed_in_every_group_of_outcomes_and_once_late(monday: date) -> None:
    closed = Case.objects.filter(closed_on__isnull=False)

    assert {Outcome(case.outcome).rule.group for case in closed} == set(OutcomeGroup)
    assert closed.answered_late(monday).count() == 1


def test_an_opinion_is_waited_for_under_an_extended_term(monday: date) -> None:
    waiting = Case.objects.filter(waiting_for="consultation")

    terms = sorted(clock_of(case, on=monday).term for case in waiting)
    assert terms == [20, 40]


def test_proceedings_are_decided_and_pending(monday: date) -> None:
    assert Proceeding.objects.count() == 5
    assert Proceeding.objects.pending_at(monday).count() == 2


def test_a_draft_waits_for_the_second_of_four_steps_at_the_office(monday: date) -> None:
    [round_] = SignOffRound.objects.filter(state=RoundState.PENDING)
    legal = round_.case.waiting_step
    signed = round_.steps.get(order=1)

    assert legal is not None and legal.kind == SignOffKind.LEGAL
    assert (signed.verdict, str(signed.signed_by)) == (Verdict.SIGNED, "经办员甲")
    assert may_sign(person(REVIEWER), legal, round_.case.department)
    assert [step.kind for step in round_.case.department.sign_off_steps.all()] == list(SignOffKind)
    assert not find_department("区住建局").has_chain  # where a reply still goes out at once


def test_letters_were_made_and_a_sealed_scan_stands_for_the_reply(monday: date) -> None:
    case = Case.objects.get(content="区政府重大行政决策听证记录")
    reply = case.letters.get(kind=LetterKind.REPLY)
    sealed = case.documents.get(supersedes=reply.document)

    assert reply.number == case.reply_number and reply.dated_on == case.closed_on
    assert sealed.name == "答复书（盖章扫描件）.pdf"
    assert case.documents.filter(kind=DocumentKind.APPLICATION).count() == 1
    made = Letter.objects.values_list("kind", flat=True)
    assert {LetterKind.RECEIPT, LetterKind.CORRECTION, LetterKind.FEE} <= set(made)
    numbers = [*Letter.objects.exclude(number="").values_list("number", "case")]
    replies = Case.objects.exclude(reply_number="").values_list("reply_number", "pk")
    assert len(dict({*numbers, *replies})) == len({*numbers, *replies})  # no number of two cases


def test_a_reply_leaves_no_court_and_no_review_organ_blank(monday: date) -> None:
    letter = Letter.objects.filter(kind=LetterKind.REPLY).latest("pk")
    text = "".join(it.text for it in open_docx(BytesIO(content_of(letter.document))).paragraphs)

    assert "秀洲区人民法院提起行政诉讼" in text and "向秀洲区人民政府申请行政复议" in text


def test_an_application_was_split_in_two(monday: date) -> None:
    [tie] = CaseLink.objects.filter(kind=LinkKind.SPLIT)

    assert tie.earlier.content == "区级非物质文化遗产专项资金分配方案"
    assert tie.later.content == "区级非物质文化遗产传承人名录及评审意见"
    assert tie.earlier.ends_on == tie.later.ends_on


def test_the_reviewer_stands_in_for_a_clerk_this_week(monday: date) -> None:
    [leave] = Deputy.objects.on(monday)

    assert (leave.user, leave.deputy) == (person(HOUSING_CLERK), person(REVIEWER))
    assert (leave.from_on, leave.to_on) == (monday, date(2026, 11, 29))


def test_a_fee_was_not_paid_in_time(monday: date) -> None:
    [case] = Case.objects.filter(waiting_for="fee", waiting_until__lt=monday)

    assert Act.GIVE_UP_FEE in allowed_acts(situation_of(case, on=monday), person(OFFICE_CLERK))


def test_reasons_are_asked_while_the_term_runs(monday: date) -> None:
    [case] = Case.objects.filter(events__kind=EventKind.REASONS_ASKED)

    assert State.of(case, monday) == State.IN_PROGRESS
    acts = allowed_acts(situation_of(case, on=monday), person(OFFICE_CLERK))
    assert Act.RECEIVE_REASONS in acts


def test_one_answer_to_a_review_is_due_and_one_reply_is_to_be_made_again(monday: date) -> None:
    calendar = load_calendar()
    due = [each.defence_due(calendar) for each in Proceeding.objects.to_answer()]
    [case] = Case.objects.filter(again_until__isnull=False)
    acts = allowed_acts(situation_of(case, on=monday), person(OFFICE_CLERK))

    assert [term.ends_on for term in due if term] == [date(2026, 11, 27)]
    assert Act.DRAFT in acts and case.again_until and case.again_until > monday
    assert (case.closed_on, case.stage) == (date(2026, 10, 10), Stage.CLOSED)


def test_a_scan_is_a_page_of_pdf_that_says_what_it_stands_for() -> None:
    page = page_of("申请表")

    assert page.startswith(b"%PDF-") and page.endswith(b"%%EOF\n")
    assert "申请表".encode("utf-16-be").hex().encode() in page
    found = re.search(rb"startxref\n(\d+)", page)
    assert found and page[int(found[1]) :].startswith(b"xref")


def test_numbers_rise_with_the_days_they_were_given_on(monday: date) -> None:
    numbers = defaultdict(list)
    registered = Event.objects.filter(kind=EventKind.REGISTERED).select_related("case")
    for event in registered.order_by("on", "id"):
        numbers[event.case.department_id].append(event.case.number.split("〕")[1])

    for given in numbers.values():
        assert given == [f"{count}号" for count in range(1, len(given) + 1)]


def test_stored_clocks_are_what_the_facts_say(monday: date) -> None:
    calendar = load_calendar()
    cases = Case.objects.prefetch_related("events")

    assert not any(refresh(case, calendar=calendar) for case in cases)
    assert Case.objects.filter(provisional=True).exists()


def test_personal_data_stand_with_the_applicant_alone(monday: date) -> None:
    told = [
        *(f"{event.text} {event.data}" for event in Event.objects.all()),
        *(f"{e.target_name} {e.before} {e.after}" for e in AuditEntry.objects.all()),
        *(f"{case.content} {case.remarks}" for case in Case.objects.all()),
    ]
    text = "\n".join(told)
    people = Applicant.objects.all()

    assert all(person.phone and person.address for person in people)
    for person in people:
        for name in Applicant.PERSONAL:
            value = getattr(person, name)
            assert not value or value not in text


def test_the_audit_chain_holds(monday: date) -> None:
    assert audit.first_broken() is None
