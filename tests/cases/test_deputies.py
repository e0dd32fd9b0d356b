"""休假代理 (AB角): on these days, and only then, a deputy may do what the absent colleague may."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases import workflow
from cases.choices import EventKind, Role
from cases.deputies import end_deputy, name_deputy
from cases.models import AuditEntry, Case, Deputy, Notice, User
from cases.notices import unseen_count
from cases.permissions import Act, can_on
from cases.reminding import remind
from cases.workflow import NotAllowed
from tests.makers import TODAY, Tree, make_case, make_user, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

DAY = timedelta(days=1)
LAST = date(2025, 10, 31)


@pytest.fixture
def absent(tree: Tree) -> User:
    return make_user(Role.REVIEWER, tree.housing, name="审核人甲")


@pytest.fixture
def deputy(tree: Tree) -> User:
    return make_user(Role.CLERK, tree.housing, name="经办员乙")


@pytest.fixture
def case(tree: Tree, absent: User) -> Case:
    return make_case(tree.housing, handler=absent)


def period(absent: User, deputy: User, from_on: date = TODAY, to_on: date = LAST) -> Deputy:
    """As it stands in the record, whenever it was entered."""
    return Deputy.objects.create(user=absent, deputy=deputy, from_on=from_on, to_on=to_on)


def fresh(user: User) -> User:
    """As the next request sees the user."""
    return User.objects.get(pk=user.pk)


def listed(client: Client, **asked: int) -> list[str]:
    page = client.get(reverse("cases:list"), asked)
    return [row.record.number for row in page.context["table"].page]


@pytest.mark.parametrize(
    ("today", "stands_in"),
    [
        (date(2025, 10, 24), False),  # the working day before
        (date(2025, 10, 26), False),
        (date(2025, 10, 27), True),  # the first day
        (date(2025, 10, 31), True),  # the last
        (date(2025, 11, 1), False),
    ],
)
def test_both_days_count_and_it_ends_by_itself(
    monkeypatch: pytest.MonkeyPatch,
    absent: User,
    deputy: User,
    case: Case,
    today: date,
    stands_in: bool,
) -> None:
    period(absent, deputy)
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: today)
    assert can_on(fresh(deputy), Act.EXTEND, case) == stands_in
    assert (case in Case.objects.handled_by(fresh(deputy))) == stands_in


def test_it_runs_over_the_turn_of_the_year(
    monkeypatch: pytest.MonkeyPatch, absent: User, deputy: User, case: Case
) -> None:
    period(absent, deputy, date(2025, 12, 29), date(2026, 1, 4))
    for today, stands_in in ((date(2026, 1, 4), True), (date(2026, 1, 5), False)):
        monkeypatch.setattr(timezone, "localdate", lambda *args, day=today, **kwargs: day)
        assert can_on(fresh(deputy), Act.EXTEND, case) == stands_in


def test_the_deputy_may_what_the_absent_may_on_their_cases_alone(
    absent: User, deputy: User, case: Case, tree: Tree
) -> None:
    own = make_case(tree.housing, handler=deputy)
    assert not can_on(fresh(deputy), Act.EXTEND, case)  # a clerk does not extend (条例33)
    period(absent, deputy)
    assert can_on(fresh(deputy), Act.EXTEND, case)
    assert not can_on(fresh(deputy), Act.EXTEND, own)
    done = workflow.extend(
        make_case(tree.housing, handler=absent, received_on=date(2025, 10, 9)),
        by=fresh(deputy),
        today=TODAY,
        on=TODAY,
        days=5,
        reason="案情复杂",
    )
    assert done.events.latest("pk").by == deputy


def test_a_deputy_of_another_organ_sees_and_works_these_cases_alone(
    client: Client, absent: User, case: Case, tree: Tree
) -> None:
    other = make_case(tree.housing)
    outsider = make_user(Role.CLERK, tree.land)
    client.force_login(outsider)
    assert client.get(reverse("cases:detail", args=[case.pk])).status_code == 404
    period(absent, outsider)
    page = client.get(reverse("cases:detail", args=[case.pk]))
    assert page.status_code == 200
    assert "答复" in [act["label"] for act in page.context["acts"]]
    assert client.get(reverse("cases:reply", args=[case.pk])).status_code == 200
    row = client.get(f"{reverse('reports:outcome_row')}?case={case.pk}&outcome=granted")
    assert row.status_code == 200
    assert client.get(reverse("cases:detail", args=[other.pk])).status_code == 404
    assert listed(client) == [case.number]


def test_it_is_not_handed_on(absent: User, deputy: User, case: Case, tree: Tree) -> None:
    third = make_user(Role.CLERK, tree.land)
    period(absent, deputy)
    period(deputy, third)
    assert not can_on(fresh(third), Act.REPLY, case)


def test_the_deputys_lists_and_home_have_the_cases_with_a_mark(
    client: Client, absent: User, deputy: User, case: Case, tree: Tree
) -> None:
    own = make_case(tree.housing, handler=deputy, received_on=date(2025, 9, 10))
    make_case(tree.housing)
    client.force_login(deputy)
    assert listed(client, mine=1) == [own.number]
    period(absent, deputy)
    assert listed(client, mine=1) == [own.number, case.number]
    page = client.get(reverse("cases:list"), {"mine": 1}).content.decode()
    assert page.count("代 审核人甲</span>") == 1
    home = client.get(reverse("cases:home"))
    assert home.context["counts"].mine == 2
    assert "您代审核人甲办理，到 2025-10-31 为止。" in home.content.decode()
    marks = {row.case.number: row.deputy for row in home.context["urgent"]}
    assert (marks[case.number], marks[own.number]) == ("代审核人甲", "")
    sheet = client.get(reverse("cases:monday"), {"mine": 1}).content.decode()
    assert case.number in sheet and own.number in sheet


def test_the_page_of_a_case_says_who_stands_in(
    client: Client, absent: User, deputy: User, case: Case, tree: Tree
) -> None:
    period(absent, deputy)
    client.force_login(make_user(Role.SUPERVISOR, tree.government))
    page = client.get(reverse("cases:detail", args=[case.pk])).content.decode()
    assert "2025-10-27 至 2025-10-31，审核人甲的申请件由经办员乙代办。" in page


def test_the_deputy_accepts_for_the_absent(absent: User, deputy: User, tree: Tree) -> None:
    by = make_user(Role.SUPERVISOR, tree.government)
    case = workflow.assign(make_case(tree.housing), by=by, today=TODAY, handler=absent)
    with pytest.raises(NotAllowed):
        workflow.accept(case, by=fresh(deputy), today=TODAY)
    period(absent, deputy)
    workflow.accept(case, by=fresh(deputy), today=TODAY)
    assert case.events.latest("pk").kind == EventKind.ACCEPTED


def test_many_absences_cost_no_more_queries_than_one(
    client: Client, absent: User, deputy: User, case: Case, tree: Tree
) -> None:
    client.force_login(deputy)

    def costs(name: str) -> int:
        return queries_of(lambda: client.get(reverse(name)))

    period(absent, deputy)
    names = ("cases:list", "cases:home")
    for name in names:
        costs(name)  # caches of the process
    once = [costs(name) for name in names]
    for _ in range(5):
        away = make_user(Role.CLERK, tree.housing)
        period(away, deputy)
        make_case(tree.housing, handler=away)
    assert [costs(name) for name in names] == once


# Entering and ending -----------------------------------------------------------------------------


def typed(user: User, deputy: User, **fields: str) -> dict[str, Any]:
    days = {"from_on": TODAY.isoformat(), "to_on": LAST.isoformat()}
    return {"user": user.pk, "deputy": deputy.pk} | days | fields


def errors(page: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in page.context["form"].errors.items()}


NEW = "/deputies/new/"


def test_one_names_ones_own_deputy(client: Client, absent: User, deputy: User) -> None:
    client.force_login(absent)
    page = client.post(NEW, typed(absent, deputy), follow=True)
    named = Deputy.objects.get()
    assert (named.user, named.deputy, named.from_on, named.to_on) == (absent, deputy, TODAY, LAST)
    assert "经办员乙 代 审核人甲（2025-10-27 至 2025-10-31）" in page.content.decode()
    assert AuditEntry.objects.latest("pk").act == "登记代理"


def test_a_supervisor_names_it_for_whom_they_look_after(
    client: Client, absent: User, deputy: User, tree: Tree
) -> None:
    client.force_login(make_user(Role.SUPERVISOR, tree.government))
    assert client.post(NEW, typed(absent, deputy)).status_code == 302
    client.force_login(make_user(Role.SUPERVISOR, tree.land))
    page = client.post(NEW, typed(absent, deputy))
    assert "所选的休假的人不在可选项之内" in errors(page)["user"][0]


def test_a_colleague_does_not_name_it(client: Client, absent: User, deputy: User) -> None:
    client.force_login(deputy)
    assert "user" in errors(client.post(NEW, typed(absent, deputy)))
    with pytest.raises(NotAllowed):
        name_deputy(user=absent, deputy=deputy, from_on=TODAY, to_on=LAST, by=deputy, today=TODAY)
    assert not Deputy.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"from_on": "2025-10-26"}, "from_on", "起日不能早于今天"),
        ({"to_on": "2025-10-26"}, "to_on", "止日不能早于起日 2025-10-27。"),
        ({"to_on": "2026-10-29"}, "to_on", "一次代理最长一年"),
        ({"to_on": "下周五"}, "to_on", "“下周五”不是一个日期"),
        ({"to_on": ""}, "to_on", "请填写止日。"),
        ({"deputy": ""}, "deputy", "请选择代理人。"),
        ({"deputy": "self"}, "deputy", "代理人不能是本人"),
        ({"deputy": "stranger"}, "deputy", "所选的代理人不在可选项之内"),
    ],
)
def test_bad_input_is_said_beside_its_field(
    client: Client,
    absent: User,
    deputy: User,
    tree: Tree,
    fields: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    client.force_login(absent)
    keys = {"self": absent.pk, "stranger": make_user(Role.CLERK, tree.land).pk}
    said = {name: keys.get(value, value) for name, value in fields.items()}
    page = client.post(NEW, typed(absent, deputy) | said)
    assert sentence in errors(page)[field][0]
    assert not Deputy.objects.exists()


@pytest.mark.parametrize(
    ("from_on", "to_on", "fits"),
    [
        (TODAY, TODAY, True),
        (TODAY, TODAY + DAY, False),  # the first day of the other
        (date(2025, 10, 29), date(2025, 10, 30), False),  # within
        (LAST, date(2025, 11, 9), False),  # the last day of the other
        (date(2025, 11, 1), date(2025, 11, 9), True),
        (TODAY, date(2025, 11, 9), False),  # around
    ],
)
def test_one_deputy_a_day(
    absent: User, deputy: User, tree: Tree, from_on: date, to_on: date, fits: bool
) -> None:
    period(absent, make_user(Role.CLERK, tree.housing, name="经办员丙"), TODAY + DAY, LAST)
    try:
        name_deputy(
            user=absent, deputy=deputy, from_on=from_on, to_on=to_on, by=absent, today=TODAY
        )
    except ValidationError as refused:
        assert not fits
        assert refused.message_dict["from_on"] == [
            "2025-10-28 至 2025-10-31 已由经办员丙代理，日期不能重叠。"
        ]
    else:
        assert fits


def test_where_one_only_reads_one_finds_no_deputy(absent: User, tree: Tree) -> None:
    """An auditor's reach over the district makes nobody there a colleague."""
    absent.assignments.create(department=tree.government, role=Role.AUDITOR)
    elsewhere = make_user(Role.CLERK, tree.land, name="经办员丙")
    with pytest.raises(ValidationError, match="经办员丙不是您单位的经办人或者审核人"):
        name_deputy(
            user=absent, deputy=elsewhere, from_on=TODAY, to_on=LAST, by=absent, today=TODAY
        )


def test_a_supervisor_of_both_names_nobody_of_another_organ(absent: User, tree: Tree) -> None:
    by = make_user(Role.SUPERVISOR, tree.government)
    elsewhere = make_user(Role.CLERK, tree.land, name="经办员丙")
    with pytest.raises(ValidationError, match="经办员丙与审核人甲不在同一单位经办申请件"):
        name_deputy(user=absent, deputy=elsewhere, from_on=TODAY, to_on=LAST, by=by, today=TODAY)
    above = make_user(Role.CLERK, tree.government, name="经办员丁")
    name_deputy(user=absent, deputy=above, from_on=TODAY, to_on=LAST, by=by, today=TODAY)
    assert Deputy.objects.get().deputy == above


def test_back_early_it_ends(client: Client, absent: User, deputy: User, case: Case) -> None:
    named = period(absent, deputy, TODAY - DAY, LAST)
    client.force_login(absent)
    assert f"/deputies/{named.pk}/end/" in client.get("/deputies/").content.decode()
    page = client.post(f"/deputies/{named.pk}/end/", follow=True)
    assert "经办员乙不再代理审核人甲。" in page.content.decode()
    named.refresh_from_db()
    assert named.to_on == TODAY - DAY
    assert not can_on(fresh(deputy), Act.EXTEND, case)
    assert AuditEntry.objects.latest("pk").act == "结束代理"
    with pytest.raises(NotAllowed):
        end_deputy(named.pk, by=absent, today=TODAY)


def test_what_the_deputy_was_told_ends_with_it(
    absent: User, deputy: User, case: Case, tree: Tree
) -> None:
    """At once: the bell counts nothing that its page does not list. Their own stays."""
    own = make_case(tree.housing, handler=deputy)
    named = period(absent, deputy)
    remind(TODAY)
    assert {it.case for it in Notice.objects.standing().filter(user=deputy)} == {case, own}
    end_deputy(named.pk, by=absent, today=TODAY)
    assert {it.case for it in Notice.objects.standing().filter(user=deputy)} == {own}
    assert Notice.objects.standing().filter(user=absent, case=case).exists()
    listed = Notice.objects.visible_to(fresh(deputy)).unseen()
    assert unseen_count(fresh(deputy)) == listed.count()


def test_what_has_not_begun_is_taken_out(client: Client, absent: User, deputy: User) -> None:
    named = period(absent, deputy, TODAY + DAY, LAST)
    client.force_login(absent)
    client.post(f"/deputies/{named.pk}/end/")
    assert not Deputy.objects.exists()
    with pytest.raises(NotAllowed, match="这项代理已经取消"):
        end_deputy(named.pk, by=absent, today=TODAY)


def test_the_deputy_sees_it_but_does_not_end_it(client: Client, absent: User, deputy: User) -> None:
    named = period(absent, deputy)
    client.force_login(deputy)
    page = client.get("/deputies/").content.decode()
    assert "审核人甲" in page and f"/deputies/{named.pk}/end/" not in page
    page = client.post(f"/deputies/{named.pk}/end/", follow=True).content.decode()
    assert "您不能结束审核人甲的代理。" in page
    assert Deputy.objects.get().to_on == LAST


def test_a_stranger_finds_no_such_period(
    client: Client, absent: User, deputy: User, tree: Tree
) -> None:
    named = period(absent, deputy)
    client.force_login(make_user(Role.CLERK, tree.land))
    assert "审核人甲" not in client.get("/deputies/").content.decode()
    assert client.post(f"/deputies/{named.pk}/end/").status_code == 404


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_works_no_cases_has_no_deputy(client: Client, tree: Tree, role: Role) -> None:
    client.force_login(make_user(role, tree.government))
    assert client.get("/deputies/").status_code == 403
    assert client.post(NEW, {}).status_code == 403
    assert client.get("/deputies/1/end/").status_code == 405


def test_the_database_keeps_what_a_period_is(absent: User, deputy: User) -> None:
    for user, from_on, to_on in ((deputy, TODAY, LAST), (absent, LAST, TODAY)):
        with pytest.raises(IntegrityError), transaction.atomic():
            period(user, deputy, from_on, to_on)
