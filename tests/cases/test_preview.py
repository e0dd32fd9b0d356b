"""What an act would do to the due day: told by the clock before anything is stored."""

from datetime import date

import pytest

from cases.choices import Addressee, EventKind
from cases.clock import Fact
from cases.models import Case
from cases.preview import NOTHING_YET, Preview, preview_of
from tests.makers import TODAY, Facts, Tree, make_case, queries_of

pytestmark = pytest.mark.django_db

ASKED = date(2025, 9, 22)


def previewed(case: Case, *facts: Fact, today: date = TODAY) -> Preview:
    return preview_of(case, facts, today=today, watched=("on",))


def words(case: Case, kind: EventKind, on: date, **more: object) -> str:
    return previewed(case, Fact(kind, on, **more)).words  # type: ignore[arg-type]


def test_an_extension_moves_the_due_day(tree: Tree) -> None:
    """The worked example: twenty days more, told on 10-15."""
    case = make_case(tree.housing)
    said = words(case, EventKind.EXTENDED, date(2025, 10, 15), days=20)
    assert said == "到期日将从 2025-10-17 改为 2025-11-14。"
    assert case.events.count() == 1


def test_told_on_the_due_day_it_moves_and_the_day_after_it_does_not(tree: Tree) -> None:
    case = make_case(tree.housing)
    on_time = previewed(case, Fact(EventKind.EXTENDED, date(2025, 10, 17), days=1))
    assert (on_time.words, on_time.faults) == ("到期日将从 2025-10-17 改为 2025-10-20。", [])
    late = previewed(case, Fact(EventKind.EXTENDED, date(2025, 10, 18), days=1))
    assert late.words == "到期日仍为 2025-10-17，不改变。"
    assert late.faults == ["延期告知（2025-10-18）在到期日 2025-10-17 之后，不改变到期日。"]


def test_asking_for_a_correction_or_a_fee_puts_the_applicants_term_in_its_place(tree: Tree) -> None:
    case = make_case(tree.housing)
    assert words(case, EventKind.CORRECTION_ASKED, ASKED, days=15) == (
        "到期日 2025-10-17 不再计算，等待补正至 2025-10-17；收到补正的次日起重新计算 20 个工作日。"
    )
    assert words(case, EventKind.FEE_ASKED, ASKED) == (
        "到期日 2025-10-17 不再计算，等待缴费至 2025-10-24；缴费的次日起重新计算 20 个工作日。"
    )


def test_what_was_waited_for_begins_the_term_afresh(tree: Tree) -> None:
    case = make_case(tree.housing, facts=Facts(correction=(ASKED, None)))
    said = words(case, EventKind.CORRECTION_RECEIVED, date(2025, 9, 28))
    assert said == "到期日将为 2025-10-31。"


def test_an_opinion_stops_the_clock(tree: Tree) -> None:
    today = date(2025, 9, 19)
    case = make_case(tree.housing, today=today)
    fact = Fact(EventKind.CONSULTATION_SENT, today, key="1")
    assert previewed(case, fact, today=today).words == (
        "期限停止计算，已用的 4 个工作日保留，最迟至 2025-10-16；届时到期日为 2025-11-07。"
    )
    organ = Fact(EventKind.CONSULTATION_SENT, today, key="1", addressee=Addressee.OTHER_ORGAN)
    assert previewed(case, organ, today=today).words == (
        "期限停止计算，已用的 4 个工作日保留；没有法定期限，收到意见的次日起接着算。"
    )


def test_over_the_turn_of_the_year_and_into_one_without_a_schedule(tree: Tree) -> None:
    today = date(2025, 12, 22)
    case = make_case(tree.housing, received_on=date(2025, 12, 20), today=today)
    said = previewed(case, Fact(EventKind.EXTENDED, today, days=20), today=today).words
    assert said == "到期日将从 2026-01-19 改为 2026-02-14。"  # a worked Saturday
    today = date(2026, 11, 30)
    case = make_case(tree.housing, received_on=today, today=today)
    said = previewed(case, Fact(EventKind.EXTENDED, today, days=20), today=today).words
    assert said.startswith("到期日将从 2026-12-28 改为 2027-01-")
    assert said.endswith("（暂定）。")


def test_a_day_that_the_act_will_refuse_is_said_to_be_one(tree: Tree) -> None:
    case = make_case(tree.housing)
    tomorrow, before = date(2025, 10, 28), date(2025, 9, 14)
    assert "还没有到" in words(case, EventKind.EXTENDED, tomorrow, days=1)
    assert "不能早于收到日期 2025-09-15" in words(case, EventKind.EXTENDED, before, days=1)


def test_while_a_field_cannot_be_read_there_is_nothing_to_tell(tree: Tree) -> None:
    assert previewed(make_case(tree.housing)).words == NOTHING_YET


def test_it_asks_the_database_as_often_for_one_fact_as_for_many(tree: Tree) -> None:
    case = make_case(tree.housing)
    fact = Fact(EventKind.EXTENDED, date(2025, 10, 15), days=1)
    previewed(case, fact)
    assert queries_of(lambda: previewed(case, fact)) == queries_of(
        lambda: previewed(case, fact, Fact(EventKind.FEE_ASKED, ASKED))
    )
