"""The pages of 指标填报: the form of an organ's year, the board of an area, the list of figures."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from cases.choices import Role
from cases.models import Department, User
from reports import annual
from reports.annual import Entry
from reports.choices import OWN, ReportState
from reports.models import AnnualReport, FactKind, ReportingUnit, YearCall, YearFact
from reports.usual_facts import USUAL_FACTS
from tests.makers import Tree, hand_of, make_department, make_tree, make_user, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

YEAR = 2025
BOARD, KINDS = reverse("reports:fact_board"), reverse("reports:fact_kinds")


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def office(tree: Tree) -> User:
    return make_user(Role.SUPERVISOR, tree.government, name="主管辛")


@pytest.fixture
def kind(tree: Tree, office: User) -> FactKind:
    return annual.set_kind(
        tree.government, None, by=office, version=None, label="业务培训", unit="次"
    )


@pytest.fixture
def clerk(client: Client, tree: Tree) -> User:
    """Of 区住建局, signed in."""
    user = make_user(Role.CLERK, tree.housing, name="经办员乙")
    client.force_login(user)
    return user


def page_of(department: Department, year: int = YEAR) -> str:
    return reverse("reports:facts", args=[department.pk, year])


def typed(department: Department, kind: FactKind, figure: str, note: str = "") -> dict[str, Any]:
    version = annual.facts_version(annual.facts_of(department, YEAR))
    return {"version": version, f"figure_{kind.pk}": figure, f"note_{kind.pk}": note}


def tell(department: Department, kind: FactKind, figure: int, year: int = YEAR) -> None:
    annual.tell_facts(
        department, year, {kind.pk: Entry(figure)}, by=hand_of(department), version=None
    )


def text_of(response: Any) -> str:
    return str(response.content.decode())


def errors(response: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["form"].errors.items()}


# The form of an organ's year ---------------------------------------------------------------------


@pytest.mark.parametrize("figure", ["1200", "1,200", "１２００", "1 200"])
def test_a_figure_is_told(
    client: Client, clerk: User, tree: Tree, kind: FactKind, figure: str
) -> None:
    page = page_of(tree.housing)
    response = client.post(page, typed(tree.housing, kind, figure, "含镇街"), follow=True)
    assert "1 项指标已保存" in text_of(response)
    fact = YearFact.objects.get()
    assert (fact.figure, fact.note, fact.by) == (1200, "含镇街", clerk)
    assert 'value="1200"' in text_of(client.get(page))


def test_blank_stays_blank_and_zero_is_zero(
    client: Client, clerk: User, tree: Tree, kind: FactKind
) -> None:
    page = page_of(tree.housing)
    assert "没有改动" in text_of(client.post(page, typed(tree.housing, kind, ""), follow=True))
    client.post(page, typed(tree.housing, kind, "0"))
    assert YearFact.objects.get().figure == 0
    client.post(page, typed(tree.housing, kind, ""))
    assert not YearFact.objects.exists()


@pytest.mark.parametrize("figure", ["三次", "-1", "2.5", "3次", "9" * 13, "9" * 5000])
def test_what_is_no_figure_is_said_beside_its_field(
    client: Client, clerk: User, tree: Tree, kind: FactKind, figure: str
) -> None:
    response = client.post(page_of(tree.housing), typed(tree.housing, kind, figure, "说明在此"))
    assert list(errors(response)) == [f"figure_{kind.pk}"]
    assert figure in text_of(response) and "说明在此" in text_of(response)
    assert not YearFact.objects.exists()


def test_a_note_without_a_figure_and_too_long_a_note(
    client: Client, clerk: User, tree: Tree, kind: FactKind
) -> None:
    page = page_of(tree.housing)
    response = client.post(page, typed(tree.housing, kind, "", "还在统计"))
    assert "填 0" in errors(response)[f"figure_{kind.pk}"][0]
    response = client.post(page, typed(tree.housing, kind, "1", "长" * 201))
    assert errors(response)[f"note_{kind.pk}"] == ["最多 200 个字，现有 201 个。"]


def test_last_year_stands_beside_and_a_swing_is_pointed_out(
    client: Client, clerk: User, tree: Tree, kind: FactKind
) -> None:
    tell(tree.housing, kind, 3, YEAR - 1)
    tell(tree.housing, kind, 15)
    page = page_of(tree.housing)
    [row] = client.get(page).context["rows"]
    assert (row["before"].figure, row["swings"]) == (3, False)
    client.post(page, typed(tree.housing, kind, "16"))
    assert YearFact.objects.get(year=YEAR).figure == 16
    assert "相差五倍以上" in text_of(client.get(page))


def test_what_somebody_else_told_meanwhile_is_not_written_over(
    client: Client, clerk: User, tree: Tree, kind: FactKind
) -> None:
    stale = typed(tree.housing, kind, "5")
    tell(tree.housing, kind, 2)
    response = client.post(page_of(tree.housing), stale)
    assert "已被别人改过" in text_of(response) and 'value="5"' in text_of(response)
    assert YearFact.objects.get().figure == 2
    again = {**stale, "version": response.context["form"]["version"].value()}
    client.post(page_of(tree.housing), again)
    assert YearFact.objects.get().figure == 5


def test_once_published_the_figures_are_only_shown(
    client: Client, clerk: User, tree: Tree, kind: FactKind
) -> None:
    tell(tree.housing, kind, 2)
    said = typed(tree.housing, kind, "5")
    AnnualReport.objects.create(
        department=tree.housing, year=YEAR, scope=OWN, state=ReportState.PUBLISHED
    )
    response = client.get(page_of(tree.housing))
    assert response.status_code == 200 and "更正发布" in text_of(response)
    assert '<input type="text"' not in text_of(response)
    response = client.post(page_of(tree.housing), said)
    assert response.status_code == 403 and 'value="5"' in text_of(response)
    assert YearFact.objects.get().figure == 2


def test_who_only_reads_sees_the_figures(client: Client, tree: Tree, kind: FactKind) -> None:
    tell(tree.housing, kind, 2)
    client.force_login(make_user(Role.AUDITOR, tree.housing))
    response = client.get(page_of(tree.housing))
    assert response.status_code == 200 and not response.context["is_open"]
    response = client.post(page_of(tree.housing), typed(tree.housing, kind, "5"))
    assert response.status_code == 403
    assert YearFact.objects.get().figure == 2


def test_a_stranger_finds_nothing(client: Client, tree: Tree, kind: FactKind) -> None:
    client.force_login(make_user(Role.CLERK, tree.land))
    for address in (page_of(tree.housing), f"{BOARD}?department={tree.housing.pk}"):
        assert client.get(address).status_code == 404
    assert client.post(page_of(tree.housing), typed(tree.housing, kind, "5")).status_code == 404
    client.force_login(make_user(Role.ADMINISTRATOR, tree.government))
    for address in (page_of(tree.housing), BOARD, KINDS):
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("year", [2018, YEAR + 1, 99999])
def test_there_is_no_year_without_a_report_or_to_come(
    client: Client, clerk: User, tree: Tree, year: int
) -> None:
    assert client.get(page_of(tree.housing, year)).status_code == 404
    assert client.get(f"{BOARD}?year={year}").status_code == 404


def test_of_a_government_the_board_is_shown(client: Client, tree: Tree, office: User) -> None:
    client.force_login(office)
    response = client.get(page_of(tree.government))
    assert response.status_code == 302 and response.headers["Location"].startswith(BOARD)


def test_the_form_leads_back_to_the_board_that_its_user_sees(
    client: Client, clerk: User, office: User, tree: Tree, kind: FactKind
) -> None:
    for user, organ in ((clerk, tree.housing), (office, tree.government)):
        client.force_login(user)
        board = client.get(client.get(page_of(tree.housing)).context["board_url"])
        assert (board.status_code, board.context["department"]) == (200, organ)


def test_where_nothing_is_asked_the_page_says_so(client: Client, clerk: User, tree: Tree) -> None:
    assert "还没有要填的指标" in text_of(client.get(page_of(tree.housing)))
    assert "还没有设置指标" in text_of(client.get(BOARD))


# The board ---------------------------------------------------------------------------------------


def test_the_board_adds_up_and_names_who_has_not_told(
    client: Client, office: User, tree: Tree, kind: FactKind
) -> None:
    tell(tree.housing, kind, 2)
    tell(tree.town, kind, 30)
    client.force_login(office)
    response = client.get(BOARD, {"department": tree.government.pk, "year": YEAR})
    [row] = response.context["rows"]
    assert (row["fact"].figure, row["told"]) == (32, 2)
    assert "区政府办、区资规分局" in text_of(response)
    cells = {str(each["unit"]): each["cells"][0]["fact"] for each in response.context["units"]}
    assert cells["王江泾镇"].figure == 30 and cells["区政府办"] is None
    response = client.get(f"{BOARD}?department={tree.government.pk}&scope=home")
    assert response.context["rows"][0]["fact"].figure == 2
    assert client.get(BOARD, {"scope": "nowhere"}).status_code == 404
    assert client.get(BOARD, {"year": "二〇二五"}).status_code == 404


def test_the_board_gives_the_sentences_of_what_all_have_told(
    client: Client, office: User, tree: Tree
) -> None:
    annual.take_usual(tree.government, by=office, year=YEAR)
    trainings, gazette = (FactKind.objects.get(key=key) for key in ("trainings", "gazette_issues"))
    tell(tree.office, gazette, 6)
    for organ in (tree.office, tree.housing, tree.land):
        tell(organ, trainings, 2)
    client.force_login(office)
    platform = ("（四）政府信息公开平台建设", "2025年度，编印政府公报6期。")
    assert client.get(BOARD).context["said"] == [platform]
    tell(tree.town, trainings, 1)
    supervision = ("（五）监督保障", "2025年度，组织业务培训7次。")
    response = client.get(BOARD)
    assert response.context["said"] == [platform, supervision]
    assert "组织业务培训7次。" in text_of(response)


def test_the_table_of_the_year_leads_to_its_figures(
    client: Client, clerk: User, tree: Tree
) -> None:
    table = client.get(reverse("reports:annual_table"), {"year": YEAR - 1})
    board = table.context["facts_url"]
    assert board in text_of(table).replace("&amp;", "&")
    response = client.get(board)
    assert (response.context["department"], response.context["year"]) == (tree.housing, YEAR - 1)


def test_a_sum_that_is_not_whole_is_no_swing(
    client: Client, office: User, tree: Tree, kind: FactKind
) -> None:
    client.force_login(office)
    for organ in (tree.office, tree.housing, tree.land, tree.town):
        tell(organ, kind, 40, YEAR - 1)
        assert not client.get(BOARD).context["rows"][0]["swings"]
        tell(organ, kind, 1)
    assert client.get(BOARD).context["rows"][0]["swings"]


def test_a_unit_that_its_reader_does_not_see_has_no_link(
    client: Client, office: User, tree: Tree, kind: FactKind
) -> None:
    call = YearCall.objects.create(
        government=tree.government, year=YEAR, until_on=date(YEAR + 1, 1, 26)
    )
    ReportingUnit.objects.create(call=call, department=tree.neighbour, in_home=True)
    tell(tree.neighbour, kind, 4)
    client.force_login(office)
    response = client.get(BOARD)
    links = {str(each["unit"]): each["url"] for each in response.context["units"]}
    assert links["市政府办"] == "" and links["区住建局"] == page_of(tree.housing)
    assert response.context["rows"][0]["fact"].figure == 4


def test_the_board_is_a_workbook_too(
    client: Client, office: User, tree: Tree, kind: FactKind
) -> None:
    annual.tell_facts(
        tree.housing,
        YEAR,
        {kind.pk: Entry(2, "=1+1")},
        by=hand_of(tree.housing),
        version=None,
    )
    tell(tree.town, kind, 0)
    client.force_login(office)
    response = client.get(reverse("reports:fact_board_file"), {"year": YEAR})
    book = load_workbook(BytesIO(response.getvalue()))
    sums, units, notes = (list(sheet.iter_rows(values_only=True)) for sheet in book)
    assert sums[1] == ("业务培训", "次", 2, None, 4, 2, "区政府办、区资规分局")
    assert units == [
        ("填报单位", "业务培训（次）"),
        ("区政府办", None),
        ("区住建局", 2),
        ("区资规分局", None),
        ("王江泾镇", 0),
    ]
    assert notes[1] == ("业务培训", "区住建局", 2, "次", "=1+1")
    assert book["说明"]["E2"].data_type == "s"


def test_the_board_sends_a_fixed_number_of_statements(
    client: Client, office: User, tree: Tree, kind: FactKind
) -> None:
    client.force_login(office)
    tell(tree.housing, kind, 2)
    before = queries_of(lambda: client.get(BOARD))
    for n in range(5):
        tell(make_department(f"秀洲区第{n}局", parent=tree.government), kind, n)
    assert queries_of(lambda: client.get(BOARD)) == before


# The list ----------------------------------------------------------------------------------------


def kind_typed(**said: Any) -> dict[str, Any]:
    return {"label": "窗口接待", "unit": "人次", "is_summed": "on", "place": ""} | said


def test_the_office_sets_the_list(client: Client, office: User, tree: Tree) -> None:
    client.force_login(office)
    assert "加入常用指标" in text_of(client.get(KINDS))
    take = reverse("reports:fact_kinds_take", args=[tree.government.pk])
    assert "常用指标已加入" in text_of(client.post(take, follow=True))
    assert "已经加入过" in text_of(client.post(take, follow=True))
    new = reverse("reports:fact_kind_new", args=[tree.government.pk])
    client.post(new, kind_typed(place="1"))
    first, *others = annual.kinds_of(tree.government)
    assert (first.label, first.unit, len(others)) == ("窗口接待", "人次", len(USUAL_FACTS))
    assert "加入常用指标" not in text_of(client.get(KINDS))


def test_a_figure_is_changed_and_removed(
    client: Client, office: User, tree: Tree, kind: FactKind
) -> None:
    client.force_login(office)
    page = reverse("reports:fact_kind", args=[kind.pk])
    version = annual.kind_version(kind)
    said = kind_typed(version=version, place="1", retired_year="2027")
    client.post(page, said)
    kind.refresh_from_db()
    assert (kind.label, kind.retired_year) == ("窗口接待", 2027)
    response = client.post(page, said | {"label": "接待"})
    assert "已被别人改过" in text_of(response) and "接待" in text_of(response)
    assert "2027 年度起停用" in text_of(client.get(KINDS))
    remove = reverse("reports:fact_kind_remove", args=[kind.pk])
    assert client.get(remove).status_code == 405
    tell(tree.housing, kind, 2)
    assert "不能删除" in text_of(client.post(remove, follow=True))
    YearFact.objects.all().delete()
    client.post(remove)
    assert not FactKind.objects.exists()


def test_bad_input_is_said_beside_its_field(
    client: Client, office: User, tree: Tree, kind: FactKind
) -> None:
    client.force_login(office)
    new = reverse("reports:fact_kind_new", args=[tree.government.pk])
    response = client.post(new, kind_typed(label="", unit="很长很长很长的计量单位", place="零"))
    assert set(errors(response)) == {"label", "unit", "place"}
    response = client.post(new, kind_typed(label="业务培训"))
    assert "同名" in errors(response)["label"][0] and "人次" in text_of(response)
    page = reverse("reports:fact_kind", args=[kind.pk])
    version = annual.kind_version(kind)
    response = client.post(page, kind_typed(version=version, retired_year="明年"))
    assert errors(response) == {"retired_year": ["请填四位数的年度，如 2026。"]}


def test_what_sentences_are_made_of_is_not_renamed(
    client: Client, office: User, tree: Tree
) -> None:
    annual.take_usual(tree.government, by=office, year=YEAR)
    client.force_login(office)
    usual = FactKind.objects.get(key="trainings")
    page = reverse("reports:fact_kind", args=[usual.pk])
    client.post(page, kind_typed(version=annual.kind_version(usual), place="1"))
    usual.refresh_from_db()
    assert (usual.label, usual.place) == (USUAL_FACTS["trainings"].label, 1)


def test_an_organ_keeps_its_own_list_and_no_other(
    client: Client, clerk: User, tree: Tree, kind: FactKind
) -> None:
    response = client.get(KINDS)
    assert response.context["department"] == tree.housing and "业务培训" in text_of(response)
    assert "加入常用指标" in text_of(response)
    client.post(reverse("reports:fact_kind_new", args=[tree.housing.pk]), kind_typed())
    [mine] = annual.kinds_of(tree.housing)
    for other in (tree.government, tree.land):
        for name in ("fact_kind_new", "fact_kinds_take"):
            address = reverse(f"reports:{name}", args=[other.pk])
            assert client.post(address, kind_typed()).status_code == 404
    for name in ("fact_kind", "fact_kind_remove"):
        assert client.post(reverse(f"reports:{name}", args=[kind.pk])).status_code == 404
    assert annual.kinds_of(tree.housing) == [mine]
    assert annual.kinds_of(tree.government) == [kind]


def test_who_does_not_keep_the_list_is_refused(client: Client, tree: Tree, kind: FactKind) -> None:
    client.force_login(make_user(Role.REVIEWER, tree.government))
    new = reverse("reports:fact_kind_new", args=[tree.government.pk])
    one = reverse("reports:fact_kind", args=[kind.pk])
    for address in (f"{KINDS}?department={tree.government.pk}", new, one):
        assert client.get(address).status_code == 403
    said = kind_typed(version=annual.kind_version(kind), place="1")
    for address in (new, one, reverse("reports:fact_kind_remove", args=[kind.pk])):
        assert client.post(address, said).status_code == 403
    take = reverse("reports:fact_kinds_take", args=[tree.government.pk])
    assert client.post(take).status_code == 403
    assert annual.kinds_of(tree.government) == [kind]
