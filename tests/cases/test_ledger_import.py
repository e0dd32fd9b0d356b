"""What an import writes: cases with applicants, course and clock, all of it or nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from cases import audit, workflow
from cases.choices import ApplicantKind, Channel, EventKind, Outcome, Role, Stage
from cases.departments import rename_department
from cases.ledger import LedgerError, Limits, Plan, plan_import, read_ledger, save_import
from cases.ledger.comparing import NOT_STATED
from cases.models import (
    Applicant,
    AuditEntry,
    Case,
    Department,
    Event,
    ImportedLedger,
    Proceeding,
    User,
)
from cases.workflow.clockwork import rebuild
from tests.ledgers import case_row, make_ledger, proceeding_row
from tests.makers import TODAY, Tree, hand_of, make_case, make_department, make_tree, make_user

pytestmark = pytest.mark.django_db

ID_NUMBER, PHONE = "330411199001011234", "13857312345"
ADDRESS, EMAIL = "嘉兴市秀洲区洪兴路1号甲单元", "shenqingren@example.com"


def planned(
    content: bytes, *, by: User | None = None, department: Department | None = None
) -> Plan:
    ledger = read_ledger(
        content,
        file_name="台账.xlsx",
        today=TODAY,
        department_needed=department is None,
        limits=Limits(),
    )
    return plan_import(ledger, by=by, department=department)


def imported(content: bytes, **options: Any) -> Plan:
    by = options.get("by")
    take_over = options.pop("take_over", "")
    plan = planned(content, **options)
    save_import(plan, by=by, today=TODAY, take_over=take_over)
    return plan


def import_rows(*rows: dict[str, Any], **options: Any) -> Plan:
    return imported(make_ledger(rows), **options)


def only_case() -> Case:
    return Case.objects.select_related("applicant", "department", "drafting_department").get()


def events_of(case: Case) -> list[tuple[str, date]]:
    return [(event.kind, event.on) for event in case.events.all()]


def wrong(*rows: dict[str, Any], **options: Any) -> list[tuple[int, str, str, str]]:
    plan = planned(make_ledger(rows), **options)
    with pytest.raises(LedgerError, match="处错误"):
        save_import(plan, by=None, today=TODAY)
    assert not ImportedLedger.objects.exists()
    return [(p.row, p.column, p.value, p.message) for p in plan.problems]


# --- A new row -----------------------------------------------------------------------------------


def test_a_row_becomes_a_case_with_its_applicant(tree: Tree) -> None:
    import_rows(
        case_row(
            "7",
            申请人类别="商业企业",
            申请人="某某建设有限公司",
            统一社会信用代码="91330411MA2B0000XX",
            联系电话=PHONE,
            代理人="代理人乙",
            申请方式="网络",
            到件日期="2025-09-12",
            申请内容="甲路以东地块征收补偿方案",
            备注="急件",
        )
    )
    case = only_case()
    assert (case.department, case.number, case.number_year) == (tree.housing, "7", 2025)
    assert (case.arrived_on, case.received_on) == (date(2025, 9, 12), date(2025, 9, 15))
    assert (case.channel, case.agent_name) == (Channel.PORTAL, "代理人乙")
    assert (case.content, case.remarks) == ("甲路以东地块征收补偿方案", "急件")
    assert case.applicant_kind == case.applicant.kind == ApplicantKind.ORG_COMMERCIAL
    assert case.applicant.name == "某某建设有限公司"
    assert case.applicant.credit_code == "91330411MA2B0000XX"
    assert case.stage == Stage.OPEN


def test_personal_data_are_stored_encrypted_and_found_by_their_hash(tree: Tree) -> None:
    import_rows(case_row(证件号码=ID_NUMBER, 联系电话=PHONE, 通信地址=ADDRESS, 电子邮箱=EMAIL))
    person = only_case().applicant
    assert (person.id_number, person.phone) == (ID_NUMBER, PHONE)
    assert (person.address, person.email) == (ADDRESS, EMAIL)
    assert list(Applicant.objects.with_phone(PHONE)) == [person]
    assert list(Applicant.objects.with_identity(ID_NUMBER)) == [person]
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, phone, address, email FROM cases_applicant")
        (stored,) = cursor.fetchall()
    assert not {ID_NUMBER, PHONE, ADDRESS, EMAIL} & set(stored)


def test_an_open_case_has_its_due_day(tree: Tree) -> None:
    import_rows(case_row())
    case = only_case()
    assert case.ends_on == date(2025, 10, 17)
    assert events_of(case) == [(EventKind.IMPORTED, date(2025, 9, 15))]
    assert "2025-09-15 为收到日" in case.events.get().text


def test_a_reply_and_its_service_are_recorded(tree: Tree) -> None:
    import_rows(
        case_row(
            答复类型="1.本机关不掌握相关政府信息",
            答复日期="2025-10-10",
            答复文号="秀建公开〔2025〕7号",
            送达日期="2025-10-13",
        )
    )
    case = only_case()
    assert (case.outcome, case.closed_on) == (Outcome.NOT_EXIST, date(2025, 10, 10))
    assert (case.reply_number, case.served_on) == ("秀建公开〔2025〕7号", date(2025, 10, 13))
    assert case.stage == Stage.CLOSED
    assert events_of(case) == [
        (EventKind.IMPORTED, date(2025, 9, 15)),
        (EventKind.REPLIED, date(2025, 10, 10)),
        (EventKind.SERVED, date(2025, 10, 13)),
    ]


@pytest.mark.parametrize(
    ("facts", "ends_on", "waiting_for"),
    [
        ({"补正通知日期": "2025-09-22", "补正收到日期": "2025-09-28"}, date(2025, 10, 31), ""),
        ({"补正通知日期": "2025-09-22"}, None, "correction"),
        (
            {"征求意见发出日期": "2025-09-19", "征求意见返回日期": "2025-10-10"},
            date(2025, 10, 31),
            "",
        ),
        ({"延期告知日期": "2025-10-15", "延期工作日": 20}, date(2025, 11, 14), ""),
        (
            {
                "征求意见发出日期": "2025-09-19",
                "征求意见返回日期": "2025-10-10",
                "延期告知日期": "2025-10-20",
                "延期工作日": 20,
            },
            date(2025, 11, 28),
            "",
        ),
        ({"收费通知日期": "2025-09-22", "缴费日期": "2025-09-28"}, date(2025, 10, 31), ""),
        ({"收费通知日期": "2025-09-22"}, None, "fee"),
    ],
)
def test_the_clock_reads_the_facts_of_the_ledger(
    tree: Tree, facts: dict[str, Any], ends_on: date | None, waiting_for: str
) -> None:
    import_rows(case_row(**facts))
    case = only_case()
    assert (case.ends_on, case.waiting_for) == (ends_on, waiting_for)
    assert rebuild(Case.objects.all()) == []


def test_the_stored_clocks_of_many_cases_are_those_of_each(tree: Tree) -> None:
    """Rows share their clocks where they share their course, and only there."""
    replied = {"答复类型": "部分公开", "答复日期": "2025-10-10"}
    late = {"答复类型": "部分公开", "答复日期": "2025-10-24", "送达日期": "2025-10-27"}
    asked = {"补正通知日期": "2025-09-22"}
    courses = [{}, replied, late, asked, asked | replied, asked | {"补正收到日期": "2025-09-28"}]
    rows = [case_row(str(number), **course) for number, course in enumerate(courses * 2)]
    import_rows(*rows)
    assert Case.objects.count() == 12
    assert rebuild(Case.objects.all()) == []


def test_what_a_ledger_leaves_blank_does_not_hinder_the_next_act(tree: Tree) -> None:
    import_rows(case_row())
    case = only_case()
    assert (case.applicant.name, case.content) == (NOT_STATED, NOT_STATED)
    assert case.arrived_on == case.received_on
    clerk = hand_of(tree.housing)
    replied = workflow.reply(
        case,
        by=clerk,
        today=TODAY,
        outcome=Outcome.GRANTED,
        closed_on=date(2025, 10, 10),
        service_method="post",
        served_on=date(2025, 10, 10),
    )
    assert replied.closed_on == date(2025, 10, 10)


def test_the_unit_that_drafts_is_a_department_or_a_note(tree: Tree) -> None:
    import_rows(
        case_row("1", 受理部门="区政府办", 承办单位="区住建局", 承办人="丙"),
        case_row("2", 受理部门="区政府办", 承办单位="法规科", 承办人="丁"),
        case_row("3", 受理部门="区政府办", 承办人="戊"),
    )
    first, second, third = Case.objects.order_by("number")
    assert first.department == second.department == tree.office
    assert (first.drafting_department, first.drafting_note) == (tree.housing, "承办人：丙")
    assert (second.drafting_department, second.drafting_note) == (None, "法规科；承办人：丁")
    assert third.drafting_note == "承办人：戊"


def test_numbers_go_on_after_those_of_the_ledger(tree: Tree) -> None:
    import_rows(case_row("秀建公开申〔2025〕7号"), case_row("秀建公开申〔2025〕3号"))
    assert make_case(tree.housing).number == "秀建公开申〔2025〕8号"


def test_the_import_is_one_entry_of_the_audit_and_holds_no_personal_data(tree: Tree) -> None:
    clerk = make_user(Role.CLERK, tree.housing)
    personal = {
        "证件号码": ID_NUMBER,
        "联系电话": PHONE,
        "通信地址": ADDRESS,
        "电子邮箱": EMAIL,
    }
    import_rows(case_row("1", **personal), case_row("2", **personal), by=clerk)
    (entry,) = AuditEntry.objects.all()
    record = ImportedLedger.objects.get()
    assert (entry.actor, entry.act, entry.target_id) == (clerk, "导入台账", str(record.pk))
    assert entry.after["cases"]["new"] == 2
    assert (record.imported_by, record.file_name) == (clerk, "台账.xlsx")
    kept = str([*Event.objects.values(), entry.after, record.summary])
    assert not any(value in kept for value in personal.values())


# --- Departments ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "秀洲区住房和城乡建设局",
        "区住建局",
        "XZ-ZJJ",
        "ＸＺ－ＺＪＪ",
        "秀洲区建设局",
        "区建设局",
        "区 住建局",
    ],
)
def test_a_department_is_named_by_name_short_name_former_name_or_code(
    tree: Tree, name: str
) -> None:
    housing = tree.housing
    for old, short, since in (
        ("秀洲区建设局", "区建设局", date(2008, 5, 1)),
        ("秀洲区住房和城乡建设局", "区住建局", date(2019, 1, 1)),
    ):
        rename_department(housing, name=old, short_name=short, from_on=since)
    import_rows(case_row(受理部门=name))
    assert only_case().department == housing


def test_a_department_that_is_not_there_is_an_error_of_its_row(tree: Tree) -> None:
    assert wrong(case_row("1"), case_row("2", 受理部门="区水利局")) == [
        (3, "受理部门", "区水利局", "没有这个单位，或不在可以导入的范围之内")
    ]


def test_a_name_that_several_have_asks_for_the_code(tree: Tree) -> None:
    twin = make_department("平湖市住房和城乡建设局", parent=tree.neighbour, short_name="区住建局")
    assert wrong(case_row()) == [
        (2, "受理部门", "区住建局", "不止一个单位用过这个名称，请写单位代码")
    ]
    import_rows(case_row(受理部门=twin.code))
    assert only_case().department == twin


def test_a_government_holds_no_cases(tree: Tree) -> None:
    assert wrong(case_row(受理部门="秀洲区人民政府")) == [
        (2, "受理部门", "秀洲区人民政府", "人民政府本身不受理申请，请写政府办公室")
    ]
    ((_, column, _, message),) = wrong(case_row(受理部门=None), department=tree.government)
    assert column == "受理部门"
    assert "秀洲区 本身不受理申请" in message


def test_the_department_given_answers_for_rows_that_name_none(tree: Tree) -> None:
    import_rows(case_row("1", 受理部门=None), case_row("2"), department=tree.housing)
    assert set(Case.objects.values_list("department_id", flat=True)) == {tree.housing.pk}


def test_a_row_may_not_leave_the_department_given(tree: Tree) -> None:
    ((_, _, value, _),) = wrong(case_row(受理部门="区资规分局"), department=tree.housing)
    assert value == "区资规分局"
    import_rows(case_row(受理部门="区资规分局"), department=tree.government)
    assert only_case().department == tree.land


def test_a_user_imports_for_the_own_subtree_and_no_other(tree: Tree) -> None:
    clerk = make_user(Role.CLERK, tree.housing)
    import_rows(case_row("1"), by=clerk)
    plan = planned(make_ledger([case_row("2", 受理部门="区资规分局")]), by=clerk)
    assert [p.message for p in plan.problems] == ["没有这个单位，或不在可以导入的范围之内"]
    supervisor = make_user(Role.SUPERVISOR, tree.government)
    import_rows(case_row("2", 受理部门="区资规分局"), by=supervisor)
    assert Case.objects.count() == 2


def test_who_may_not_import_is_told_so(tree: Tree) -> None:
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        user = make_user(role, tree.government)
        with pytest.raises(LedgerError, match="没有导入台账的权限"):
            planned(make_ledger([case_row()]), by=user)
    clerk = make_user(Role.CLERK, tree.land)
    with pytest.raises(LedgerError, match="没有为区住建局导入台账的权限"):
        planned(make_ledger([case_row()]), by=clerk, department=tree.housing)


# --- Numbers -------------------------------------------------------------------------------------


def test_a_number_is_unique_within_department_and_year(tree: Tree) -> None:
    rows = [
        case_row("1"),
        case_row("1", 收到日期="2024-09-18"),
        case_row("1", 受理部门="区资规分局"),
    ]
    assert imported(make_ledger(rows)).cases.new == 3
    doubled = make_ledger([case_row("2"), case_row("3"), case_row("２", 受理部门="XZ-ZJJ")])
    (problem,) = planned(doubled).problems
    assert (problem.row, problem.column, problem.value) == (4, "编号", "2")
    assert problem.message.startswith("与第 2 行重复")


REPLIED = {"答复类型": "予以公开", "答复日期": "2025-10-10", "答复文号": "秀建公开〔2025〕7号"}


def doubts(*rows: dict[str, Any]) -> list[tuple[int, str, str, str]]:
    plan = planned(make_ledger(rows))
    assert not plan.problems
    return [(d.row, d.column, d.value, d.message) for d in plan.doubts]


def said(row: int, where: str) -> list[tuple[int, str, str, str]]:
    message = f"与{where}的答复文号相同，请核对；确是一并答复的，不用改"
    return [(row, "答复文号", REPLIED["答复文号"], message)]


def test_a_reply_number_that_stands_twice_is_told_of_and_written(tree: Tree) -> None:
    rows = [
        case_row("1", 申请人="申请人甲", **REPLIED),
        case_row("2", 申请人="申请人乙", **REPLIED),
    ]
    elsewhere = case_row("1", 受理部门="区资规分局", 申请人="申请人丙", **REPLIED)
    assert doubts(*rows, elsewhere) == said(3, "申请台账第 2 行")
    assert import_rows(*rows, elsewhere).cases.new == 3
    assert doubts(*rows) == []  # nothing of it is written again


def test_one_reply_to_several_cases_is_no_repetition(tree: Tree) -> None:
    rows = [case_row(f"{n}", 申请人="申请人甲", **REPLIED) for n in (1, 2)]
    assert doubts(*rows) == []
    other_day = rows[1] | {"答复日期": "2025-10-11"}
    assert doubts(rows[0], other_day) == said(3, "申请台账第 2 行")
    assert doubts(rows[0], rows[1] | {"答复类型": "部分公开"}) == said(3, "申请台账第 2 行")


def test_a_reply_number_of_the_system_is_not_repeated_unsaid(tree: Tree) -> None:
    known = make_case(tree.housing, closed_on=date(2025, 10, 20), reply_number=REPLIED["答复文号"])
    assert doubts(case_row("1", **REPLIED)) == said(2, f"系统里 {known} ")
    import_rows(case_row("1"))  # answered since
    assert doubts(case_row("1", **REPLIED)) == said(2, f"系统里 {known} ")
    own = case_row(known.number, 答复类型="予以公开", 答复日期="2025-10-20")
    assert doubts(own | {"答复文号": REPLIED["答复文号"], "申请人": "申请人乙"}) == []


def test_a_case_numbered_in_december_and_received_in_january_is_one_case(tree: Tree) -> None:
    case = make_case(
        tree.housing, received_on=None, arrived_on=date(2024, 12, 31), channel=Channel.PORTAL
    )
    workflow.confirm(
        case, by=hand_of(tree.housing), today=TODAY, received_on=date(2025, 1, 3), note=""
    )
    row = case_row(case.number, 收到日期="2025-01-03")
    assert planned(make_ledger([row])).cases.unchanged == 1


def test_one_bad_row_and_nothing_is_written(tree: Tree) -> None:
    rows = [case_row(str(number)) for number in range(1, 30)] + [case_row("30", 收到日期="1.4")]
    assert len(wrong(*rows)) == 1
    assert not Case.objects.exists()
    assert not Applicant.objects.exists()


def test_problems_of_both_sheets_come_in_the_order_of_the_file(tree: Tree) -> None:
    content = make_ledger(
        [case_row("1", 受理部门="区水利局"), case_row("2", 收到日期="1.4")],
        [proceeding_row(受理部门="区水利局"), proceeding_row(类型="复议")],
    )
    assert [(p.sheet, p.row) for p in planned(content).problems] == [
        ("申请台账", 2),
        ("申请台账", 3),
        ("复议诉讼台账", 2),
        ("复议诉讼台账", 3),
    ]


# --- Together with others ------------------------------------------------------------------------


def test_two_imports_of_one_file_at_once_write_it_once(tree: Tree) -> None:
    content = make_ledger([case_row("1")], [proceeding_row()])
    first, second = planned(content), planned(content)
    save_import(first, by=None, today=TODAY)
    with pytest.raises(LedgerError, match="请重新导入"):
        save_import(second, by=None, today=TODAY)
    assert (Case.objects.count(), Proceeding.objects.count()) == (1, 1)
    again = imported(content)
    assert (again.cases.unchanged, again.proceedings.unchanged) == (1, 1)


def test_a_number_that_was_registered_in_the_meantime_stops_the_import(tree: Tree) -> None:
    number = "秀建公开申〔2025〕1号"
    plan = planned(make_ledger([case_row(number), case_row("2")]))
    assert make_case(tree.housing).number == number
    with pytest.raises(LedgerError, match="请重新导入"):
        save_import(plan, by=None, today=TODAY)
    assert Case.objects.count() == 1


def test_a_case_that_was_changed_in_the_meantime_stops_the_import(tree: Tree) -> None:
    case = make_case(tree.housing)
    row = case_row(case.number, 答复类型="部分公开", 答复日期="2025-10-10")
    plan = planned(make_ledger([row]))
    workflow.reply(
        case,
        by=hand_of(tree.housing),
        today=TODAY,
        outcome=Outcome.GRANTED,
        closed_on=date(2025, 10, 9),
        service_method="post",
        served_on=date(2025, 10, 9),
    )
    with pytest.raises(LedgerError, match="请重新导入"):
        save_import(plan, by=None, today=TODAY)
    case.refresh_from_db()
    assert case.outcome == Outcome.GRANTED


def test_planning_asks_as_often_for_many_rows_as_for_few(tree: Tree) -> None:
    def queries(count: int) -> int:
        rows = [case_row(str(number), 承办单位="法规科", **REPLIED) for number in range(count)]
        proceedings = [proceeding_row(申请编号=str(number)) for number in range(count)]
        content = make_ledger(rows, proceedings)
        imported(content)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            plan = planned(content)
        assert plan.cases.unchanged == count
        return len(captured)

    assert queries(3) == queries(90)


def test_an_import_that_fails_half_way_leaves_nothing(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(make_ledger([case_row()]))

    def fail(*args: object, **kwargs: object) -> None:
        raise ValidationError("审计失败")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(ValidationError):
        save_import(plan, by=None, today=TODAY)
    assert not Case.objects.exists()
    assert not ImportedLedger.objects.exists()


def test_a_busy_database_gives_a_sentence(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = planned(make_ledger([case_row()]))

    def locked(*args: object, **kwargs: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(audit, "record", locked)
    with pytest.raises(LedgerError, match="数据库正忙"):
        save_import(plan, by=None, today=TODAY)
    assert not Case.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_imports_that_run_at_the_same_moment_write_once() -> None:
    make_tree()
    content = make_ledger([case_row("1")], [proceeding_row(), proceeding_row()])
    plans = [planned(content), planned(content)]
    start = threading.Barrier(2)

    def save(plan: Plan) -> str:
        try:
            start.wait()
            save_import(plan, by=None, today=TODAY)
            return ""
        except LedgerError as error:
            return str(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(save, plans))
    assert said[0] == ""
    assert "请重新导入" in said[1]
    assert (Case.objects.count(), Proceeding.objects.count()) == (1, 2)
