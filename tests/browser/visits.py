"""Every page of the application, and each in the states that look different.

The tests of what holds on all pages go through this list: they fit the screen, axe-core finds no
fault. A page that is new to the addresses is missing here until `test_accessibility.py` is told of
it: add a `Visit` with the name of its view, or its name to `NO_PAGES` when it draws none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from cases.choices import JobState
from cases.models import RemedyText, User
from reports.annual import findings
from tests.browser.world import LOCKED_USER, Who, World
from tests.makers import PASSWORD

PASTED = (
    "国办发明电〔2025〕7号\n"
    "一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。"
)


@dataclass(frozen=True, slots=True)
class Visit:
    """A page in one state. `view` names its address, "" for a page that has none of its own."""

    view: str
    shows: str
    address: Callable[[World], str]
    who: Who = "clerk"
    then: Callable[[Page], Any] | None = None  # what leads to the state once the page is open
    printed: bool = False

    def __str__(self) -> str:
        return f"{self.view or 'error'} ({self.shows}{', printed' if self.printed else ''})"


def go_through(page: Page, world: World, who: Who) -> Iterator[Visit]:
    """Opens each page that is `who`'s to see, in its state."""
    sign_in(page, world.users.get(who))
    for visit in VISITS:
        if visit.who != who:
            continue
        page.emulate_media(media="print" if visit.printed else "screen")
        page.goto(visit.address(world))
        expect(page.locator("main")).to_be_visible()
        if visit.then:
            visit.then(page)
        page.wait_for_load_state()  # seen is not yet drawn: its stylesheets may still be coming
        yield visit


def sign_in(page: Page, user: User | None) -> None:
    if user is None:
        return
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.goto("/healthz")  # cookies belong to an address
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": page.url}])


# The states of a page ----------------------------------------------------------------------------


def move_receipt(page: Page) -> None:
    """Another day of receipt, handed in: what it moves is shown, and the tick asked for."""
    for name, typed in (("arrived_on", "2025-09-12"), ("received_on", "2025-09-12")):
        page.locator(f"[name={name}]").fill(typed)
    page.locator("[name=reason]").fill("收发登记有误")
    page.locator("form[data-guard] button[type=submit]").first.click()
    expect(page.locator("[name=moves_seen]")).to_be_visible()


def send_empty(page: Page) -> None:
    """Hand in the form as it stands, with every field that is typed in emptied."""
    form = page.locator("form[data-guard]")
    for control in form.locator("input[type=text], textarea").all():
        if control.is_visible():
            control.fill("")
    form.locator("button[type=submit]").first.click()
    expect(page.locator(".errsum")).to_be_visible()


def open_menu(page: Page) -> None:
    page.locator("main details.menu > summary").first.click()


def open_terms(page: Page) -> None:
    """Every mark that explains a term, one beside the other."""
    marks = page.locator("main details.term")
    marks.evaluate_all("marks => marks.forEach(mark => { mark.open = true; })")
    expect(marks.locator(".termbox").first).to_be_visible()


def open_details(page: Page) -> None:
    """All that a table keeps closed."""
    page.locator("main td details").evaluate_all("all => all.forEach(one => { one.open = true; })")


def return_unsaid(page: Page) -> None:
    """Send a report back without saying why."""
    open_details(page)
    page.get_by_role("button", name="退回修改").first.click()
    expect(page.locator(".errsum")).to_be_visible()


def send_nothing(page: Page) -> None:
    """Hand in no file."""
    page.get_by_role("button", name="上传并核对").click()
    expect(page.locator(".errsum")).to_be_visible()


def look_at_typed(page: Page) -> None:
    page.get_by_role("button", name="核对").click()
    expect(page.get_by_role("button", name="报送", exact=True)).to_be_visible()


def check_schedule(page: Page) -> None:
    """Paste a notice, read it in, have it checked."""
    page.get_by_label("通知正文").fill(PASTED)
    page.get_by_role("button", name="读入").click()
    expect(page.get_by_label("放假", exact=False).first).to_be_visible()
    expect(page.locator("[name=off]")).to_have_value("元旦：01-01 至 01-03")
    page.locator(".formbar [name=do][value=check]").click()
    expect(page.locator("#check")).to_be_visible()


def check_nothing(page: Page) -> None:
    page.locator(".formbar [name=do][value=check]").click()
    expect(page.locator(".errsum")).to_be_visible()


def send(field: str, typed: str) -> Callable[[Page], None]:
    """Hand in the form with one field filled in wrongly."""

    def act(page: Page) -> None:
        page.locator(f"[name={field}]").fill(typed)
        page.locator(".formbar button[type=submit]").first.click()
        expect(page.locator(".errsum")).to_be_visible()

    return act


def tell_wrongly(page: Page) -> None:
    page.locator("[name^=figure_]").first.fill("三次")
    page.locator(".formbar button[type=submit]").click()
    expect(page.locator(".errsum")).to_be_visible()


def enter_late(page: Page) -> None:
    """A review of a year that is public, handed in without a reason."""
    page.get_by_label("行政复议", exact=True).check()
    page.locator("[name=department]").select_option(label="区住建局")
    send("filed_on", "2024-12-31")(page)
    expect(page.get_by_label("补录原因")).to_be_visible()


def register_late(page: Page) -> None:
    """The same of an application."""
    page.get_by_label("自然人", exact=True).check()
    page.locator("#id_name").fill("申请人甲")
    page.get_by_label("当面", exact=True).check()
    page.locator("#id_content").fill("甲路以东地块房屋征收补偿方案")
    page.locator("#id_department").select_option(label="区住建局")
    page.locator("#id_arrived_on").fill("2024-12-31")
    send("received_on", "2024-12-31")(page)
    expect(page.get_by_label("补录原因")).to_be_visible()


def prove_by_a_number(page: Page) -> None:
    page.locator("[name^=aim_]").first.fill("申请人的电话 13900000000")
    page.locator(".formbar button[type=submit]").click()
    expect(page.locator(".errsum")).to_be_visible()


def type_no_figure(page: Page) -> None:
    """Words where a table wants a figure."""
    page.locator(".otable td input").first.fill("三件")
    page.locator(".formbar button[type=submit]").click()
    expect(page.locator(".errsum")).to_be_visible()


def look_at_finding(page: Page) -> None:
    page.locator(".findings a").first.click()
    expect(page.locator(".findings [aria-current]")).to_be_visible()


def open_judgement(page: Page) -> None:
    page.locator(".findings details summary").first.click()
    expect(page.locator(".findings textarea").first).to_be_visible()


def pass_without_reason(page: Page) -> None:
    open_judgement(page)
    page.locator(".findings form").first.evaluate("form => { form.noValidate = true; }")
    page.locator(".findings form button").first.click()
    expect(page.locator(".errsum")).to_be_visible()


def open_row(page: Page) -> None:
    """The form in the row of a case that nobody handles; narrow screens leave the column out."""
    link = page.locator("[id^=hand-] a").first
    if link.is_visible():
        link.click()
        expect(page.locator(".rowform")).to_be_visible()


def choose_outcome(page: Page) -> None:
    page.locator("input[name=outcome][value=not_exist]").check()
    expect(page.locator("#goes")).to_contain_text("计入")


def see_earlier(page: Page) -> None:
    page.get_by_role("link", name="上次怎么答的").click()
    expect(page.locator("#earlier")).to_contain_text("收到")


def see_earlier_of_typed(page: Page) -> None:
    page.locator("#id_content").fill("甲路以东地块房屋征收补偿方案")
    page.locator("#id_department").select_option(label="区资规分局")
    page.locator("section[aria-labelledby=h-earlier] button").click()
    expect(page.locator("#earlier")).to_contain_text("内容相近")


def ask_for_more(page: Page) -> None:
    page.get_by_role("button", name="再加几项").click()
    expect(page.get_by_label("第 5 项")).to_be_visible()


def see_in_full(page: Page) -> None:
    page.get_by_role("button", name="查看完整信息").click()
    expect(page.locator("#applicant")).to_contain_text("这次查看已记入日志")


def try_in_vain(username: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(PASSWORD[::-1])
        page.get_by_role("button", name="登录").click()
        expect(page.locator("main")).to_contain_text(
            "登录失败" if username == LOCKED_USER else "请重试"
        )

    return act


def alone(template: str) -> Callable[[Page], None]:
    """A page that is drawn when all else fails, as the browser gets it."""

    def act(page: Page) -> None:
        page.route("**/alone/", lambda route: route.fulfill(body=render_to_string(template)))
        page.goto("/alone/")
        expect(page.locator("h1")).to_be_visible()

    return act


# Addresses ---------------------------------------------------------------------------------------


def plain(name: str, query: str = "") -> Callable[[World], str]:
    return lambda world: reverse(name) + query


def of_case(name: str, state: str) -> Callable[[World], str]:
    return lambda world: reverse(name, args=[world.cases[state].pk])


def of_document(name: str) -> Callable[[World], str]:
    """The last document of the case that has some."""

    def address(world: World) -> str:
        case = world.cases["documents"]
        return reverse(name, args=[case.pk, case.documents.exclude(kind="letter").latest("pk").pk])

    return address


def of_letter(kind: str, state: str = "documents") -> Callable[[World], str]:
    """The page on which a letter of this kind is made."""
    return lambda world: of_case("cases:make_letter", state)(world) + f"?kind={kind}"


def of_made_letter(name: str) -> Callable[[World], str]:
    def address(world: World) -> str:
        case = world.cases["documents"]
        return reverse(name, args=[case.pk, case.letters.latest("pk").pk])

    return address


def of_guide(said: str) -> Callable[[World], str]:
    return lambda world: reverse("cases:guide", args=[world.cases["open"].pk]) + said


def of_organ(name: str, *more: str) -> Callable[[World], str]:
    """A page of the settings of 区住建局's letters."""
    return lambda world: reverse(name, args=[world.tree.housing.pk, *more])


def of_housing(name: str) -> Callable[[World], str]:
    return lambda world: f"{reverse(name)}?department={world.tree.housing.pk}"


def none_asked(world: World) -> str:
    return reverse("reports:facts", args=[world.tree.neighbour.pk, 2025])


def of_fact_kind(world: World) -> str:
    return reverse("reports:fact_kind", args=[world.fact_kind.pk])


def of_remedy(world: World) -> str:
    return reverse("cases:remedy_amend", args=[RemedyText.objects.earliest("pk").pk])


def of_parts(said: str = "") -> Callable[[World], str]:
    """What 新收 of the whole district is the sum of."""
    path = "section_three.new_received.total"
    return plain("reports:parts", f"?scope=all&path={path}{said}")


def of_hand_in(name: str, year: int = 2024) -> Callable[[World], str]:
    """A page about the tables of the town."""
    return lambda world: f"{reverse(name)}?department={world.tree.town.pk}&year={year}"


def of_table(
    which: str, more: str = "", name: str = "reports:annual_table"
) -> Callable[[World], str]:
    def address(world: World) -> str:
        asked = world.tables[which]
        said = f"department={asked.department.pk}&year={asked.period.last.year}&scope={asked.scope}"
        return f"{reverse(name)}?{said}{more}"

    return address


def of_report(which: str, name: str = "report", **more: Any) -> Callable[[World], str]:
    return lambda world: world.reports[which].url(name, **more)


def of_report_cell(which: str) -> Callable[[World], str]:
    return lambda world: world.reports[which].url() + "?" + CELL[1:]


def of_report_step(which: str, step: str) -> Callable[[World], str]:
    return of_report(which, "report_step", step=step)


def of_judgement(world: World) -> str:
    """The page on which the first warning of a report is accepted."""
    place = world.reports["written"]
    warnings = (f for f in findings(place.revisions[0]) if f.check.severity == "warning")
    return place.url("report_judge", key=next(warnings).fingerprint)


def of_job(state: JobState) -> Callable[[World], str]:
    return lambda world: reverse("cases:job", args=[world.jobs[state].pk])


def of_proceeding(name: str) -> Callable[[World], str]:
    return lambda world: reverse(name, args=[world.proceeding])


def bundle_of_documents(world: World) -> str:
    return reverse("cases:proceeding_bundle", args=[world.cases["documents"].proceedings.get().pk])


def of_upload(name: str, which: str, query: str = "") -> Callable[[World], str]:
    return lambda world: reverse(name, args=[world.uploads[which].pk]) + query


CELL = "&row=new_received&column=total"

BESIDE_THE_CLOCK = (
    "note_call",
    "ask_section",
    "answer_section",
    "record_search",
    "split",
    "link",
    "unlink",
)
VISITS: tuple[Visit, ...] = (
    # signing in
    Visit("login", "new", plain("login"), "nobody"),
    Visit("login", "refused", plain("login"), "nobody", try_in_vain("somebody")),
    Visit("login", "locked", plain("login"), "nobody", try_in_vain(LOCKED_USER)),
    # home
    Visit("cases:home", "work to do", plain("cases:home")),
    Visit("cases:monday", "work to do", plain("cases:monday")),
    Visit("cases:monday", "work to do", plain("cases:monday"), printed=True),
    Visit("cases:monday", "nothing", plain("cases:monday"), "newcomer"),
    Visit("reports:overview", "the year so far", plain("reports:overview"), "supervisor"),
    Visit(
        "reports:overview", "a year that is over", plain("reports:overview", "?year=2024"), "clerk"
    ),
    Visit(
        "reports:overview_cases",
        "cases of a figure",
        plain("reports:overview_cases", "?figure=new"),
        "supervisor",
    ),
    Visit("cases:home", "nothing yet", plain("cases:home"), "newcomer"),
    Visit("cases:home", "no cases to read", plain("cases:home"), "administrator"),
    # help
    Visit("cases:help", "all terms", plain("cases:help")),
    Visit("cases:help", "signed out", plain("cases:help"), "nobody"),
    Visit("cases:list", "terms open", plain("cases:list"), then=open_terms),
    Visit("cases:register", "terms open", plain("cases:register"), then=open_terms),
    Visit("cases:register", "a year that is public", plain("cases:register"), then=register_late),
    Visit("cases:detail", "terms open", of_case("cases:detail", "provisional"), then=open_terms),
    Visit("cases:reply", "terms open", of_case("cases:reply", "soon"), then=open_terms),
    Visit("cases:serve", "terms open", of_case("cases:serve", "unserved"), then=open_terms),
    Visit("reports:annual_table", "terms open", of_table("computed"), "supervisor", open_terms),
    # lists
    Visit("cases:list", "filled", plain("cases:list")),
    Visit("cases:list", "narrowed", plain("cases:list", "?q=甲路&state=working&per_page=25")),
    Visit("cases:list", "nothing found", plain("cases:list", "?q=没有这样的内容")),
    Visit("cases:list", "not accepted yet", plain("cases:list", "?assigned=waiting")),
    Visit("cases:list", "wrong conditions", plain("cases:list", "?year=nonsense&due=nonsense")),
    Visit("cases:list", "empty", plain("cases:list"), "newcomer"),
    Visit("cases:list", "filled", plain("cases:list"), printed=True),
    Visit("cases:columns", "usual", plain("cases:columns")),
    Visit("cases:export", "cases to export", plain("cases:export")),
    Visit("cases:export", "nothing to export", plain("cases:export", "?q=没有这样的内容")),
    Visit("cases:saved_lists", "one list", plain("cases:saved_lists")),
    Visit("cases:saved_lists", "none", plain("cases:saved_lists"), "newcomer"),
    Visit("cases:saved_list_new", "new", plain("cases:saved_list_new", "?q=甲路")),
    Visit(
        "cases:saved_list_new", "wrong", plain("cases:saved_list_new", "?q=甲路"), then=send_empty
    ),
    Visit(
        "cases:saved_list_rename",
        "one list",
        lambda world: reverse("cases:saved_list_rename", args=[world.saved_list.pk]),
    ),
    Visit("cases:proceedings", "filled", plain("cases:proceedings")),
    Visit("cases:proceedings", "empty", plain("cases:proceedings"), "newcomer"),
    # registering
    Visit("cases:register", "new", plain("cases:register")),
    Visit("cases:register", "first of all", plain("cases:register"), "newcomer"),
    Visit("cases:register", "wrong", plain("cases:register"), then=send_empty),
    Visit(
        "cases:register",
        "once more",
        lambda world: f"{reverse('cases:register')}?like={world.cases['open'].pk}",
    ),
    # a case and its acts
    *(
        Visit("cases:detail", state, of_case("cases:detail", state))
        for state in (
            *("open", "soon", "late", "provisional", "paused", "correction", "fee"),
            *("unconfirmed", "unserved", "closed", "void"),
            "reopened",
        )
    ),
    Visit("cases:detail", "menu open", of_case("cases:detail", "open"), then=open_menu),
    Visit("cases:detail", "paused", of_case("cases:detail", "paused"), printed=True),
    Visit("cases:detail", "read only", of_case("cases:detail", "open"), "supervisor"),
    Visit("cases:applicant", "in full", of_case("cases:detail", "open"), then=see_in_full),
    Visit("cases:confirm", "new", of_case("cases:confirm", "unconfirmed")),
    Visit("cases:confirm", "wrong", of_case("cases:confirm", "unconfirmed"), then=send_empty),
    Visit("cases:detail", "consulted", of_case("cases:detail", "consulted")),
    Visit("cases:detail", "consulted", of_case("cases:detail", "consulted"), printed=True),
    Visit("cases:detail", "consulted", of_case("cases:detail", "consulted"), "supervisor"),
    Visit("cases:consult", "new", of_case("cases:consult", "soon")),
    Visit("cases:consult", "wrong", of_case("cases:consult", "soon"), then=send_empty),
    *(
        Visit(f"cases:consultation_{act}", "new", of_case(f"cases:consultation_{act}", "consulted"))
        for act in ("deliver", "opinion", "lapse", "end")
    ),
    *(
        Visit(
            f"cases:consultation_{act}",
            "wrong",
            of_case(f"cases:consultation_{act}", "consulted"),
            then=send_empty,
        )
        for act in ("deliver", "opinion", "lapse", "end")
    ),
    Visit("cases:fee_ask", "new", of_case("cases:fee_ask", "soon")),
    Visit(
        "cases:fee_ask",
        "calculated",
        lambda world: (
            f"{of_case('cases:fee_ask', 'soon')(world)}?scheme=pages&pages=230&nth=45&on=2025-10-20"
        ),
    ),
    Visit("cases:fee_ask", "wrong", of_case("cases:fee_ask", "soon"), then=send_empty),
    *(
        Visit(f"cases:fee_{act}", "new", of_case(f"cases:fee_{act}", "fee"))
        for act in ("deliver", "receive", "give_up")
    ),
    *(
        Visit(f"cases:fee_{act}", "wrong", of_case(f"cases:fee_{act}", "fee"), then=send_empty)
        for act in ("deliver", "receive", "give_up")
    ),
    Visit("cases:fee_calculator", "the month", plain("cases:fee_calculator")),
    Visit(
        "cases:fee_calculator",
        "calculated",
        plain("cases:fee_calculator", "?pieces=45&pages=230&month=2025-09"),
    ),
    Visit("cases:fee_calculator", "wrong", plain("cases:fee_calculator", "?pieces=x&month=y")),
    Visit("cases:fee_calculator", "empty", plain("cases:fee_calculator"), "newcomer"),
    Visit("cases:reply", "new", of_case("cases:reply", "soon")),
    Visit("cases:reply", "chosen", of_case("cases:reply", "soon"), then=choose_outcome),
    Visit("cases:reply", "wrong", of_case("cases:reply", "soon"), then=send_empty),
    Visit("cases:ask_correction", "new", of_case("cases:ask_correction", "open")),
    Visit("cases:ask_correction", "warned", of_case("cases:ask_correction", "soon")),
    Visit(
        "cases:ask_correction", "wrong", of_case("cases:ask_correction", "open"), then=send_empty
    ),
    Visit("cases:receive_correction", "late", of_case("cases:receive_correction", "correction")),
    Visit("cases:give_up_correction", "new", of_case("cases:give_up_correction", "correction")),
    Visit("cases:extend", "new", of_case("cases:extend", "open")),
    Visit("cases:extend", "too late", of_case("cases:extend", "late")),
    Visit("cases:extend", "wrong", of_case("cases:extend", "open"), then=send_empty),
    Visit("cases:ask_reasons", "new", of_case("cases:ask_reasons", "open")),
    Visit("cases:receive_reasons", "new", of_case("cases:receive_reasons", "reasons asked")),
    Visit(
        "cases:receive_reasons",
        "wrong",
        of_case("cases:receive_reasons", "reasons asked"),
        then=send_empty,
    ),
    Visit("cases:detail", "next step", of_case("cases:detail", "reasons given")),
    Visit("cases:delay", "new", of_case("cases:delay", "reasons given")),
    Visit("cases:delay", "wrong", of_case("cases:delay", "reasons given"), then=send_empty),
    Visit("cases:withdraw", "new", of_case("cases:withdraw", "open")),
    Visit("cases:withdraw", "wrong", of_case("cases:withdraw", "open"), then=send_empty),
    # before it goes out
    *(
        Visit("cases:detail", state, of_case("cases:detail", state))
        for state in ("drafted", "in review", "signed")
    ),
    Visit("cases:reply", "as signed", of_case("cases:reply", "signed")),
    Visit("cases:reply", "as signed, wrong", of_case("cases:reply", "signed"), then=send_empty),
    Visit("cases:draft", "new", of_case("cases:draft", "open")),
    Visit("cases:draft", "on to review", of_case("cases:draft", "drafted")),
    Visit("cases:submit", "new", of_case("cases:submit", "drafted")),
    Visit("cases:review", "new", of_case("cases:review", "in review")),
    Visit(
        "cases:review",
        "earlier replies",
        of_case("cases:review", "in review"),
        then=see_earlier,
    ),
    Visit("cases:send_back", "wrong", of_case("cases:send_back", "in review"), then=send_empty),
    Visit("cases:record_signature", "new", of_case("cases:record_signature", "in review")),
    Visit(
        "cases:record_signature",
        "wrong",
        of_case("cases:record_signature", "in review"),
        then=send_empty,
    ),
    Visit("cases:recall", "new", of_case("cases:recall", "in review")),
    Visit("cases:approval", "under way", of_case("cases:approval", "in review")),
    Visit("cases:approval", "signed", of_case("cases:approval", "signed"), printed=True),
    Visit("cases:list", "to be signed", plain("cases:list", "?signoff=mine")),
    *(
        Visit("cases:guide", shows, of_guide(said))
        for shows, said in (
            ("first question", ""),
            ("lost", "?said=clear.nonsense"),
            ("an act first", "?said=clear.yes.no.own.found.third.ask"),
            ("an outcome", "?said=clear.yes.no.own.found.secret.whole"),
            ("what makes room for the act", "?said=clear.yes.delay"),
            ("an outcome with an act of its own", "?said=withdrawn"),
        )
    ),
    Visit("cases:chains", "some", plain("cases:chains"), "supervisor"),
    Visit(
        "cases:chain",
        "set",
        lambda world: reverse("cases:chain", args=[world.tree.town.pk]),
        "supervisor",
    ),
    Visit("cases:serve", "new", of_case("cases:serve", "unserved")),
    Visit("cases:serve", "wrong", of_case("cases:serve", "unserved"), then=send_empty),
    Visit("cases:assign", "new", of_case("cases:assign", "open")),
    Visit("cases:assign", "handed on", of_case("cases:assign", "assigned")),
    Visit("cases:assign", "wrong", of_case("cases:assign", "open"), then=send_empty),
    Visit(
        "cases:assign_row", "in its row", plain("cases:list", "?state=unassigned"), then=open_row
    ),
    Visit("cases:detail", "assigned", of_case("cases:detail", "assigned")),
    Visit("cases:accept", "new", of_case("cases:accept", "assigned")),
    Visit("cases:refuse_assignment", "new", of_case("cases:refuse_assignment", "assigned")),
    Visit(
        "cases:refuse_assignment",
        "wrong",
        of_case("cases:refuse_assignment", "assigned"),
        then=send_empty,
    ),
    Visit("cases:hand_over", "whose", plain("cases:hand_over")),
    Visit("cases:hand_over", "a list", plain("cases:hand_over", "?q=甲路")),
    Visit("cases:hand_over", "wrong", plain("cases:hand_over", "?q=甲路"), then=send_empty),
    Visit("cases:hand_over", "nothing", plain("cases:hand_over", "?state=closed")),
    Visit("cases:deputies", "one runs", plain("cases:deputies")),
    Visit("cases:deputies", "none", plain("cases:deputies"), "newcomer"),
    Visit("cases:deputy_new", "new", plain("cases:deputy_new")),
    Visit("cases:deputy_new", "wrong", plain("cases:deputy_new"), then=send_empty),
    Visit("cases:application_form", "spoken", of_case("cases:application_form", "spoken")),
    Visit(
        "cases:application_form",
        "spoken",
        of_case("cases:application_form", "spoken"),
        printed=True,
    ),
    Visit("cases:detail", "spoken", of_case("cases:detail", "spoken")),
    *(
        Visit(f"cases:{verb}", shows, of_case(f"cases:{verb}", state), then=then)
        for verb, state in (
            ("sign_mail", "closed"),
            ("return_mail", "closed"),
            ("reopen", "reopened"),
            ("reply_again", "reopened"),
            ("consult", "reopened"),
            ("put_right", "paused"),
            ("revoke", "closed"),
            ("serve", "replied again"),
        )
        for shows, then in (("new", None), ("wrong", send_empty))
    ),
    Visit("cases:draft", "reopened", of_case("cases:draft", "reopened")),
    Visit("cases:detail", "put right", of_case("cases:detail", "replied again")),
    Visit("cases:folder", "closed", of_case("cases:folder", "closed")),
    Visit("cases:folder", "closed", of_case("cases:folder", "documents"), printed=True),
    Visit("cases:folder", "not yet", of_case("cases:folder", "open")),
    Visit("cases:amend", "new", of_case("cases:amend", "closed")),
    Visit("cases:amend", "wrong", of_case("cases:amend", "closed"), then=send_empty),
    Visit("cases:amend", "moves", of_case("cases:amend", "soon"), then=move_receipt),
    Visit("cases:void", "new", of_case("cases:void", "open")),
    Visit("cases:void", "wrong", of_case("cases:void", "open"), then=send_empty),
    Visit("cases:term_sheet", "paused", of_case("cases:term_sheet", "paused")),
    Visit("cases:term_sheet", "closed", of_case("cases:term_sheet", "closed"), printed=True),
    Visit("cases:term_sheet", "unconfirmed", of_case("cases:term_sheet", "unconfirmed")),
    # the calendar, reminders, lamps
    Visit("cases:calendar", "published", plain("cases:calendar", "?year=2025")),
    Visit("cases:calendar", "published", plain("cases:calendar", "?year=2025"), printed=True),
    Visit("cases:calendar", "no schedule", plain("cases:calendar", "?year=2026"), "supervisor"),
    *(
        Visit(
            "cases:calendar_enter", shows, plain("cases:calendar_enter", year), "supervisor", then
        )
        for shows, year, then in (
            ("new", "?year=2026", None),
            ("wrong", "?year=2026", check_nothing),
            ("checked", "?year=2026", check_schedule),
            ("correcting", "?year=2025", None),
        )
    ),
    Visit("cases:notices", "filled", plain("cases:notices")),
    Visit("cases:notices", "none", plain("cases:notices"), "newcomer"),
    Visit("cases:notice_address", "new", plain("cases:notice_address")),
    Visit(
        "cases:notice_address", "wrong", plain("cases:notice_address"), then=send("email", "wu@")
    ),
    Visit("cases:lamp_settings", "filled", plain("cases:lamp_settings"), "supervisor"),
    *(
        Visit(
            "cases:lamp_setting",
            shows,
            lambda world: reverse("cases:lamp_setting", args=[world.tree.housing.pk]),
            "supervisor",
            then,
        )
        for shows, then in (("new", None), ("wrong", send("green_from", "1")))
    ),
    # beside the clock
    Visit("cases:detail", "records", of_case("cases:detail", "recorded")),
    Visit("cases:detail", "records", of_case("cases:detail", "recorded"), printed=True),
    Visit("cases:detail", "split", of_case("cases:detail", "same applicant")),
    Visit("cases:detail", "earlier", of_case("cases:detail", "recorded"), then=see_earlier),
    *(
        Visit(f"cases:{name}", "new", of_case(f"cases:{name}", "recorded"))
        for name in BESIDE_THE_CLOCK
    ),
    *(
        Visit(f"cases:{name}", "wrong", of_case(f"cases:{name}", "recorded"), then=send_empty)
        for name in BESIDE_THE_CLOCK
    ),
    Visit("cases:split", "more rows", of_case("cases:split", "recorded"), then=ask_for_more),
    Visit("cases:reply", "others too", of_case("cases:reply", "recorded"), then=choose_outcome),
    Visit("cases:reply", "earlier", of_case("cases:reply", "recorded"), then=see_earlier),
    Visit("cases:earlier_of", "filled", of_case("cases:earlier_of", "recorded")),
    Visit("cases:earlier_of", "none", of_case("cases:earlier_of", "unserved")),
    Visit("cases:earlier", "beside", plain("cases:register"), then=see_earlier_of_typed),
    # documents
    Visit("cases:keep_document", "new", of_case("cases:keep_document", "open")),
    Visit("cases:keep_document", "wrong", of_case("cases:keep_document", "open"), then=send_empty),
    Visit("cases:detail", "documents", of_case("cases:detail", "documents")),
    Visit("cases:withdraw_document", "new", of_document("cases:withdraw_document")),
    Visit(
        "cases:withdraw_document", "wrong", of_document("cases:withdraw_document"), then=send_empty
    ),
    # letters
    Visit("cases:make_letter", "which", of_case("cases:make_letter", "documents")),
    Visit("cases:make_letter", "called for", of_case("cases:make_letter", "reasons asked")),
    Visit("cases:make_letter", "reply", of_letter("reply")),
    Visit("cases:make_letter", "whom too", of_letter("reply&outcome=granted", "recorded")),
    Visit("cases:make_letter", "with blanks", of_letter("correction")),
    Visit("cases:make_letter", "a form", of_letter("service")),
    Visit("cases:make_letter", "wrong", of_letter("correction"), then=send_empty),
    Visit("cases:replace_letter", "new", of_made_letter("cases:replace_letter")),
    Visit("cases:replace_letter", "wrong", of_made_letter("cases:replace_letter"), then=send_empty),
    Visit("cases:letter_setup", "organs", plain("cases:letter_setup")),
    Visit("cases:letter_setup", "all of it", plain("cases:letter_setup"), "administrator"),
    Visit("cases:letter_setup_of", "own template", of_organ("cases:letter_setup_of")),
    Visit("cases:letter_replies", "by outcome", of_organ("cases:letter_replies")),
    Visit("cases:set_series", "new", of_organ("cases:set_series")),
    Visit("cases:set_contact", "new", of_organ("cases:set_contact")),
    Visit("cases:set_contact", "wrong", of_organ("cases:set_contact"), then=send_empty),
    Visit("cases:set_review_organ", "new", of_organ("cases:set_review_organ")),
    Visit("cases:set_review_organ", "wrong", of_organ("cases:set_review_organ"), then=send_empty),
    Visit("cases:set_template", "new", of_organ("cases:set_template", "reply")),
    Visit("cases:set_template", "one outcome", of_organ("cases:set_template", "reply-partial")),
    Visit("cases:set_template", "wrong", of_organ("cases:set_template", "reply"), then=send_empty),
    Visit("cases:remedy_new", "new", plain("cases:remedy_new"), "administrator"),
    Visit("cases:remedy_new", "wrong", plain("cases:remedy_new"), "administrator", send_empty),
    Visit("cases:remedy_amend", "new", of_remedy, "administrator"),
    # proceedings
    Visit("cases:proceeding_new", "new", plain("cases:proceeding_new")),
    Visit("cases:proceeding_new", "wrong", plain("cases:proceeding_new"), then=send_empty),
    Visit(
        "cases:proceeding_new",
        "a year that is public",
        plain("cases:proceeding_new"),
        then=enter_late,
    ),
    Visit("cases:proceeding_amend", "new", of_proceeding("cases:proceeding_amend")),
    Visit(
        "cases:proceeding_amend", "wrong", of_proceeding("cases:proceeding_amend"), then=send_empty
    ),
    Visit("cases:proceeding_bundle", "no documents", of_proceeding("cases:proceeding_bundle")),
    Visit("cases:proceeding_bundle", "documents", bundle_of_documents),
    Visit("cases:proceeding_bundle", "documents", bundle_of_documents, printed=True),
    Visit("cases:proceeding_bundle", "wrong", bundle_of_documents, then=prove_by_a_number),
    # ledgers in
    Visit("cases:imports", "filled", plain("cases:imports")),
    Visit("cases:imports", "empty", plain("cases:imports"), "newcomer"),
    Visit("cases:import_new", "new", plain("cases:import_new")),
    *(
        Visit("cases:import", which, of_upload("cases:import", which))
        for which in ("imported", "new", "at odds", "late", "wrong", "unreadable")
    ),
    Visit("cases:import_columns", "a column unknown", of_upload("cases:import_columns", "new")),
    Visit("reports:ledger_table", "beside", of_upload("reports:ledger_table", "imported")),
    # jobs
    *(Visit("cases:job", state, of_job(state), "supervisor") for state in JobState),
    # the tables
    Visit("reports:annual_table", "computed", of_table("computed"), "supervisor"),
    Visit("reports:annual_table", "computed", of_table("computed"), "supervisor", printed=True),
    Visit("reports:annual_table", "cell open", of_table("computed", CELL), "supervisor"),
    Visit("reports:annual_table", "checks broken", of_table("broken"), "supervisor"),
    Visit("reports:annual_table", "being computed", of_table("running"), "supervisor"),
    Visit("reports:annual_table", "format of 2019", of_table("older format"), "supervisor"),
    Visit(
        "reports:annual_table", "not computed", plain("reports:annual_table", "?year=2024"), "clerk"
    ),
    Visit(
        "reports:annual_table",
        "wrong dates",
        plain("reports:annual_table", "?period=dates&from=1.4&to=2025-13-01"),
        "supervisor",
    ),
    Visit("reports:annual_table", "empty", plain("reports:annual_table"), "newcomer"),
    # the annual report
    Visit("reports:report", "written", of_report("written")),
    Visit("reports:report", "written", of_report("written"), printed=True),
    Visit("reports:report", "a finding lit", of_report("written"), then=look_at_finding),
    Visit("reports:report", "a warning to accept", of_report("written"), then=open_judgement),
    Visit("reports:report", "cases of a cell", of_report_cell("confirmed")),
    Visit("reports:report", "published", of_report("published")),
    Visit("reports:report", "roll-up", of_report("roll-up"), "supervisor"),
    Visit("reports:report", "parts of a cell", of_report_cell("roll-up"), "supervisor"),
    Visit("reports:report", "not begun", of_report("none"), "newcomer"),
    Visit("reports:report_texts", "written", of_report("written", "report_texts")),
    Visit("reports:report_section_two", "written", of_report("written", "report_section_two")),
    Visit(
        "reports:report_section_two",
        "wrong",
        of_report("written", "report_section_two"),
        then=type_no_figure,
    ),
    Visit(
        "reports:report_section_two",
        "roll-up",
        of_report("roll-up", "report_section_two"),
        "supervisor",
    ),
    Visit(
        "reports:report_central",
        "new",
        of_report("roll-up", "report_central", row="normative_documents", column="made_this_year"),
        "supervisor",
    ),
    Visit("reports:report_tie", "broken", of_report("written", "report_tie")),
    Visit("reports:report_judge", "a warning", of_judgement),
    Visit("reports:report_judge", "wrong", of_report("written"), then=pass_without_reason),
    Visit("reports:report_step", "confirm", of_report_step("written", "confirm")),
    Visit(
        "reports:report_step", "send back", of_report_step("confirmed", "send-back"), "supervisor"
    ),
    Visit(
        "reports:report_step",
        "send back, wrong",
        of_report_step("confirmed", "send-back"),
        "supervisor",
        send_empty,
    ),
    Visit("reports:report_publish", "new", of_report("accepted", "report_publish")),
    Visit(
        "reports:report_publish", "wrong", of_report("accepted", "report_publish"), then=send_empty
    ),
    Visit("reports:report_correct", "new", of_report("published", "report_correct")),
    Visit(
        "reports:report_correct", "wrong", of_report("published", "report_correct"), then=send_empty
    ),
    Visit("reports:published", "as it is", of_report("published", "published", revision=1)),
    Visit(
        "reports:published",
        "printed",
        of_report("published", "published", revision=1),
        printed=True,
    ),
    Visit("reports:published", "differs now", of_report("confirmed", "published", revision=1)),
    Visit("reports:enter_published", "again", of_report("before", "enter_published")),
    Visit(
        "reports:enter_published",
        "wrong",
        of_report("before", "enter_published"),
        then=type_no_figure,
    ),
    Visit("reports:cell", "cases", of_table("computed", CELL, "reports:cell"), "supervisor"),
    # the page of a period
    Visit(
        "reports:briefing", "filled", of_table("computed", name="reports:briefing"), "supervisor"
    ),
    Visit(
        "reports:briefing",
        "filled",
        of_table("computed", name="reports:briefing"),
        "supervisor",
        printed=True,
    ),
    Visit("reports:briefing", "empty", plain("reports:briefing"), "newcomer"),
    Visit(
        "reports:briefing",
        "wrong dates",
        plain("reports:briefing", "?period=dates&from=1.4&to=2025-13-01"),
        "supervisor",
    ),
    # the year's call
    Visit("reports:call", "called", plain("reports:call"), "supervisor"),
    Visit("reports:closing", "found", of_report("written", "closing")),
    Visit("reports:closing", "roll-up", of_report("roll-up", "closing"), "supervisor"),
    Visit("reports:call", "proposed", plain("reports:call", "?year=2025"), "supervisor"),
    Visit("reports:call", "wrong", plain("reports:call"), "supervisor", send_empty),
    Visit("reports:board", "all", plain("reports:board"), "supervisor", open_details),
    Visit("reports:board", "some", plain("reports:board", "?show=late"), "supervisor"),
    Visit("reports:board", "none", plain("reports:board", "?show=changed"), "supervisor"),
    Visit("reports:board", "wrong", plain("reports:board"), "supervisor", return_unsaid),
    Visit("reports:parts", "some missing", of_parts(), "supervisor"),
    Visit("reports:parts", "added up", of_parts("&year=2025"), "supervisor"),
    # the yearly figures
    Visit("reports:facts", "filled", of_organ("reports:facts", "2025")),
    Visit("reports:facts", "wrong", of_organ("reports:facts", "2025"), then=tell_wrongly),
    Visit("reports:facts", "none asked", none_asked, "newcomer"),
    Visit("reports:fact_board", "an area", plain("reports:fact_board"), "supervisor"),
    Visit("reports:fact_board", "an organ", of_housing("reports:fact_board")),
    Visit("reports:fact_board", "nothing asked", plain("reports:fact_board"), "newcomer"),
    Visit("reports:fact_kinds", "filled", plain("reports:fact_kinds"), "supervisor"),
    Visit("reports:fact_kinds", "empty", plain("reports:fact_kinds"), "newcomer"),
    Visit("reports:fact_kind_new", "new", of_organ("reports:fact_kind_new")),
    Visit("reports:fact_kind_new", "wrong", of_organ("reports:fact_kind_new"), then=send_empty),
    Visit("reports:fact_kind", "new", of_fact_kind),
    Visit("reports:fact_kind", "wrong", of_fact_kind, then=send_empty),
    Visit("reports:hand_in", "nothing yet", of_hand_in("reports:hand_in"), "supervisor"),
    Visit("reports:hand_in", "handed in", of_hand_in("reports:hand_in", 2023), "supervisor"),
    Visit("reports:hand_in", "wrong", of_hand_in("reports:hand_in"), "supervisor", send_nothing),
    Visit("reports:hand_in", "not asked for", plain("reports:hand_in"), "newcomer"),
    Visit("reports:hand_in_typed", "new", of_hand_in("reports:hand_in_typed"), "supervisor"),
    Visit(
        "reports:hand_in_typed",
        "wrong",
        of_hand_in("reports:hand_in_typed"),
        "supervisor",
        send_empty,
    ),
    Visit(
        "reports:hand_in_typed",
        "looked at",
        of_hand_in("reports:hand_in_typed", 2023),
        "supervisor",
        look_at_typed,
    ),
    # what goes wrong
    Visit("", "403", plain("cases:list"), "administrator"),
    Visit("", "404", lambda world: "/cases/987654321/"),
    Visit("", "400", plain("login"), "nobody", alone("400.html")),
    Visit("", "500", plain("login"), "nobody", alone("500.html")),
    Visit("", "form expired", plain("login"), "nobody", alone("403_csrf.html")),
)

# Named addresses that draw no page of their own.
NO_PAGES = frozenset(
    {
        "logout",
        "session",  # JSON, for form.js
        "healthz",
        "readyz",
        "cases:job_file",
        "cases:document",  # the file itself
        "cases:default_letter",  # a file
        "cases:give_up_template",
        "cases:find",  # sends on to the list
        "cases:find_proceedings",
        "cases:notice_seen",
        "cases:notices_seen",
        "cases:saved_list_delete",
        "cases:deputy_end",
        "cases:folder_file",  # sends the file of a folder
        "cases:import_plan",
        "cases:import_confirm",  # draws the page of the import
        "cases:import_discard",
        "cases:import_file",
        "cases:import_errors",
        "reports:board_file",
        "reports:board_step",  # draws the board
        "reports:hand_in_template",  # a file
        "reports:hand_in_store",  # draws the page of handing in
        "reports:compute",
        "reports:workbook",
        "reports:briefing_file",
        "reports:find_report",
        "reports:report_begin",
        "reports:outcome_row",  # the fragment #goes of the reply
        "reports:fact_board_file",
        "reports:fact_kind_remove",
        "reports:fact_kinds_take",
    }
)
