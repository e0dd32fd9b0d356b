"""The pages of handing in: a file or figures typed, looked at before they are taken in."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from cases.choices import Role
from cases.models import AuditEntry, User
from cases.workflow import NotAllowed
from reports import annual
from reports.annual.handing import take_in
from reports.choices import OWN, ReportStepKind, Way
from reports.formats import get_format
from reports.formats.base import Tables
from reports.formats.content import places
from reports.handin import HandedIn
from reports.models import AnnualReport, HandedInTable
from tests.makers import Tree, hand_of, make_tree, make_user
from tests.reports.test_handin import NEW, filled, template

pytestmark = pytest.mark.django_db

F2021 = get_format("2021")
PAGE, TYPED, STORE, TEMPLATE = (
    reverse(f"reports:{name}")
    for name in ("hand_in", "hand_in_typed", "hand_in_store", "hand_in_template")
)
IN_FORCE = "section_two.normative_documents.in_force"
# Seven new ones of persons, all answered.
SEVEN = {
    f"section_three.{row}.{column}": 7
    for row in ("new_received", "granted", "results_total")
    for column in ("natural_person", "total")
}


@pytest.fixture
def tree(today: date) -> Tree:
    """The town hands its tables of 2024 in."""
    tree = make_tree()
    units = [
        replace(unit, way=Way.HANDED_IN) if unit.department == tree.town else unit
        for unit in annual.proposed_units(tree.government, 2024)
    ]
    by = make_user(Role.SUPERVISOR, tree.government)
    said: dict[str, Any] = {"until_on": date(2025, 1, 15), "instructions": "", "version": 0}
    annual.call_for_reports(tree.government, 2024, units=units, by=by, **said)
    return tree


@pytest.fixture
def clerk(tree: Tree, client: Client) -> User:
    user = make_user(Role.CLERK, tree.town, name="经办员乙")
    client.force_login(user)
    return user


def upload(client: Client, content: bytes, name: str = "王江泾镇.xlsx") -> Any:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def type_in(client: Client, **said: Any) -> Any:
    usual = {path: "0" for path in (*places(F2021), *F2021.cells)}
    return client.post(TYPED, usual | said)


def kept_in(answer: Any) -> str:
    kept: str = answer.context["form"]["kept"].value()
    return kept


# A file -------------------------------------------------------------------------------------------


def test_the_template_is_filled_in_looked_at_and_taken_in(
    client: Client, tree: Tree, clerk: User
) -> None:
    fetched = client.get(TEMPLATE)
    assert "attachment" in fetched["Content-Disposition"]
    content = fetched.getvalue()
    answer = upload(client, filled(SEVEN | {IN_FORCE: 3}, content=content))
    assert answer.templates[0].name == "reports/hand_in_preview.html"
    assert answer.context["broken"] == 0
    assert not HandedInTable.objects.exists()
    assert client.post(STORE, {"kept": kept_in(answer)}).status_code == 302
    row = HandedInTable.objects.get()
    assert (row.year, row.file_name, row.by) == (2024, "王江泾镇.xlsx", clerk)
    assert row.tables.value(NEW) == 7 and len(row.sha256) == 64
    report = AnnualReport.objects.get(department=tree.town)
    assert report.section_two[IN_FORCE] == "3"
    assert AuditEntry.objects.filter(act="annual_report_handed_in").count() == 1


def test_what_does_not_agree_is_shown_before_it_is_taken_in(
    client: Client, tree: Tree, clerk: User
) -> None:
    answer = upload(client, filled({NEW: 7}))
    broken = [line for line in answer.context["checks"] if line["state"] != "ok"]
    assert answer.context["broken"] and any("一 + 二" in line["title"] for line in broken)
    assert "有勾稽不符的地方" in answer.content.decode()
    assert "第二部分没有填" not in answer.content.decode()


def test_a_file_that_cannot_be_read_says_why_and_stores_nothing(
    client: Client, tree: Tree, clerk: User
) -> None:
    for content, said in (
        (b"not a workbook", "这不是 .xlsx"),
        (filled({NEW: "/"}), "“/”不是数字"),
        (template(), f"还有 {len(F2021.cells) - 12} 处有误"),
    ):
        answer = upload(client, content)
        assert answer.status_code == 200
        assert said in str(answer.context["form"].errors["file"]), said
    assert "请选择填好的模板" in client.post(PAGE).content.decode()
    assert not HandedInTable.objects.exists() and not AnnualReport.objects.exists()


def test_a_section_two_that_is_left_out_stays(client: Client, tree: Tree, clerk: User) -> None:
    client.post(STORE, {"kept": kept_in(upload(client, filled(SEVEN | {IN_FORCE: 3})))})
    answer = upload(client, filled(two=None))
    assert "第二部分没有填" in answer.content.decode()
    client.post(STORE, {"kept": kept_in(answer)})
    assert HandedInTable.objects.count() == 2
    assert AnnualReport.objects.get().section_two[IN_FORCE] == "3"


# Typed --------------------------------------------------------------------------------------------


def test_figures_are_typed_looked_at_and_taken_in(client: Client, tree: Tree, clerk: User) -> None:
    typed = {path: str(figure) for path, figure in SEVEN.items()} | {NEW: "７"}
    answer = type_in(client, **typed)
    assert answer.templates[0].name == "reports/hand_in_preview.html"
    client.post(STORE, {"kept": kept_in(answer)})
    row = HandedInTable.objects.get()
    assert (row.file_name, row.tables.value(NEW)) == ("", 7)
    assert AnnualReport.objects.get().section_two[IN_FORCE] == "0"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "没有填，没有的请填 0"),
        ("五", "“五”不是数字"),
        ("1.5", "“1.5”须为整数"),
        ("-1", "不能为负数"),
        ("999999999999", "数字过大"),
        ("9" * 13, "最多 12 个字"),
    ],
)
def test_what_is_typed_wrongly_is_said_and_all_of_it_stays(
    client: Client, tree: Tree, clerk: User, typed: str, said: str
) -> None:
    answer = type_in(client, **{NEW: typed, IN_FORCE: "3"})
    form = answer.context["form"]
    assert list(form.errors) == [NEW] and said in form.errors[NEW][0]
    assert [field.name for field, _ in answer.context["wrong"]] == [NEW]
    assert (form[NEW].value(), form[IN_FORCE].value()) == (typed, "3")
    assert not HandedInTable.objects.exists()


def test_section_two_is_typed_whole_or_not_at_all(client: Client, tree: Tree, clerk: User) -> None:
    none = dict.fromkeys(places(F2021), "")
    answer = type_in(client, **none)
    assert answer.context["handed_in"].section_two is None
    answer = type_in(client, **none | {IN_FORCE: "3"})
    assert len(answer.context["form"].errors) == len(places(F2021)) - 1


def test_what_was_looked_at_can_be_corrected_by_hand(
    client: Client, tree: Tree, clerk: User
) -> None:
    looked_at = upload(client, filled(SEVEN | {IN_FORCE: 3}))
    answer = client.post(TYPED, {"kept": kept_in(looked_at)})
    form = answer.context["form"]
    assert (form[NEW].value(), form[IN_FORCE].value()) == (7, 3)


def test_what_was_handed_in_last_is_where_typing_begins(
    client: Client, tree: Tree, clerk: User
) -> None:
    assert client.get(TYPED).context["form"][NEW].value() is None
    client.post(STORE, {"kept": kept_in(upload(client, filled(SEVEN)))})
    assert client.get(TYPED).context["form"][NEW].value() == 7


# What is taken in ---------------------------------------------------------------------------------


def test_only_what_was_looked_at_is_taken_in(client: Client, tree: Tree, clerk: User) -> None:
    kept = kept_in(upload(client, filled(SEVEN)))
    for changed in ("", "x" + kept, kept[:-2]):
        answer = client.post(STORE, {"kept": changed})
        assert "已过期" in answer.content.decode()
    client.force_login(hand_of(tree.town))
    assert "已过期" in client.post(STORE, {"kept": kept}).content.decode()
    client.force_login(clerk)
    assert "已过期" in client.post(f"{STORE}?year=2023", {"kept": kept}).content.decode()
    assert not HandedInTable.objects.exists()


def test_the_history_shows_each_that_was_handed_in(client: Client, tree: Tree, clerk: User) -> None:
    assert "还没有报送过" in client.get(PAGE).content.decode()
    for figures in (SEVEN, {}):
        client.post(STORE, {"kept": kept_in(upload(client, filled(figures)))})
    answer = client.get(PAGE)
    latest, first = answer.context["history"]
    assert answer.context["shown"] == latest
    assert client.get(f"{PAGE}?table={first.pk}").context["shown"] == first
    assert client.get(f"{PAGE}?table=987654").status_code == 404


def test_what_is_confirmed_is_not_handed_in_over(client: Client, tree: Tree, clerk: User) -> None:
    kept = kept_in(upload(client, filled()))
    client.post(STORE, {"kept": kept})
    report = AnnualReport.objects.get(department=tree.town, scope=OWN)
    by = hand_of(tree.town)
    annual.take_step(report, ReportStepKind.REPORTED_ZERO, by=by, version=None)
    answer = client.post(STORE, {"kept": kept})
    assert answer.status_code == 403 and "已确认" in answer.content.decode()
    assert upload(client, filled()).status_code == 403
    assert client.get(TYPED).status_code == 403
    assert "已确认" in client.get(PAGE).content.decode()
    assert HandedInTable.objects.count() == 1


def test_who_works_here_does_not_hand_in(client: Client, tree: Tree) -> None:
    by = hand_of(tree.housing)
    client.force_login(by)
    answer = client.get(PAGE)
    assert "在本系统办理" in answer.content.decode()
    assert upload(client, filled()).status_code == 403
    with pytest.raises(NotAllowed, match="在本系统办理"):
        take_in(tree.housing, 2024, HandedIn(Tables.zero(F2021), None), by=by)


def test_who_may_hand_in(client: Client, tree: Tree) -> None:
    client.force_login(make_user(Role.AUDITOR, tree.town))
    answer = client.get(PAGE)
    assert answer.status_code == 200 and "权限" in answer.context["refusal"]
    assert upload(client, filled()).status_code == 403
    assert client.get(TYPED).status_code == 403
    client.force_login(hand_of(tree.land))
    for url in (PAGE, TYPED, TEMPLATE):
        assert client.get(f"{url}?department={tree.town.pk}").status_code == 404
    assert client.post(f"{STORE}?department={tree.town.pk}").status_code == 404
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    assert client.get(PAGE).status_code == 403
    client.force_login(make_user(Role.SUPERVISOR, tree.government))
    assert client.get(f"{PAGE}?department={tree.town.pk}").status_code == 200
    assert client.get(f"{PAGE}?department={tree.government.pk}").status_code == 404
    with pytest.raises(NotAllowed):
        take_in(tree.town, 2024, HandedIn(Tables.zero(F2021), None), by=hand_of(tree.land))


def test_the_template_is_of_the_year_and_its_format(
    client: Client, tree: Tree, clerk: User
) -> None:
    content = client.get(f"{TEMPLATE}?year=2020").getvalue()
    text = {
        str(cell.value)
        for sheet in load_workbook(BytesIO(content))
        for row in sheet
        for cell in row
    }
    assert f"@form 2019 2020 {tree.town.code}" in text
    assert client.get(f"{TEMPLATE}?year=2018").status_code == 404
