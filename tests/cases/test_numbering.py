"""Case numbers: per organ and year, in order, and never the same twice."""

import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from cases import workflow
from cases.models import Case, Department, NumberCounter, User
from cases.workflow.numbering import note_numbers, take_number
from tests.makers import TODAY, hand_of, make_applicant, make_case, make_department, make_tree


@pytest.mark.django_db
def test_each_department_and_year_counts_for_itself() -> None:
    tree = make_tree()
    numbers = [
        make_case(tree.housing).number,
        make_case(tree.housing).number,
        make_case(tree.land).number,
        make_case(tree.housing, received_on=date(2024, 9, 13)).number,
    ]
    assert numbers == [
        "秀建公开申〔2025〕1号",
        "秀建公开申〔2025〕2号",
        "秀资规公开申〔2025〕1号",
        "秀建公开申〔2024〕1号",
    ]


@pytest.mark.django_db
def test_the_year_is_that_of_receipt_or_while_unconfirmed_of_arrival() -> None:
    tree = make_tree()
    arrived = date(2024, 12, 31)
    case = make_case(tree.housing, arrived_on=arrived, received_on=date(2025, 1, 2))
    waiting = make_case(tree.housing, arrived_on=arrived, received_on=None)
    assert (case.number_year, waiting.number_year) == (2025, 2024)


@pytest.mark.django_db
def test_without_a_prefix_the_short_name_stands_for_it() -> None:
    department = make_department("秀洲高新区管委会", short_name="高新区")
    assert make_case(department).number == "高新区公开申〔2025〕1号"


@pytest.mark.django_db
def test_a_number_a_ledger_brought_in_is_passed_over() -> None:
    tree = make_tree()
    imported = make_case(tree.housing)
    Case.objects.filter(pk=imported.pk).update(number="秀建公开申〔2025〕2号")
    assert make_case(tree.housing).number == "秀建公开申〔2025〕3号"


@pytest.mark.django_db
def test_the_counter_goes_on_after_the_highest_noted() -> None:
    tree = make_tree()
    with transaction.atomic():
        note_numbers(tree.housing, 2025, ["秀建公开申〔2025〕41号", "别的〔2025〕99号", "7"])
    assert make_case(tree.housing).number == "秀建公开申〔2025〕42号"


@pytest.mark.django_db
def test_a_registration_that_fails_takes_no_number() -> None:
    tree = make_tree()
    with pytest.raises(ValidationError):
        make_case(tree.housing, content="")
    assert not NumberCounter.objects.filter(last__gt=0).exists()
    assert make_case(tree.housing).number == "秀建公开申〔2025〕1号"


@pytest.mark.django_db(transaction=True)
def test_many_clerks_at_once_get_different_numbers_without_a_gap() -> None:
    tree = make_tree()
    hand, workers, each = hand_of(tree.housing), 4, 5
    failures: list[Exception] = []

    def register() -> None:
        try:
            for _ in range(each):
                _register(tree.housing, hand)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=register) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    numbers = set(Case.objects.values_list("number", flat=True))
    assert numbers == {f"秀建公开申〔2025〕{n}号" for n in range(1, workers * each + 1)}


def _register(department: Department, by: User) -> None:
    draft = Case(
        department=department,
        channel="in_person",
        arrived_on=TODAY,
        received_on=TODAY,
        content="甲",
    )
    workflow.register(draft, make_applicant(), by=by, today=TODAY)


@pytest.mark.django_db
def test_the_database_refuses_a_number_given_twice() -> None:
    tree = make_tree()
    make_case(tree.housing)
    NumberCounter.objects.update(last=0)
    with transaction.atomic():
        assert take_number(tree.housing, 2025) == "秀建公开申〔2025〕2号"
