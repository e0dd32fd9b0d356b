"""指标填报: which figures are asked for, what is told of them, and what it comes to for an area."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from cases.choices import Role
from cases.models import AuditEntry, Department, User
from cases.workflow import NotAllowed, Stale
from reports import annual
from reports.annual import Entry
from reports.choices import ALL, HOME, OWN, ReportState, Way
from reports.fact_sentences import Told
from reports.models import AnnualReport, FactKind, ReportingUnit, YearCall, YearFact
from reports.usual_facts import USUAL_FACTS
from tests.makers import Tree, hand_of, make_department, make_tree, make_user, queries_of

pytestmark = pytest.mark.django_db

YEAR = 2025


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def office(tree: Tree) -> User:
    return make_user(Role.SUPERVISOR, tree.government, name="主管辛")


def add(department: Department, by: User, label: str, **said: Any) -> FactKind:
    usual: dict[str, Any] = {"version": None, "unit": "次"}
    return annual.set_kind(department, None, by=by, label=label, **(usual | said))


def change(kind: FactKind, by: User, **said: Any) -> FactKind:
    now = {name: getattr(kind, name) for name in ("label", "unit", "is_summed", "place")}
    usual = {"version": None, "retired_year": kind.retired_year}
    return annual.set_kind(kind.department, kind, by=by, **(usual | now | said))


def tell(
    department: Department, kind: FactKind, figure: int | None, note: str = "", **said: Any
) -> int:
    usual: dict[str, Any] = {"by": hand_of(department), "version": None}
    year = said.pop("year", YEAR)
    return annual.tell_facts(department, year, {kind.pk: Entry(figure, note)}, **(usual | said))


def labels(department: Department, year: int = YEAR) -> list[str]:
    return [kind.label for kind in annual.asked_of(department, year)]


# The list ----------------------------------------------------------------------------------------


def test_an_office_asks_all_below_and_an_organ_adds_its_own(tree: Tree, office: User) -> None:
    add(tree.government, office, "业务培训")
    add(tree.housing, hand_of(tree.housing), "窗口接待")
    assert labels(tree.housing) == ["业务培训", "窗口接待"]
    assert labels(tree.land) == labels(tree.government) == ["业务培训"]
    assert labels(tree.neighbour) == []


def test_who_reports_to_a_call_from_elsewhere_is_asked_too(tree: Tree, office: User) -> None:
    add(tree.government, office, "业务培训")
    call = YearCall.objects.create(
        government=tree.government, year=YEAR, until_on=date(YEAR + 1, 1, 26)
    )
    ReportingUnit.objects.create(call=call, department=tree.neighbour, in_home=True, way=Way.CASES)
    assert labels(tree.neighbour) == ["业务培训"]
    assert labels(tree.neighbour, YEAR - 1) == []


def test_only_the_office_sets_what_all_are_asked(tree: Tree) -> None:
    with pytest.raises(NotAllowed, match="权限"):
        add(tree.government, make_user(Role.REVIEWER, tree.government), "业务培训")
    with pytest.raises(NotAllowed, match="权限"):
        add(tree.housing, hand_of(tree.land), "窗口接待")


def test_the_usual_list_is_offered_once(tree: Tree, office: User) -> None:
    mine = add(tree.government, office, "业务培训")
    assert annual.may_take_usual(tree.government, YEAR)
    added = annual.take_usual(tree.government, by=office, year=YEAR)
    assert added == len(USUAL_FACTS) - 1
    kinds = annual.kinds_of(tree.government)
    assert kinds[0] == mine and [kind.place for kind in kinds] == list(range(1, added + 2))
    assert not annual.may_take_usual(tree.government, YEAR)
    for organ, by in ((tree.government, office), (tree.housing, hand_of(tree.housing))):
        with pytest.raises(ValidationError, match="已经加入"):
            annual.take_usual(organ, by=by, year=YEAR)


def test_a_figure_goes_to_its_place_and_the_others_move(tree: Tree, office: User) -> None:
    first, second, third = (add(tree.government, office, name) for name in "甲乙丙")
    change(third, office, place=1)
    assert [kind.label for kind in annual.kinds_of(tree.government)] == ["丙", "甲", "乙"]
    change(third, office, place=99)
    kinds = annual.kinds_of(tree.government)
    assert kinds == [first, second, third]
    assert [kind.place for kind in kinds] == [1, 2, 3]


def test_what_is_retired_is_asked_no_more_and_keeps_its_figures(tree: Tree, office: User) -> None:
    kind = add(tree.government, office, "业务培训")
    tell(tree.housing, kind, 3, year=YEAR - 1)
    with pytest.raises(ValidationError, match="2025") as error:
        change(kind, office, retired_year=YEAR - 1)
    assert set(error.value.message_dict) == {"retired_year"}
    change(kind, office, retired_year=YEAR)
    assert labels(tree.housing) == [] and labels(tree.housing, YEAR - 1) == ["业务培训"]
    with pytest.raises(ValidationError, match="停用"):
        tell(tree.housing, kind, 3)
    with pytest.raises(ValidationError, match="不能删除"):
        annual.remove_kind(kind, by=office)
    assert YearFact.objects.get().figure == 3


def test_what_nobody_has_told_may_be_removed(tree: Tree, office: User) -> None:
    first, second = (add(tree.government, office, name) for name in "甲乙")
    with pytest.raises(NotAllowed):
        annual.remove_kind(first, by=hand_of(tree.housing))
    annual.remove_kind(first, by=office)
    [kept] = annual.kinds_of(tree.government)
    assert (kept, kept.place) == (second, 1)


@pytest.mark.parametrize("field", ["label", "unit"])
def test_what_sentences_are_made_of_keeps_its_name_and_unit(
    tree: Tree, office: User, field: str
) -> None:
    annual.take_usual(tree.government, by=office, year=YEAR)
    kind = FactKind.objects.get(key="trainings")
    with pytest.raises(ValidationError, match="不能改") as error:
        change(kind, office, **{field: "场"})
    assert set(error.value.message_dict) == {field}


def test_a_unit_stays_once_there_are_figures_in_it(tree: Tree, office: User) -> None:
    kind = add(tree.government, office, "窗口接待")
    kind = change(kind, office, unit="人次", label="接待")
    tell(tree.housing, kind, 3)
    with pytest.raises(ValidationError, match="不能改"):
        change(kind, office, unit="件")


def test_no_name_stands_twice_in_what_an_organ_is_asked(tree: Tree, office: User) -> None:
    add(tree.government, office, "业务培训")
    for organ, by in ((tree.government, office), (tree.housing, hand_of(tree.housing))):
        with pytest.raises(ValidationError, match="同名"):
            add(organ, by, "业务培训")


def test_what_somebody_else_changed_meanwhile_is_not_written_over(tree: Tree, office: User) -> None:
    kind = add(tree.government, office, "业务培训")
    seen = annual.kind_version(kind)
    changed = change(kind, office, label="专题培训", version=seen)
    with pytest.raises(Stale, match="已被别人改过"):
        change(kind, office, label="轮训", version=seen)
    assert change(changed, office, version=annual.kind_version(changed)).label == "专题培训"


def test_what_is_set_is_told_to_the_audit(tree: Tree, office: User) -> None:
    kind = add(tree.government, office, "业务培训")
    change(kind, office)
    [entry] = AuditEntry.objects.filter(act="fact_kind_set")
    assert entry.actor == office and entry.after["label"] == "业务培训"


# Figures -----------------------------------------------------------------------------------------


@pytest.fixture
def kind(tree: Tree, office: User) -> FactKind:
    return add(tree.government, office, "业务培训")


def test_figures_are_told_through_the_year(tree: Tree, kind: FactKind) -> None:
    assert tell(tree.housing, kind, 2) == 1
    assert tell(tree.housing, kind, 3, "含街道一次") == 1
    assert tell(tree.housing, kind, 3, "含街道一次") == 0
    fact = YearFact.objects.get()
    assert (fact.figure, fact.note, fact.by) == (3, "含街道一次", hand_of(tree.housing))
    entries = AuditEntry.objects.filter(act="year_facts").order_by("id")
    assert [entry.after for entry in entries] == [
        {"业务培训": [2, ""]},
        {"业务培训": [3, "含街道一次"]},
    ]
    assert entries[1].before == {"业务培训": [2, ""]}


def test_blank_is_not_zero(tree: Tree, kind: FactKind) -> None:
    assert tell(tree.housing, kind, None) == 0
    tell(tree.housing, kind, 0)
    assert YearFact.objects.get().figure == 0
    assert tell(tree.housing, kind, None) == 1
    assert not YearFact.objects.exists()
    with pytest.raises(ValidationError, match="填 0"):
        tell(tree.housing, kind, None, "还在统计")


def test_what_is_left_out_stays(tree: Tree, office: User, kind: FactKind) -> None:
    tell(tree.housing, kind, 2)
    tell(tree.housing, add(tree.government, office, "工作考核"), 1)
    assert YearFact.objects.count() == 2


@pytest.mark.parametrize("figure", [-1, 10**12])
def test_a_figure_has_its_bounds(tree: Tree, kind: FactKind, figure: int) -> None:
    with pytest.raises(ValidationError) as error:
        tell(tree.housing, kind, figure)
    assert set(error.value.message_dict) == {f"figure_{kind.pk}"}


def test_who_may_not_fill_in_is_refused(tree: Tree, kind: FactKind) -> None:
    for by in (hand_of(tree.land), make_user(Role.AUDITOR, tree.housing)):
        with pytest.raises(NotAllowed, match="权限"):
            tell(tree.housing, kind, 2, by=by)
    with pytest.raises(NotAllowed, match="各单位"):
        tell(tree.government, kind, 2, by=hand_of(tree.government))


def test_a_figure_that_is_not_asked_for_is_refused(tree: Tree) -> None:
    own = add(tree.land, hand_of(tree.land), "窗口接待")
    with pytest.raises(ValidationError):
        tell(tree.housing, own, 2)


def test_figures_that_somebody_else_told_meanwhile_stay(tree: Tree, kind: FactKind) -> None:
    seen = annual.facts_version(annual.facts_of(tree.housing, YEAR))
    tell(tree.housing, kind, 2, version=seen)
    with pytest.raises(Stale, match="已被别人改过"):
        tell(tree.housing, kind, 5, version=seen)
    assert YearFact.objects.get().figure == 2


@pytest.mark.parametrize("state", ReportState)
def test_what_is_published_is_told_no_more(tree: Tree, kind: FactKind, state: ReportState) -> None:
    AnnualReport.objects.create(department=tree.housing, year=YEAR, scope=OWN, state=state)
    if state == ReportState.PUBLISHED:
        with pytest.raises(NotAllowed, match="更正发布"):
            tell(tree.housing, kind, 2)
    else:
        assert tell(tree.housing, kind, 2) == 1
    assert tell(tree.housing, kind, 2, year=YEAR - 1) == 1


def test_while_a_correction_is_made_figures_may_be_told(tree: Tree, kind: FactKind) -> None:
    for revision, state in ((1, ReportState.PUBLISHED), (2, ReportState.DRAFT)):
        AnnualReport.objects.create(
            department=tree.housing,
            year=YEAR,
            scope=OWN,
            state=state,
            revision=revision,
            reason="漏报" if revision > 1 else "",
        )
    assert tell(tree.housing, kind, 2) == 1


# The sum -----------------------------------------------------------------------------------------


def rolled(
    tree: Tree, scope: str = ALL, year: int = YEAR
) -> tuple[int | None, int | None, list[str]]:
    [fact] = annual.rolled_facts(tree.government, scope, year).facts
    return fact.figure, fact.before, [str(unit) for unit in fact.missing]


def test_what_was_told_is_added_up_and_who_has_not_told_is_named(
    tree: Tree, kind: FactKind
) -> None:
    assert rolled(tree) == (None, None, ["区政府办", "区住建局", "区资规分局", "王江泾镇"])
    tell(tree.housing, kind, 2)
    tell(tree.town, kind, 0)
    tell(tree.land, kind, 7, year=YEAR - 1)
    assert rolled(tree) == (2, 7, ["区政府办", "区资规分局"])
    assert rolled(tree, HOME) == (2, 7, ["区政府办", "区资规分局"])


def test_towns_count_in_all_and_not_at_home(tree: Tree, kind: FactKind) -> None:
    tell(tree.town, kind, 4)
    assert rolled(tree)[0] == 4
    assert rolled(tree, HOME)[0] is None
    assert rolled(tree, OWN)[2] == ["区政府办"]


def test_which_units_count_is_set_for_the_year(tree: Tree, kind: FactKind) -> None:
    for organ in (tree.housing, tree.land):
        tell(organ, kind, 3)
    call = YearCall.objects.create(
        government=tree.government, year=YEAR, until_on=date(YEAR + 1, 1, 26)
    )
    ReportingUnit.objects.create(call=call, department=tree.land, in_home=False, way=Way.CASES)
    assert (rolled(tree, HOME)[0], rolled(tree, ALL)[0]) == (3, 6)


def test_what_is_not_summed_is_told_by_the_office(tree: Tree, office: User) -> None:
    kind = add(tree.government, office, "政府公报", is_summed=False)
    tell(tree.housing, kind, 9)
    assert rolled(tree) == (None, None, ["区政府办"])
    tell(tree.office, kind, 6)
    assert rolled(tree) == (6, None, [])


def test_an_organ_alone_is_its_own_sum(tree: Tree, office: User) -> None:
    kind = add(tree.government, office, "政府公报", is_summed=False)
    tell(tree.housing, kind, 9)
    [fact] = annual.rolled_facts(tree.housing, OWN, YEAR).facts
    assert (fact.figure, fact.missing) == (9, ())


def test_a_sum_is_used_in_the_report_once_all_have_told(tree: Tree, kind: FactKind) -> None:
    organs = (tree.office, tree.housing, tree.land, tree.town)
    for organ in organs:
        assert annual.rolled_facts(tree.government, ALL, YEAR).told == []
        tell(organ, kind, 2)
    assert annual.rolled_facts(tree.government, ALL, YEAR).told == [Told("", "业务培训", "次", 8)]
    assert annual.rolled_facts(tree.housing, OWN, YEAR).told == [Told("", "业务培训", "次", 2)]


def test_the_number_of_statements_does_not_grow(tree: Tree, kind: FactKind, office: User) -> None:
    def ask() -> list[tuple[str, str]]:
        """All that a page shows of them."""
        facts = annual.rolled_facts(tree.government, ALL, YEAR).facts
        return [
            (str(fact.kind.department), str(told.by))
            for fact in facts
            for told in fact.told.values()
        ]

    tell(tree.housing, kind, 2)
    assert len(ask()) == 1
    before = queries_of(ask)
    for n in range(5):
        organ = make_department(f"秀洲区第{n}局", parent=tree.government)
        tell(organ, add(tree.government, office, f"指标{n}"), n)
    assert len(ask()) == 6
    assert queries_of(ask) == before


def test_the_checks_of_a_report_hold_its_text_to_what_was_told(tree: Tree, office: User) -> None:
    annual.take_usual(tree.government, by=office, year=YEAR)
    trainings = FactKind.objects.get(key="trainings")
    tell(tree.housing, trainings, 3)
    hand = hand_of(tree.housing)
    report = annual.begin(tree.housing, OWN, YEAR, by=hand)
    for text, broken in (("组织业务培训4次。", [4]), ("组织业务培训3次。", [])):
        report = annual.save_texts(report, {"supervision": text}, by=hand, version=None)
        found = [f.check for f in annual.findings(report) if f.check.code == "prose_facts"]
        assert [check.left for check in found] == broken
