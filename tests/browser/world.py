"""One case, job and table in each state that a page can show, and who looks at them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time
from functools import partial
from typing import Any, Literal

from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client
from django.utils import timezone

from cases import workflow
from cases.choices import (
    Addressee,
    ApplicantKind,
    Channel,
    DocumentKind,
    EventKind,
    JobState,
    LetterKind,
    NoticeKind,
    Outcome,
    Role,
    Stance,
)
from cases.letters import setup
from cases.letters.building import default_template
from cases.letters.templates import Sort
from cases.models import (
    Case,
    Deputy,
    Job,
    LedgerUpload,
    Notice,
    Proceeding,
    SavedList,
    ScheduleYear,
    User,
)
from cases.workflow import seal_year
from reports import annual
from reports.annual import Entry
from reports.annual.handing import take_in
from reports.choices import ALL, OWN, ReportStepKind, Way
from reports.formats import get_format
from reports.formats.base import Tables
from reports.handin import HandedIn
from reports.models import ComputedTable, FactKind
from reports.views.report_base import Place
from reports.workflow import COMPUTE_TASK, WORKBOOK_TASK, Question, compute
from tests.browser.report_world import make_reports
from tests.documents import PDF, PNG, make_file
from tests.ledgers import case_row, make_ledger
from tests.makers import (
    TODAY,
    Facts,
    Tree,
    hand_of,
    make_case,
    make_proceeding,
    make_tree,
    make_user,
)
from tests.signoff import draft, make_chain, signed, submitted
from tests.uploads import imported, planned

LONG = "甲路以东、乙路以南地块房屋征收补偿方案、第三方评估报告及全部附件、会议纪要和往来函件" * 3
LOCKED_USER = "locked"
HANDLER = "handler"  # the clerk of this world
Who = Literal["clerk", "supervisor", "newcomer", "administrator", "nobody"]


@dataclass(frozen=True, slots=True)
class World:
    """The cast, and one case in each state a page can show."""

    tree: Tree
    users: dict[Who, User]
    cases: dict[str, Case]
    proceeding: int
    jobs: dict[JobState, Job]
    tables: dict[str, Question]
    saved_list: SavedList
    uploads: dict[str, LedgerUpload]
    reports: dict[str, Place]
    fact_kind: FactKind


def make_world() -> World:
    """As at `TODAY`. The newcomer's organ has no cases, so every list is empty there."""
    tree = make_tree()
    users: dict[Who, User] = {
        "clerk": make_user(Role.REVIEWER, tree.government, name="审核人庚", username=HANDLER),
        "supervisor": make_user(Role.SUPERVISOR, tree.government, name="政务公开主管乙"),
        "newcomer": make_user(Role.CLERK, tree.neighbour, name="经办员新"),
        "administrator": make_user(Role.ADMINISTRATOR, tree.government, name="系统管理员"),
    }
    reports = make_reports(tree, users["supervisor"])
    cases = _cases(tree)
    proceeding = make_proceeding(
        tree.office,
        case=cases["closed"],
        docket="嘉政复〔2025〕1号",
        filed_on=date(2025, 10, 9),
        received_on=date(2025, 10, 13),
    )
    _lock_out(LOCKED_USER)
    _notify(users["clerk"], cases, proceeding)
    _call(tree, users["supervisor"])
    ScheduleYear.objects.filter(year=2026).delete()  # so that there is a year without one
    return World(
        tree=tree,
        users=users,
        cases=cases,
        proceeding=proceeding.pk,
        jobs={state: _job(state, tree, users["supervisor"]) for state in JobState},
        tables=_tables(tree, users["supervisor"]),
        saved_list=SavedList.objects.create(user=users["clerk"], name="区住建局", query="q=甲路"),
        uploads=_uploads(tree, users["clerk"]),
        reports=reports,
        fact_kind=_facts(tree, users["supervisor"]),
    )


def _cases(tree: Tree) -> dict[str, Case]:
    asked = date(2025, 9, 19)
    cases = {
        "open": make_case(tree.housing, received_on=date(2025, 10, 9)),
        "soon": make_case(tree.housing, received_on=date(2025, 9, 25)),
        "late": make_case(tree.land, received_on=date(2025, 9, 10)),
        "provisional": make_case(
            tree.land, received_on=date(2025, 10, 27), facts=Facts(extended_on=TODAY)
        ),
        "paused": make_case(tree.housing, content=LONG, facts=Facts(consultation=(asked, None))),
        "correction": make_case(tree.town, facts=Facts(correction=(asked, None))),
        "fee": make_case(tree.town, facts=Facts(fee=(asked, None))),
        "recorded": make_case(tree.land, received_on=date(2025, 10, 13), name="申请人甲"),
        "same applicant": make_case(tree.land, received_on=date(2025, 10, 14), name="申请人甲"),
        "consulted": _consulted(tree),
        "unconfirmed": make_case(
            tree.land, received_on=None, kind=ApplicantKind.ORG_PUBLIC_WELFARE
        ),
        "unserved": make_case(
            tree.office, closed_on=TODAY, outcome=Outcome.PARTIAL, service_method="post"
        ),
        "closed": make_case(
            tree.office,
            facts=Facts(consultation=(asked, date(2025, 10, 10))),
            channel=Channel.IN_PERSON,
            closed_on=date(2025, 10, 21),
            outcome=Outcome.NOT_EXIST,
            service_method="post",
            served_on=date(2025, 10, 22),
        ),
    }
    for name in ("reasons asked", "reasons given"):
        cases[name] = _asked_for_reasons(tree)
    workflow.receive_reasons(
        cases["reasons given"],
        by=hand_of(tree.housing),
        today=TODAY,
        on=TODAY,
        reasons="课题需要",
        reasonable=True,
    )
    _record_beside_the_clock(cases)
    void = make_case(tree.town)
    workflow.void(
        void,
        by=make_user(Role.REVIEWER, tree.town),
        today=TODAY,
        reason="重复登记",
        version=void.version,
    )
    spoken = make_case(
        tree.housing,
        channel=Channel.IN_PERSON,
        oral=True,
        co_applicants="申请人乙、申请人丙",
        received_on=date(2025, 10, 20),
    )
    return cases | {
        "void": void,
        "spoken": spoken,
        "assigned": _assigned(tree),
        "documents": _with_documents(tree),
        "reopened": _reopened(tree),
        "replied again": _replied_again(tree),
        **_in_rounds(tree),
    }


def _in_rounds(tree: Tree) -> dict[str, Case]:
    """Of an organ whose replies are signed: a draft, one handed in, one signed."""
    make_chain(tree.town)
    in_review = submitted(make_case(tree.town, content=LONG, name="申请人丑"))
    keep = partial(workflow.keep_document, in_review, by=hand_of(tree.town), today=TODAY)
    keep(kind=DocumentKind.APPLICATION, upload=make_file("申请书（扫描件）.pdf", PDF))
    return {
        "drafted": draft(make_case(tree.town, name="申请人丑")),
        "in review": in_review,
        "signed": signed(make_case(tree.town)),
    }


def _assigned(tree: Tree) -> Case:
    """To the clerk of this world, who has not accepted it, and whose deputy begins today."""
    handler = User.objects.get(username=HANDLER)
    case = make_case(tree.housing, received_on=date(2025, 10, 21))
    deputy = make_user(Role.CLERK, tree.housing, name="经办员乙")
    Deputy.objects.create(user=handler, deputy=deputy, from_on=TODAY, to_on=date(2025, 10, 31))
    by = make_user(Role.CLERK, tree.housing, name="经办员丁")
    return workflow.assign(case, by=by, today=TODAY, handler=handler, drafting_department=tree.land)


def _asked_for_reasons(tree: Tree) -> Case:
    case = make_case(tree.housing, received_on=date(2025, 10, 9))
    by, why = hand_of(tree.housing), "三个月内申请 120 件，内容相近"
    return workflow.ask_reasons(case, by=by, today=TODAY, on=TODAY, why=why)


def _record_beside_the_clock(cases: dict[str, Case]) -> None:
    """Calls, questions to sections (one late), searches, links."""
    case, unconfirmed = cases["recorded"], cases["unconfirmed"]
    said: dict[str, Any] = {"by": hand_of(case.department), "today": TODAY}
    called: dict[str, Any] = {"on": date(2025, 10, 20), "caller": "经办员戊", **said}
    workflow.note_call(case, reached=True, said="告知已收到申请", at=time(9, 30), **called)
    workflow.note_call(unconfirmed, reached=False, number="0573-82711234", **called)
    for section, until in (("法规科", date(2025, 10, 24)), ("自然资源所有者权益科", TODAY)):
        on = date(2025, 10, 20)
        workflow.ask_section(
            case, on=on, until=until, section=section, question="是否掌握这一信息", **said
        )
    for place in ("档案室", "业务台账、办公系统"):
        workflow.record_search(
            case, on=TODAY, place=place, words="甲路 征收", who="经办员戊", found="未找到", **said
        )
    workflow.link(case, number=cases["late"].number, kind="repeat", note="内容相同", **said)
    workflow.split(cases["same applicant"], items=[LONG, "乙路规划许可"], **said)


def _consulted(tree: Tree) -> Case:
    """Four letters: answered, its term over in silence, still under way, and without a term."""
    case = make_case(tree.housing, received_on=date(2025, 9, 15))
    said: dict[str, Any] = {"by": make_user(Role.REVIEWER, tree.housing), "today": TODAY}
    for on, addressee, whom in (
        (date(2025, 9, 17), Addressee.THIRD_PARTY, "第三方甲"),
        (date(2025, 9, 18), Addressee.CO_PRODUCER, "某共同制作机关"),
        (date(2025, 10, 15), Addressee.THIRD_PARTY, "第三方乙"),
        (date(2025, 10, 15), Addressee.OTHER_ORGAN, "某其他机关"),
    ):
        workflow.consult(case, on=on, addressee=addressee, whom=whom, **said)
    workflow.deliver_consultation(case, on=date(2025, 9, 19), key="1", **said)
    workflow.receive_opinion(
        case,
        on=date(2025, 9, 26),
        key="1",
        stance=Stance.REFUSES,
        opinion="第三章涉及商业秘密，其余部分不反对公开",
        **said,
    )
    return case


def _reopened(tree: Tree, docket: str = "秀政复〔2025〕8号") -> Case:
    """Answered, and ordered by a review to be answered again."""
    case = make_case(
        tree.housing,
        closed_on=date(2025, 9, 22),
        outcome=Outcome.PROCESS,
        service_method="post",
        served_on=date(2025, 9, 22),
    )
    review = make_proceeding(
        tree.housing,
        case=case,
        docket=docket,
        filed_on=date(2025, 9, 24),
        received_on=date(2025, 9, 25),
        defence_sent_on=date(2025, 10, 9),
        ruling="revoked",
        result="corrected",
        concluded_on=date(2025, 10, 20),
    )
    return workflow.reopen(
        case,
        by=make_user(Role.REVIEWER, tree.housing),
        today=TODAY,
        proceeding=review,
        on=date(2025, 10, 22),
        workdays=10,
    )


def _replied_again(tree: Tree) -> Case:
    """The new reply is still to be served; a day of the first one was put right."""
    case = _reopened(tree, docket="秀政复〔2025〕10号")
    said: dict[str, Any] = {"by": make_user(Role.REVIEWER, tree.housing), "today": TODAY}
    served = case.events.get(kind=EventKind.SERVED)
    workflow.put_right(case, event=served.pk, on=date(2025, 9, 23), reason="看错邮戳", **said)
    return workflow.reply_again(
        case, outcome=Outcome.PARTIAL, closed_on=TODAY, service_method="post", **said
    )


def _with_documents(tree: Tree) -> Case:
    """A scan, a picture that was withdrawn, and a letter; under review."""
    case, by = make_case(tree.housing), make_user(Role.REVIEWER, tree.housing)
    keep = partial(workflow.keep_document, case, by=by, today=TODAY)
    wrong = keep(kind=DocumentKind.EVIDENCE, upload=make_file("另一件的证明.png", PNG))
    workflow.withdraw_document(wrong, by=by, today=TODAY, reason="属于另一件申请")
    keep(kind=DocumentKind.APPLICATION, upload=make_file("申请表（扫描件）.pdf", PDF))
    make = partial(workflow.make_letter, case, by=by, today=TODAY, dated_on=TODAY)
    make(kind=LetterKind.RECEIPT, own_series=True)
    setup.keep_template(
        tree.housing,
        by=by,
        sort=Sort(LetterKind.FEE),
        upload=make_file("收费通知书.docx", default_template(LetterKind.FEE)),
        at=timezone.now(),
    )
    make_proceeding(
        tree.housing, case=case, docket="秀政复〔2025〕11号", filed_on=date(2025, 10, 22)
    )
    return case


def _call(tree: Tree, by: User) -> None:
    """The reports of last year, called for; the town hands its tables in."""
    annual.call_for_reports(
        tree.government,
        2024,
        until_on=date(2025, 1, 20),
        instructions="请于截止日前确认统计表，补正后再报的写明原因。",
        units=[
            replace(unit, way=Way.HANDED_IN) if unit.department == tree.town else unit
            for unit in annual.proposed_units(tree.government, 2024)
        ],
        by=by,
        version=0,
    )
    table = Tables.zero(get_format("2021"))
    table.section_three["new_received"][0] = 3  # in 2023, and its checks are broken
    said: dict[str, Any] = {
        "instructions": "",
        "by": by,
        "version": 0,
        "until_on": date(2024, 1, 20),
    }
    units = [annual.calling.Unit(tree.town, annual.calling.Counts.ALL, Way.HANDED_IN)]
    annual.call_for_reports(tree.government, 2023, units=units, **said)
    for file_name in ("王江泾镇.xlsx", ""):
        take_in(tree.town, 2023, HandedIn(table, None, file_name), by=hand_of(tree.town))
    for organ in (tree.housing, tree.land):
        report = annual.begin(organ, OWN, 2024, by=hand_of(organ))
        if organ == tree.land:
            annual.take_step(report, ReportStepKind.REPORTED_ZERO, by=hand_of(organ), version=None)


def _job(state: JobState, tree: Tree, by: User) -> Job:
    return Job.objects.create(
        task=WORKBOOK_TASK,
        key=f"shown-{state}",
        title="生成工作簿 秀洲区人民政府 2025 年（全区，2021 年格式）",
        department=tree.government,
        requested_by=by,
        state=state,
        percent=40,
        message="列出申请件",
        error="统计期间的申请件一直在变动，请稍后再试。" if state == JobState.FAILED else "",
        queued_at=timezone.now(),
    )


def _uploads(tree: Tree, by: User) -> dict[str, LedgerUpload]:
    """Ledgers handed in for 区住建局, whose 2024 is public: written, right, at odds with what was
    written, of that year, wrong."""
    client = Client()
    client.force_login(by)

    def ledger(*rows: dict[str, Any]) -> bytes:
        return make_ledger(rows)

    reply = {"答复类型": "部分公开", "答复日期": date(2025, 10, 9)}
    seal_year(tree.housing, 2024, since=date(2025, 1, 20), rows={}, by=by)
    wrong = case_row(3, 收到日期="1.4", 联系电话="13800000000", 申请人类别="外星人")
    return {
        "imported": imported(client, ledger(case_row(1, **reply)), tree.housing, "九月台账.xlsx"),
        "new": planned(
            client, ledger(case_row(2, 自编栏="甲", 申请人="申请人甲")), tree.housing, "新增.xlsx"
        ),
        "at odds": planned(
            client,
            ledger(case_row(1, **reply | {"答复类型": "予以公开"})),
            tree.housing,
            "不一致.xlsx",
        ),
        "late": planned(
            client, ledger(case_row(4, 收到日期=date(2024, 12, 31))), tree.housing, "补登.xlsx"
        ),
        "wrong": planned(client, ledger(case_row(2), wrong), tree.housing, "有误.xlsx"),
        "unreadable": planned(client, b"not a workbook", tree.housing, "损坏.xlsx"),
    }


def _facts(tree: Tree, by: User) -> FactKind:
    """The usual list; 区住建局 has told some of it, of last year and this."""
    annual.take_usual(tree.government, by=by, year=2025)
    first, second, *_ = annual.kinds_of(tree.government)
    mine = annual.set_kind(
        tree.housing, None, by=by, version=None, label="窗口接待", unit="人次", place=1
    )
    for year, figures in ((2024, (3, 40)), (2025, (16, 0))):
        told = {
            kind.pk: Entry(figure, "含下属单位")
            for kind, figure in zip((first, second), figures, strict=True)
        }
        annual.tell_facts(tree.housing, year, told, by=by, version=None)
    return mine


def _tables(tree: Tree, by: User) -> dict[str, Question]:
    """What stands on the page of the table: computed, with broken checks, and being computed."""
    asked = {
        "computed": Question.of_year(tree.government, 2025, ALL),
        "broken": Question.of_year(tree.office, 2025, OWN),
        "running": Question.of_year(tree.housing, 2025, OWN),
        "older format": Question.of_year(tree.government, 2020, ALL),
    }
    for question in asked.values():
        compute(_compute_job(question, by, JobState.DONE), lambda percent, message: None)  # type: ignore[arg-type]
    _compute_job(asked["running"], by, JobState.RUNNING)
    broken = ComputedTable.objects.get(department=tree.office)
    broken.figures["section_three"]["new_received"][0] += 1
    broken.save()
    return asked


def _compute_job(question: Question, by: User, state: JobState) -> Job:
    return Job.objects.create(
        task=COMPUTE_TASK,
        key=f"{COMPUTE_TASK}:{question.key}",
        title=f"统计 {question}",
        params=question.params,
        department=question.department,
        requested_by=by,
        state=state,
        percent=100 if state == JobState.DONE else 40,
        message="勾稽校验",
        result={"cases": 10, "units": 1} if state == JobState.DONE else {},
        queued_at=timezone.now(),
        started_at=timezone.now(),
        finished_at=timezone.now() if state == JobState.DONE else None,
    )


def _notify(user: User, cases: dict[str, Case], review: Proceeding) -> None:
    """One reminder that was read, and three that were not."""
    for which, kind, text in (
        ("soon", NoticeKind.DUE_IN_2, "还有 2 个工作日到期，须在 2025-10-29 前答复并送达。"),
        ("late", NoticeKind.OVERDUE, "到期日 2025-10-14 已过 9 个工作日，尚未答复并送达。"),
        ("open", NoticeKind.CLOCK_MOVED, "到期日由 2025-11-05 改为 2025-11-06。"),
    ):
        seen_at = timezone.now() if which == "open" else None
        notice = Notice(user=user, case=cases[which], kind=kind, text=text, seen_at=seen_at)
        notice.due_on = notice.on = TODAY
        notice.save()
    words = f"今日到期，须在今日提交书面答复（{review}）。"
    answer = Notice(user=user, case=review.case, proceeding=review, text=words)
    answer.kind, answer.due_on, answer.on = NoticeKind.DEFENCE_TODAY, TODAY, TODAY
    answer.save()


def _lock_out(username: str) -> None:
    AccessAttempt.objects.create(
        username=username,
        user_agent="tests",
        ip_address="127.0.0.1",
        failures_since_start=settings.AXES_FAILURE_LIMIT,
    )
