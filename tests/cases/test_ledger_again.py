"""A ledger that is imported again: what is new in it fills in, what differs is told and decided."""

from datetime import date, timedelta
from typing import Any

import pytest

from cases import workflow
from cases.choices import Addressee, EventKind, Outcome, ProceedingResult, Stage
from cases.crypto import masked
from cases.ledger import LedgerError, Limits, Plan, plan_import, read_ledger, save_import
from cases.ledger.comparing import NOT_STATED
from cases.ledger.telling import as_json, as_lines
from cases.models import AuditEntry, Case, Event, ImportedLedger, Proceeding
from cases.workflow.clockwork import rebuild
from tests.ledgers import case_row, make_ledger, proceeding_row
from tests.makers import TODAY, Facts, Tree, hand_of, make_case, make_proceeding

pytestmark = pytest.mark.django_db

REASON = "以纸质档案为准"
ID_NUMBER, OTHER_ID = "330411199001011234", "330411198502025678"
REPLY = {"答复类型": "部分公开", "答复日期": "2025-10-10"}
DAY = date(2025, 9, 15)


def planned(content: bytes) -> Plan:
    ledger = read_ledger(
        content, file_name="台账.xlsx", today=TODAY, department_needed=True, limits=Limits()
    )
    return plan_import(ledger, by=None, department=None)


def imported(content: bytes, take_over: str = "") -> Plan:
    plan = planned(content)
    assert plan.problems == []
    save_import(plan, by=None, today=TODAY, take_over=take_over)
    return plan


def import_row(*, take_over: str = "", **values: Any) -> Plan:
    return imported(make_ledger([case_row(**values)]), take_over)


def import_proceedings(*rows: dict[str, Any], take_over: str = "") -> Plan:
    return imported(make_ledger(proceedings=rows), take_over)


def only_case() -> Case:
    return Case.objects.select_related("applicant", "drafting_department").get()


def changes(plan: Plan) -> list[tuple[str, str, str, bool]]:
    told = [*plan.completions, *plan.conflicts]
    return [(c.header, c.told_before, c.told_after, c.conflict) for _, c in told]


def conflict(**values: Any) -> tuple[str, str, str]:
    """The one conflict of a row with what is stored; without a reason it writes nothing."""
    plan = planned(make_ledger([case_row(**values)]))
    ((_, change),) = plan.conflicts
    with pytest.raises(LedgerError, match="1 处与系统不一致"):
        save_import(plan, by=None, today=TODAY)
    return change.header, change.told_before, change.told_after


# --- The same again ------------------------------------------------------------------------------


FULL = case_row(
    "7",
    申请人="申请人甲",
    证件号码=ID_NUMBER,
    联系电话="0573-82720001",
    通信地址="秀洲区洪兴路1号",
    统一社会信用代码="91330411MA2B0000XX",
    代理人="代理人乙",
    电子邮箱="jia@example.com",
    申请方式="网络",
    到件日期="2025-09-12",
    申请内容="甲路以东地块征收补偿方案\n及附件",
    补正通知日期="2025-09-17",
    补正收到日期="2025-09-22",
    征求意见发出日期="2025-09-23",
    征求意见返回日期="2025-10-10",
    收费通知日期="2025-10-11",
    缴费日期="2025-10-13",
    延期告知日期="2025-10-14",
    延期工作日=10,
    承办单位="法规科",
    承办人="丙",
    答复文号="秀建公开〔2025〕7号",
    送达日期="2025-10-21",
    备注="急件",
    序号="3",
    答复类型="本机关不掌握",
    答复日期="2025-10-20",
)


def test_the_same_file_changes_nothing(tree: Tree) -> None:
    content = make_ledger([FULL, case_row("8")], [proceeding_row(申请编号="7")] * 2)
    imported(content)
    before = (Case.objects.get(number="7").version, Event.objects.count())
    again = planned(content)
    assert again.known is not None
    assert (again.cases.unchanged, again.proceedings.unchanged) == (2, 2)
    assert not again.writes
    assert save_import(again, by=None, today=TODAY) is None
    assert (Case.objects.get(number="7").version, Event.objects.count()) == before
    assert (AuditEntry.objects.count(), ImportedLedger.objects.count()) == (1, 1)
    assert Proceeding.objects.count() == 2


def test_another_file_with_the_same_rows_changes_nothing(tree: Tree) -> None:
    imported(make_ledger([FULL]))
    other = planned(make_ledger([FULL], headers=sorted(FULL)))
    assert other.known is None
    assert other.cases.unchanged == 1
    assert not other.writes


def test_a_cell_left_blank_says_nothing_against_what_is_stored(tree: Tree) -> None:
    imported(make_ledger([FULL]))
    assert planned(make_ledger([case_row("7")])).cases.unchanged == 1


def test_other_ways_of_writing_the_same_are_the_same(tree: Tree) -> None:
    imported(make_ledger([FULL]))
    other = FULL | {
        "联系电话": "057382720001",
        "电子邮箱": "JIA@example.com",
        "申请内容": "甲路以东地块征收补偿方案  及附件",
        "受理部门": "XZ-ZJJ",
        "收到日期": "2025年9月15日",
    }
    assert planned(make_ledger([other])).cases.unchanged == 1


def test_a_row_label_is_not_at_odds_with_any_outcome_of_its_row(tree: Tree) -> None:
    make_case(tree.housing, outcome=Outcome.NOT_THIS_ORGAN, closed_on=date(2025, 10, 10))
    row = case_row(only_case().number, 答复类型="本机关不掌握", 答复日期="2025-10-10")
    assert planned(make_ledger([row])).cases.unchanged == 1
    assert conflict(**row | {"number": row["编号"], "答复类型": "信息不存在"}) == (
        "答复类型",
        "不属于本机关负责公开",
        "经检索没有，信息不存在",
    )


# --- Filled in -----------------------------------------------------------------------------------


def test_an_open_case_gets_its_reply(tree: Tree) -> None:
    import_row(申请人="申请人甲")
    plan = import_row(申请人="申请人甲", **REPLY, 送达日期="2025-10-13")
    assert plan.cases.completed == 1
    assert changes(plan) == [
        ("答复类型", "", "部分公开", False),
        ("答复日期", "", "2025-10-10", False),
        ("送达日期", "", "2025-10-13", False),
    ]
    assert (
        "  申请台账 第 2 行 1 答复类型 部分公开；答复日期 2025-10-10；送达日期 2025-10-13"
        in list(as_lines(plan))
    )
    case = only_case()
    assert (case.outcome, case.closed_on) == (Outcome.PARTIAL, date(2025, 10, 10))
    assert (case.stage, case.version) == (Stage.CLOSED, 2)
    assert [event.kind for event in case.events.all()] == [
        EventKind.IMPORTED,
        EventKind.REPLIED,
        EventKind.SERVED,
        EventKind.COMPLETED,
    ]
    completed = case.events.get(kind=EventKind.COMPLETED)
    assert completed.on == TODAY
    assert completed.text == "台账补登：答复类型、答复日期、送达日期"


def test_every_blank_field_can_be_filled_in(tree: Tree) -> None:
    import_row(number="7")
    blank = only_case()
    assert (blank.applicant.name, blank.content) == (NOT_STATED, NOT_STATED)
    plan = imported(make_ledger([FULL]))
    assert (plan.cases.completed, plan.conflicts) == (1, [])
    assert planned(make_ledger([FULL])).cases.unchanged == 1
    case = only_case()
    assert (case.applicant.name, case.applicant.id_number) == ("申请人甲", ID_NUMBER)
    assert case.arrived_on == date(2025, 9, 12)
    assert case.drafting_note == "法规科；承办人：丙"
    assert case.remarks == "急件\n序号：3"
    assert rebuild([case]) == []


def test_personal_data_are_filled_in_without_being_told(tree: Tree) -> None:
    import_row()
    plan = import_row(证件号码=ID_NUMBER)
    assert only_case().applicant.id_number == ID_NUMBER
    assert only_case().applicant.id_number_hash
    assert changes(plan) == [("证件号码", "", masked(ID_NUMBER), False)]
    assert ID_NUMBER not in str([*Event.objects.values(), *AuditEntry.objects.values()])


def test_a_fact_that_comes_later_moves_the_due_day(tree: Tree) -> None:
    import_row(征求意见发出日期="2025-09-19")
    assert only_case().waiting_for == "consultation"
    plan = import_row(征求意见发出日期="2025-09-19", 征求意见返回日期="2025-10-10")
    assert changes(plan) == [("征求意见返回日期", "", "2025-10-10", False)]
    case = only_case()
    assert (case.ends_on, case.waiting_for) == (date(2025, 10, 31), "")
    assert rebuild([case]) == []


def test_an_opinion_answers_the_letter_that_a_clerk_recorded(tree: Tree) -> None:
    case = make_case(tree.housing, facts=Facts(consultation=(date(2025, 9, 19), None)))
    import_row(number=case.number, 征求意见发出日期="2025-09-19", 征求意见返回日期="2025-10-10")
    returned = Event.objects.get(kind=EventKind.CONSULTATION_RETURNED)
    assert returned.data["key"] == "1"
    assert only_case().ends_on == date(2025, 10, 31)


def test_a_case_to_be_confirmed_is_confirmed_by_the_ledger(tree: Tree) -> None:
    case = make_case(tree.housing, received_on=None, arrived_on=date(2025, 9, 12))
    plan = import_row(number=case.number)
    assert changes(plan) == [("收到日期", "", "2025-09-15", False)]
    confirmed = only_case()
    assert (confirmed.stage, confirmed.received_on) == (Stage.OPEN, DAY)
    assert confirmed.arrived_on == date(2025, 9, 12)
    assert confirmed.events.filter(kind=EventKind.CONFIRMED, on=DAY).exists()


def test_more_lines_of_remarks_fill_in_others_are_a_conflict(tree: Tree) -> None:
    import_row(备注="急件")
    assert changes(import_row(备注="急件", 科室意见="同意")) == [
        ("备注", "急件", "急件\n科室意见：同意", False)
    ]
    assert conflict(备注="缓办")[0] == "备注"


# --- At odds -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "stored", "given", "told"),
    [
        ("申请人", "申请人甲", "申请人乙", ("申请人甲", "申请人乙")),
        ("申请人类别", "自然人", "商业企业", ("自然人", "商业企业")),
        ("申请方式", "网络", "邮寄", ("网络", "邮寄")),
        ("收到日期", "2025-09-15", "2025-09-16", ("2025-09-15", "2025-09-16")),
        ("到件日期", "2025-09-12", "2025-09-13", ("2025-09-12", "2025-09-13")),
        ("申请内容", "甲方案", "乙方案", ("甲方案", "乙方案")),
        ("承办单位", "法规科", "区资规分局", ("法规科", "区资规分局")),
        ("承办单位", "区资规分局", "法规科", ("区资规分局", "法规科")),
        ("承办人", "丙", "丁", ("丙", "丁")),
        ("补正通知日期", "2025-09-17", "2025-09-18", ("2025-09-17", "2025-09-18")),
        ("收费通知日期", "2025-09-17", "2025-09-18", ("2025-09-17", "2025-09-18")),
        ("征求意见发出日期", "2025-09-17", "2025-09-18", ("2025-09-17", "2025-09-18")),
    ],
)
def test_another_value_is_a_conflict_and_taken_over_only_with_a_reason(
    tree: Tree, column: str, stored: str, given: str, told: tuple[str, str]
) -> None:
    import_row(**{column: stored})
    assert conflict(**{column: given}) == (column, *told)
    assert planned(make_ledger([case_row(**{column: stored})])).cases.unchanged == 1
    plan = import_row(**{column: given}, take_over=REASON)
    assert plan.cases.conflicting == 1
    assert planned(make_ledger([case_row(**{column: given})])).cases.unchanged == 1
    case = only_case()
    event = case.events.get(kind=EventKind.AMENDED)
    assert event.text == f"按台账更正{column}：{REASON}"
    assert [*told] in [*event.data["changes"].values(), *event.data["applicant"].values()]
    assert case.applicant_kind == case.applicant.kind
    assert case.version == 2
    assert rebuild([case]) == []


def test_another_reply_is_told_with_both_values(tree: Tree) -> None:
    import_row(**REPLY)
    plan = planned(make_ledger([case_row(答复类型="予以公开", 答复日期="2025-10-11")]))
    assert changes(plan) == [
        ("答复类型", "部分公开", "予以公开", True),
        ("答复日期", "2025-10-10", "2025-10-11", True),
    ]
    assert "  申请台账 第 2 行 1 答复日期：系统“2025-10-10”，台账“2025-10-11”" in list(
        as_lines(plan)
    )
    save_import(plan, by=None, today=TODAY, take_over=REASON)
    assert (only_case().outcome, only_case().closed_on) == (Outcome.GRANTED, date(2025, 10, 11))


def test_a_blank_reason_is_no_reason(tree: Tree) -> None:
    import_row(**REPLY)
    with pytest.raises(LedgerError, match="没有写明以台账为准的理由"):
        import_row(答复类型="予以公开", 答复日期="2025-10-10", take_over="  ")


def test_one_conflict_holds_back_the_whole_file(tree: Tree) -> None:
    import_row(number="1", 申请人="申请人甲")
    plan = planned(make_ledger([case_row("1", 申请人="申请人乙"), case_row("2")]))
    with pytest.raises(LedgerError):
        save_import(plan, by=None, today=TODAY)
    assert Case.objects.count() == 1


def test_personal_data_at_odds_are_told_masked_and_kept_nowhere(tree: Tree) -> None:
    import_row(证件号码=ID_NUMBER)
    assert conflict(证件号码=OTHER_ID) == ("证件号码", masked(ID_NUMBER), masked(OTHER_ID))
    plan = import_row(证件号码=OTHER_ID, take_over=REASON)
    assert only_case().applicant.id_number == OTHER_ID
    told = [as_json(plan, written=True), *as_lines(plan)]
    kept = [*Event.objects.values(), *AuditEntry.objects.values(), *ImportedLedger.objects.values()]
    assert not any(number in str(told + kept) for number in (ID_NUMBER, OTHER_ID))
    event = only_case().events.get(kind=EventKind.AMENDED)
    assert event.data["applicant"] == {"证件号码": "已更正"}


def test_a_day_of_receipt_put_right_moves_clock_and_arrival(tree: Tree) -> None:
    import_row()
    import_row(收到日期="2025-09-16", take_over=REASON)
    case = only_case()
    assert case.received_on == case.arrived_on == date(2025, 9, 16)
    assert case.ends_on == date(2025, 10, 20)


def test_an_extension_put_right_moves_the_due_day(tree: Tree) -> None:
    """The recorded fact stays; the one that takes its place is what the clock reads."""
    import_row(延期告知日期="2025-10-14", 延期工作日=10)
    assert conflict(延期告知日期="2025-10-14", 延期工作日=20) == (
        "延期告知日期",
        "2025-10-14（10 个工作日）",
        "2025-10-14（20 个工作日）",
    )
    import_row(延期告知日期="2025-10-14", 延期工作日=20, take_over=REASON)
    case = only_case()
    assert case.ends_on == date(2025, 11, 14)
    assert case.events.filter(kind=EventKind.EXTENDED).count() == 2
    assert rebuild([case]) == []
    clock = workflow.clock_of(case, on=TODAY)
    assert clock.irregularities == ()


def test_a_letter_put_right_keeps_whom_it_asked(tree: Tree) -> None:
    case = make_case(tree.housing, facts=Facts(consultation=(date(2025, 9, 19), None)))
    import_row(number=case.number, 征求意见发出日期="2025-09-22", take_over=REASON)
    old, new = Event.objects.filter(kind=EventKind.CONSULTATION_SENT).order_by("id")
    assert new.data == old.data | {"supersedes": [old.pk]}


def test_of_several_letters_one_of_another_day_cannot_be_told_which(tree: Tree) -> None:
    case = make_case(tree.housing, facts=Facts(consultation=(date(2025, 9, 19), date(2025, 9, 22))))
    workflow.consult(
        case,
        by=hand_of(tree.housing),
        today=TODAY,
        on=date(2025, 9, 24),
        key="2",
        addressee=Addressee.THIRD_PARTY,
        whom="乙",
    )
    row = case_row(case.number, 征求意见发出日期="2025-09-24")
    assert planned(make_ledger([row])).cases.unchanged == 1
    (problem,) = planned(make_ledger([row | {"征求意见发出日期": "2025-09-25"}])).problems
    assert "无法对应" in problem.message


def test_what_is_filled_in_must_fit_what_is_stored(tree: Tree) -> None:
    """The ledger's reply lies before the stored day of receipt, which the row itself moves."""
    make_case(tree.housing, arrived_on=date(2025, 9, 12))
    number = only_case().number
    early = case_row(number, 收到日期="2025-09-11", 答复类型="部分公开", 答复日期="2025-10-10")
    (problem,) = planned(make_ledger([early])).problems
    assert (problem.column, problem.value) == ("收到日期", "2025-09-11")
    assert "早于系统里的到件日期 2025-09-12" in problem.message


def test_a_voided_case_is_not_touched_any_more(tree: Tree) -> None:
    import_row()
    case = only_case()
    by = hand_of(tree.housing)
    workflow.void(case, by=by, today=TODAY, reason="重复登记")
    assert planned(make_ledger([case_row()])).cases.unchanged == 1
    (problem,) = planned(make_ledger([case_row(**REPLY)])).problems
    assert problem.message == "该件已于 2025-10-27 作废，台账不能再改动它"


def test_a_first_reply_is_not_moved_behind_the_review_of_it(tree: Tree) -> None:
    import_row(**REPLY)
    case = only_case()
    assert case.closed_on
    make_proceeding(tree.housing, case=case, filed_on=case.closed_on)
    later = str(case.closed_on + timedelta(days=1))
    said = REPLY | {"答复日期": later}
    problems = planned(make_ledger([case_row(**said)])).problems
    found = [(it.column, it.message) for it in problems]
    assert found == [("答复日期", f"不能晚于“行政复议”的日期 {case.closed_on}")]


# --- Proceedings ---------------------------------------------------------------------------------


def test_a_result_that_is_taken_over_drops_what_no_longer_goes_with_it(tree: Tree) -> None:
    ended = {"案号": "秀复〔2025〕3号", "审结日期": "2025-10-24"}
    import_proceedings(proceeding_row(**ended, 结果="结果纠正"))
    Proceeding.objects.update(ruling="revoked", procedure="summary")
    import_proceedings(proceeding_row(**ended, 结果="结果维持"), take_over="决定书为维持")
    found = Proceeding.objects.get()
    assert (found.result, found.ruling, found.procedure) == ("upheld", "", "summary")


def test_what_ordered_a_new_reply_is_not_taken_over_as_upheld(tree: Tree) -> None:
    ended = {"案号": "秀复〔2025〕3号", "审结日期": "2025-10-24"}
    import_proceedings(proceeding_row(**ended, 结果="结果纠正"))
    case = make_case(tree.housing, closed_on=date(2025, 10, 9))
    Proceeding.objects.update(ordered_on=date(2025, 10, 27), case=case)
    content = make_ledger(proceedings=[proceeding_row(**ended, 结果="结果维持")])
    (problem,) = planned(content).problems
    assert (problem.column, problem.value) == ("结果", "结果维持")
    assert problem.message.startswith("已登记责令重新答复，不能改为“结果维持”；确系误登的")
    same = make_ledger(proceedings=[proceeding_row(**ended, 结果="结果纠正")])
    assert not planned(same).problems


def test_nor_as_ended_after_it_came_in_or_of_another_case(tree: Tree) -> None:
    ended = {"案号": "秀复〔2025〕3号", "结果": "结果纠正"}
    import_proceedings(proceeding_row(**ended, 审结日期="2025-10-23"))
    case, other = (make_case(tree.housing, closed_on=date(2025, 10, 9)) for _ in range(2))
    Proceeding.objects.update(ordered_on=date(2025, 10, 24), case=case)

    def said(**fields: str) -> list[tuple[str, str, str]]:
        content = make_ledger(proceedings=[proceeding_row(**ended, **fields)])
        return [(it.column, it.value, it.message) for it in planned(content).problems]

    assert said(审结日期="2025-10-24") == []
    late = "不能晚于收到决定、判决的日期 2025-10-24"
    assert said(审结日期="2025-10-25") == [("审结日期", "2025-10-25", late)]
    moved = "已登记责令重新答复，不能改为另一件申请"
    found = said(审结日期="2025-10-23", 申请编号=other.number)
    assert found == [("申请编号", other.number, moved)]


def test_a_docket_number_is_the_key(tree: Tree) -> None:
    import_proceedings(proceeding_row(案号="秀复〔2025〕3号"))
    ended = {"结果": "结果维持", "审结日期": "2025-10-24"}
    plan = import_proceedings(proceeding_row(案号="秀复〔2025〕3号", **ended))
    assert (plan.proceedings.completed, plan.proceedings.new) == (1, 0)
    found = Proceeding.objects.get()
    assert (found.result, found.concluded_on) == (ProceedingResult.UPHELD, date(2025, 10, 24))
    assert found.version == 2
    plan = planned(
        make_ledger(
            proceedings=[
                proceeding_row(案号="秀复〔2025〕3号", 立案日期="2025-10-10", **ended),
            ]
        )
    )
    assert changes(plan) == [("立案日期", "2025-10-09", "2025-10-10", True)]


def test_a_docket_number_stands_once_in_a_file(tree: Tree) -> None:
    rows = [proceeding_row(案号="秀复〔2025〕3号"), proceeding_row(案号="秀复〔2025〕3号")]
    (problem,) = planned(make_ledger(proceedings=rows)).problems
    assert (problem.row, problem.message) == (3, "与第 2 行的案号重复")


def test_without_docket_rows_match_as_a_multiset(tree: Tree) -> None:
    ended = {"结果": "结果纠正", "审结日期": "2025-10-24"}
    rows = [proceeding_row(**ended), proceeding_row(), proceeding_row()]
    import_proceedings(*rows)
    assert import_proceedings(*reversed(rows)).proceedings.unchanged == 3
    plan = import_proceedings(*rows, proceeding_row())
    assert (plan.proceedings.unchanged, plan.proceedings.new) == (3, 1)
    plan = import_proceedings(proceeding_row(**ended), proceeding_row(**ended))
    assert (plan.proceedings.unchanged, plan.proceedings.completed) == (1, 1)
    assert Proceeding.objects.count() == 4
    assert Proceeding.objects.exclude(result="").count() == 2


def test_another_type_day_or_case_is_another_proceeding(tree: Tree) -> None:
    imported(make_ledger([case_row("1"), case_row("2")], [proceeding_row(申请编号="1")]))
    plan = import_proceedings(
        proceeding_row(申请编号="1"),
        proceeding_row(申请编号="2"),
        proceeding_row(),
        proceeding_row(申请编号="1", 类型="未经复议直接起诉"),
        proceeding_row(申请编号="1", 立案日期="2025-10-10"),
        proceeding_row(受理部门="区资规分局"),
    )
    assert (plan.proceedings.unchanged, plan.proceedings.new) == (1, 5)


def test_a_docket_number_fills_in_where_none_was(tree: Tree) -> None:
    import_proceedings(proceeding_row())
    plan = import_proceedings(proceeding_row(案号="秀复〔2025〕3号"))
    assert changes(plan) == [("案号", "", "秀复〔2025〕3号", False)]
    assert import_proceedings(proceeding_row()).proceedings.unchanged == 1
    assert Proceeding.objects.get().docket == "秀复〔2025〕3号"


def test_two_docket_numbers_are_two_proceedings(tree: Tree) -> None:
    import_proceedings(proceeding_row(案号="3号"))
    assert import_proceedings(proceeding_row(案号="4号")).proceedings.new == 1


def test_a_proceeding_belongs_to_a_case_of_the_file_or_a_stored_one(tree: Tree) -> None:
    stored = make_case(tree.housing)
    imported(
        make_ledger(
            [case_row("7")],
            [proceeding_row(申请编号="7"), proceeding_row(申请编号=stored.number)],
        )
    )
    assert set(Proceeding.objects.values_list("case__number", flat=True)) == {"7", stored.number}


def test_a_number_of_two_years_is_that_of_the_file_else_it_is_not_guessed(tree: Tree) -> None:
    imported(make_ledger([case_row("7", 收到日期="2024-09-18")]))
    imported(make_ledger([case_row("7")], [proceeding_row(申请编号="7")]))
    assert Proceeding.objects.get().case == Case.objects.get(number_year=2025)
    (problem,) = planned(make_ledger(proceedings=[proceeding_row(申请编号="7")])).problems
    assert problem.message.startswith("2024、2025 年各有一件")
    early = proceeding_row(申请编号="7", 立案日期="2025-03-03")
    import_proceedings(early)
    assert Proceeding.objects.get(filed_on=date(2025, 3, 3)).case == Case.objects.get(
        number_year=2024
    )


def test_a_case_number_that_nobody_has_is_an_error(tree: Tree) -> None:
    (problem,) = planned(make_ledger(proceedings=[proceeding_row(申请编号="99")])).problems
    assert (problem.column, problem.value) == ("申请编号", "99")
    make_case(tree.land)
    other = Case.objects.get(department=tree.land).number
    assert planned(make_ledger(proceedings=[proceeding_row(申请编号=other)])).problems


def test_a_result_put_right_needs_a_reason(tree: Tree) -> None:
    ended = {"案号": "3号", "结果": "结果维持", "审结日期": "2025-10-24"}
    import_proceedings(proceeding_row(**ended))
    other = proceeding_row(**ended | {"结果": "结果纠正"})
    plan = planned(make_ledger(proceedings=[other]))
    assert changes(plan) == [("结果", "结果维持", "结果纠正", True)]
    with pytest.raises(LedgerError):
        save_import(plan, by=None, today=TODAY)
    import_proceedings(other, take_over=REASON)
    assert Proceeding.objects.get().result == ProceedingResult.CORRECTED
