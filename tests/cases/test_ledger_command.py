"""`manage.py import_ledger`: what it prints, what it writes, and when it fails."""

import json
from datetime import date
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cases.choices import Role
from cases.models import Case, ImportedLedger, Proceeding
from tests.ledgers import case_row, make_ledger, proceeding_row
from tests.makers import Tree, make_tree, make_user

pytestmark = pytest.mark.django_db

ID_NUMBER, OTHER_ID = "330411199001011234", "330411198502025678"
KEYS = {"file", "sha256", "known", "new", "completed", "unchanged", "conflicts", "errors"} | {
    "proceedings",
    "written",
}


@pytest.fixture(autouse=True)
def tree(today: date) -> Tree:
    return make_tree()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "住建局 台账.xlsx"


def run(file: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_ledger", str(file), *options, stdout=out)
    return out.getvalue()


def fails(file: Path, *options: str) -> tuple[str, str]:
    """What is printed, and the sentence that it ends with; the exit status is 1."""
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("import_ledger", str(file), *options, stdout=out)
    assert caught.value.returncode == 1
    return out.getvalue(), str(caught.value)


def run_json(file: Path, *options: str) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(run(file, "--json", *options))
    return result


def test_a_ledger_is_imported(file: Path) -> None:
    file.write_bytes(make_ledger([case_row("1"), case_row("2")], [proceeding_row(申请编号="1")]))
    assert run(file).splitlines() == [
        "申请台账：新增 2 件，补登 0 件，不一致 0 件，未变 0 件",
        "复议诉讼台账：新增 1 件，补登 0 件，不一致 0 件，未变 0 件",
        "已写入。",
    ]
    assert (Case.objects.count(), Proceeding.objects.count()) == (2, 1)


def test_the_same_file_again_is_recognised_and_writes_nothing(file: Path) -> None:
    file.write_bytes(make_ledger([case_row()]))
    run(file)
    first, *rest = run(file).splitlines()
    assert first.startswith("这份文件已于 20")
    assert first.endswith("导入过。")
    assert rest == [
        "申请台账：新增 0 件，补登 0 件，不一致 0 件，未变 1 件",
        "没有需要写入的内容。",
    ]


def test_a_dry_run_writes_nothing(file: Path) -> None:
    file.write_bytes(make_ledger([case_row()]))
    assert run(file, "--dry-run").splitlines()[-1] == "这是试运行，未写入。"
    assert not Case.objects.exists()
    assert not ImportedLedger.objects.exists()


def test_the_department_may_be_given(file: Path, tree: Tree) -> None:
    file.write_bytes(make_ledger([case_row(受理部门=None)]))
    _, sentence = fails(file)
    assert sentence == "有 1 处错误，未写入任何内容。"
    run(file, "--department", "XZ-ZJJ")
    assert Case.objects.get().department == tree.housing
    assert ImportedLedger.objects.get().department == tree.housing


def test_a_department_that_is_not_there_is_said(file: Path) -> None:
    file.write_bytes(make_ledger([case_row()]))
    assert fails(file, "--department", "区水利局")[1] == "没有名称或代码为“区水利局”的单位。"


def test_errors_are_listed_each_and_the_command_fails(file: Path) -> None:
    rows = [case_row("1"), case_row("2", 收到日期="1.4"), case_row("3", 受理部门="区水利局")]
    file.write_bytes(make_ledger(rows))
    printed, sentence = fails(file)
    assert printed.splitlines()[-3:] == [
        "错误：",
        "  申请台账 第 3 行 收到日期“1.4”：没有写年份，请写成 2026-01-04 这样",
        "  申请台账 第 4 行 受理部门“区水利局”：没有这个单位，或不在可以导入的范围之内",
    ]
    assert sentence == "有 2 处错误，未写入任何内容。"
    assert not Case.objects.exists()


def test_a_conflict_fails_unless_it_is_taken_over(file: Path) -> None:
    file.write_bytes(make_ledger([case_row(申请人="申请人甲")]))
    run(file)
    file.write_bytes(make_ledger([case_row(申请人="申请人乙")]))
    printed, sentence = fails(file)
    assert "  申请台账 第 2 行 1 申请人：系统“申请人甲”，台账“申请人乙”" in printed.splitlines()
    assert sentence.startswith("有 1 处与系统不一致")
    assert Case.objects.get().applicant.name == "申请人甲"
    assert run(file, "--take-over", "以纸质档案为准").splitlines()[-1] == "已写入。"
    assert Case.objects.get().applicant.name == "申请人乙"


def test_as_json_everything_is_there(file: Path) -> None:
    content = make_ledger([case_row("1"), case_row("2")], [proceeding_row()])
    file.write_bytes(content)
    found = run_json(file)
    assert set(found) >= KEYS
    digest = sha256(content).hexdigest()
    assert (found["file"], found["sha256"]) == ("住建局 台账.xlsx", digest)
    assert (found["known"], found["written"]) == (False, True)
    assert [found[key] for key in ("new", "completed", "unchanged")] == [2, 0, 0]
    assert (found["conflicts"], found["errors"]) == ([], [])
    assert found["proceedings"] == {"new": 1, "completed": 0, "conflicting": 0, "unchanged": 0}

    again = run_json(file)
    assert (again["known"], again["written"]) == (True, False)
    assert [again[key] for key in ("new", "completed", "unchanged")] == [0, 0, 2]


def test_as_json_conflicts_and_what_is_filled_in(file: Path) -> None:
    file.write_bytes(make_ledger([case_row(申请人="申请人甲", 证件号码=ID_NUMBER)]))
    run(file)
    reply = {"答复类型": "部分公开", "答复日期": "2025-10-10"}
    row = case_row(申请人="申请人乙", 证件号码=OTHER_ID, **reply)
    file.write_bytes(make_ledger([row]))
    printed, _ = fails(file, "--json")
    found = json.loads(printed)
    place = {"sheet": "申请台账", "row": 2, "number": "1"}
    masks = {"stored": "330***********1234", "given": "330***********5678"}
    assert found["conflicts"] == [
        place | {"column": "申请人", "stored": "申请人甲", "given": "申请人乙"},
        place | {"column": "证件号码", **masks},
    ]
    assert found["completions"] == [
        place | {"column": "答复类型", "stored": "", "given": "部分公开"},
        place | {"column": "答复日期", "stored": "", "given": "2025-10-10"},
    ]
    assert found["written"] is False
    assert not any(number in printed for number in (ID_NUMBER, OTHER_ID))


def test_as_json_errors_have_their_place(file: Path) -> None:
    file.write_bytes(make_ledger([case_row(收到日期="1.4")]))
    printed, _ = fails(file, "--json")
    found = json.loads(printed)
    assert found["errors"] == [
        {
            "sheet": "申请台账",
            "row": 2,
            "column": "收到日期",
            "value": "1.4",
            "message": "没有写年份，请写成 2026-01-04 这样",
        }
    ]
    assert found["written"] is False


def test_a_file_that_cannot_be_read_is_one_sentence_also_as_json(file: Path) -> None:
    file.write_bytes(b"not a workbook")
    assert fails(file) == ("", "这不是 .xlsx、.xls 或 .et 文件。")
    printed, _ = fails(file, "--json")
    found = json.loads(printed)
    assert set(found) >= KEYS
    assert [error["message"] for error in found["errors"]] == ["这不是 .xlsx、.xls 或 .et 文件。"]


def test_a_file_that_is_not_there(file: Path) -> None:
    assert fails(file)[1].startswith("读不到文件")
    assert fails(file.parent)[1].startswith("读不到文件")


def test_a_file_that_is_too_large_is_not_even_read(file: Path, settings: Any) -> None:
    settings.LEDGER_MAX_BYTES = 1000
    file.write_bytes(make_ledger([case_row()]))
    assert "超过上限" in fails(file)[1]


def test_a_user_imports_with_the_own_rights(file: Path, tree: Tree) -> None:
    clerk = make_user(Role.CLERK, tree.housing, username="zhujian")
    file.write_bytes(make_ledger([case_row("1"), case_row("2", 受理部门="区资规分局")]))
    printed, _ = fails(file, "--user", "zhujian")
    assert "第 3 行 受理部门“区资规分局”：没有这个单位，或不在可以导入的范围之内" in printed
    file.write_bytes(make_ledger([case_row("1")]))
    run(file, "--user", "zhujian")
    assert ImportedLedger.objects.get().imported_by == clerk
    assert Case.objects.get().events.get().by == clerk


def test_a_user_who_is_not_there_or_may_not_import(file: Path, tree: Tree) -> None:
    make_user(Role.AUDITOR, tree.government, username="kanke")
    file.write_bytes(make_ledger([case_row()]))
    assert fails(file, "--user", "nobody")[1] == "没有用户名为“nobody”的在用用户。"
    assert fails(file, "--user", "kanke")[1] == "您没有导入台账的权限。"
