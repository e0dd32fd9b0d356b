"""The tree of organs: loaded from CSV, dated in names and places, and its successions."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cases.choices import DepartmentKind
from cases.departments import (
    DepartmentError,
    find_department,
    load_departments,
    move_department,
    names_at,
    read_departments,
    rename_department,
    succeed_department,
)
from cases.models import Department, DepartmentPlacement
from tests.makers import make_department, make_tree

pytestmark = pytest.mark.django_db

CSV = """名称,代码,上级代码,类别,简称,编号字头
秀洲区人民政府,XZ,,人民政府,秀洲区,
秀洲区住房和城乡建设局,ZJJ,XZ,部门,区住建局,秀建公开申
王江泾镇人民政府,WJJ,XZ,镇街,王江泾镇,
秀洲高新区,GXQ,XZ,平台,,
秀洲区人民政府办公室,BGS,XZ,办公室,,
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "单位.csv"
    file.write_text(CSV, "utf-8-sig")
    return file


def test_a_tree_is_loaded(path: Path) -> None:
    assert load_departments(read_departments(path)) == (5, 0)
    housing = Department.objects.get(code="ZJJ")
    assert housing.parent is not None and housing.parent.code == "XZ"
    assert housing.path.startswith(housing.parent.path)
    assert (housing.short_name, housing.number_prefix) == ("区住建局", "秀建公开申")
    kinds = set(Department.objects.values_list("kind", flat=True))
    assert kinds == set(DepartmentKind.values)


def test_loaded_again_it_changes_nothing(path: Path) -> None:
    load_departments(read_departments(path))
    assert load_departments(read_departments(path)) == (0, 0)


def test_children_may_stand_before_their_parents(path: Path) -> None:
    head, *rows = CSV.splitlines()
    path.write_text("\n".join([head, *reversed(rows)]), "utf-8")
    assert load_departments(read_departments(path)) == (5, 0)


def test_the_file_of_a_chinese_excel_is_read(path: Path) -> None:
    path.write_bytes(CSV.encode("gb18030"))
    assert len(read_departments(path)) == 5


def test_the_command_says_what_it_did(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_departments", str(path))
    assert capsys.readouterr().out == "新增 5 个单位，更新 0 个。\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("名称,代码\n甲,1\n", "文件缺少列：上级代码、类别。"),
        ("名称,代码,上级代码,类别\n甲,1,,星球\n", "第 2 行：类别“星球”不认识"),
        ("名称,代码,上级代码,类别\n,1,,部门\n", "第 2 行：名称和代码都要填。"),
        ("名称,代码,上级代码,类别\n甲,1,,部门\n乙,1,,部门\n", "第 3 行：代码 1 重复。"),
        ("名称,代码,上级代码,类别\n甲,1,9,部门\n", "甲：没有代码为 9 的上级单位。"),
    ],
)
def test_what_is_wrong_in_the_file_is_a_sentence(path: Path, text: str, sentence: str) -> None:
    path.write_text(text, "utf-8")
    with pytest.raises(DepartmentError, match=sentence.replace("“", ".").replace("”", ".")):
        read_departments(path)
    assert not Department.objects.exists()


def test_all_errors_come_at_once(path: Path) -> None:
    path.write_text("名称,代码,上级代码,类别\n甲,1,,星球\n乙,1,8,部门\n", "utf-8")
    with pytest.raises(DepartmentError) as raised:
        read_departments(path)
    assert len(str(raised.value).splitlines()) == 2


def test_superiors_in_a_circle_are_refused_and_nothing_is_written(path: Path) -> None:
    path.write_text("名称,代码,上级代码,类别\n甲,1,2,部门\n乙,2,1,部门\n", "utf-8")
    with pytest.raises(DepartmentError, match="互为上级"):
        load_departments(read_departments(path))
    assert not Department.objects.exists()


@pytest.mark.parametrize("content", [b"PK\x03\x04\xff\xfe\x00\x80", "名称\0".encode()])
def test_a_file_that_is_no_text_is_a_sentence(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(DepartmentError, match="不是文本文件"):
        read_departments(path)


def test_what_does_not_fit_its_column_is_refused_and_nothing_is_written(path: Path) -> None:
    path.write_text(f"名称,代码,上级代码,类别\n甲,1,,部门\n{'乙' * 400},2,,部门\n", "utf-8")
    with pytest.raises(DepartmentError, match=r"乙：.*100"):
        load_departments(read_departments(path))
    assert not Department.objects.exists()


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="读不到文件"):
        call_command("load_departments", str(tmp_path / "没有.csv"))


def test_another_name_needs_its_day(path: Path) -> None:
    load_departments(read_departments(path))
    path.write_text(CSV.replace("秀洲区住房和城乡建设局", "秀洲区建设局"), "utf-8")
    with pytest.raises(DepartmentError, match="请用 --from 写明从哪一天起"):
        load_departments(read_departments(path))
    assert load_departments(read_departments(path), from_on=date(2024, 7, 1)) == (0, 1)
    assert Department.objects.get(code="ZJJ").name == "秀洲区建设局"


def test_the_names_of_an_earlier_day_can_be_asked_for() -> None:
    tree = make_tree()
    rename_department(
        tree.housing, name="秀洲区建设局", short_name="区建设局", from_on=date(2024, 7, 1)
    )
    assert names_at(date(2024, 6, 30))[tree.housing.pk] == "区住建局"
    assert names_at(date(2024, 7, 1))[tree.housing.pk] == "区建设局"
    assert str(Department.objects.get(pk=tree.housing.pk)) == "区建设局"


def test_a_name_for_an_earlier_day_does_not_replace_todays() -> None:
    tree = make_tree()
    rename_department(tree.housing, name="今名", from_on=date(2024, 7, 1))
    rename_department(tree.housing, name="曾用名", from_on=date(2020, 7, 1))
    assert Department.objects.get(pk=tree.housing.pk).name == "今名"
    assert names_at(date(2022, 1, 1))[tree.housing.pk] == "曾用名"


def test_the_tree_of_an_earlier_day_can_be_asked_for() -> None:
    tree = make_tree()
    section = make_department("建设科", parent=tree.housing)
    move_department(tree.housing, parent=tree.town, from_on=date(2024, 7, 1))
    before = DepartmentPlacement.objects.at(date(2024, 6, 30)).below(tree.town.path)
    after = DepartmentPlacement.objects.at(date(2024, 7, 1)).below(tree.town.path)
    assert tree.housing.pk not in {p.department_id for p in before}
    assert {tree.housing.pk, section.pk} <= {p.department_id for p in after}
    for department in (tree.housing, section):
        assert DepartmentPlacement.objects.filter(department=department).count() == 2


def test_moved_twice_from_one_day_leaves_one_place() -> None:
    tree = make_tree()
    move_department(tree.housing, parent=tree.town, from_on=date(2024, 7, 1))
    tree.housing.refresh_from_db()
    move_department(tree.housing, parent=tree.government, from_on=date(2024, 7, 1))
    placed = DepartmentPlacement.objects.filter(department=tree.housing)
    assert placed.at(date(2024, 7, 1)).get().parent == tree.government


def test_a_department_cannot_stand_under_itself() -> None:
    tree = make_tree()
    section = make_department("建设科", parent=tree.housing)
    with pytest.raises(DepartmentError, match="不能把区住建局移到它自己的下级"):
        move_department(tree.housing, parent=section, from_on=date(2024, 7, 1))


def test_a_successor_takes_over_on_a_day() -> None:
    tree = make_tree()
    succeed_department(tree.land, successor=tree.housing, on=date(2024, 7, 1))
    tree.land.refresh_from_db()
    assert (tree.land.successor, tree.land.succeeded_on) == (tree.housing, date(2024, 7, 1))


def test_successors_run_in_no_circle() -> None:
    tree = make_tree()
    succeed_department(tree.land, successor=tree.housing, on=date(2024, 7, 1))
    with pytest.raises(DepartmentError, match="不能反过来继受"):
        succeed_department(tree.housing, successor=tree.land, on=date(2025, 7, 1))
    with pytest.raises(DepartmentError):
        succeed_department(tree.town, successor=tree.town, on=date(2025, 7, 1))


@pytest.mark.parametrize("asked", ["XZ-ZJJ", "秀洲区住房和城乡建设局", "区住建局", " 区住建局 "])
def test_a_department_is_found_by_code_name_or_short_name(asked: str) -> None:
    tree = make_tree()
    assert find_department(asked) == tree.housing


def test_a_former_name_is_still_known() -> None:
    tree = make_tree()
    rename_department(tree.housing, name="秀洲区建设局", from_on=date(2024, 7, 1))
    assert find_department("秀洲区住房和城乡建设局") == tree.housing


def test_unknown_and_ambiguous_names_are_sentences() -> None:
    make_department("甲局")
    make_department("甲局")
    with pytest.raises(DepartmentError, match="没有名称或代码为“乙局”的单位。"):
        find_department("乙局")
    with pytest.raises(DepartmentError, match="不止一个单位，请用代码。"):
        find_department("甲局")
