"""The menu of every page. It stands here so that the apps need not know each other's pages."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from cases.models import User
from cases.notices import unseen_count
from cases.permissions import Act, can_anywhere, only_oversees


class Entry(NamedTuple):
    label: str
    url: str
    current: bool


class Page(NamedTuple):
    label: str
    name: str
    act: Act | None  # what one must be allowed somewhere to be shown it
    under: tuple[str, ...] = ()  # further pages on which it is the current entry


HOME = Page("我的工作", "cases:home", None, ("cases:monday",))
PAGES = (
    Page("全局", "reports:overview", Act.OVERSEE, ("reports:overview_cases",)),
    HOME,
    Page(
        "申请件",
        "cases:list",
        Act.SEE_TABLE,
        (
            *(
                f"cases:{name}"
                for name in (
                    *("detail", "applicant", "confirm", "reply", "serve", "amend", "void"),
                    *("assign", "accept", "refuse_assignment", "hand_over", "application_form"),
                    *("consult", "consultation_deliver", "consultation_opinion"),
                    *("consultation_lapse", "consultation_end"),
                    *("fee_ask", "fee_deliver", "fee_receive", "fee_give_up", "fee_calculator"),
                    *("keep_document", "withdraw_document"),
                    *("sign_mail", "return_mail", "reopen", "reply_again", "folder"),
                    *("make_letter", "replace_letter"),
                    *("columns", "export", "saved_lists", "saved_list_new", "saved_list_rename"),
                    *("term_sheet",),
                    *("guide", "draft", "submit", "review", "send_back", "recall"),
                    *("record_signature", "approval"),
                    *("imports", "import_new", "import", "import_columns", "import_confirm"),
                )
            ),
            "reports:ledger_table",
        ),
    ),
    Page("登记申请", "cases:register", Act.REGISTER),
    Page(
        "复议诉讼",
        "cases:proceedings",
        Act.SEE_TABLE,
        ("cases:proceeding_new", "cases:proceeding_amend", "cases:proceeding_bundle"),
    ),
    Page("年度表", "reports:annual_table", Act.SEE_TABLE, ("reports:cell",)),
    Page(
        "年度报告",
        "reports:find_report",
        Act.SEE_TABLE,
        tuple(
            f"reports:{name}"
            for name in (
                *("report", "report_texts", "report_section_two", "report_central", "report_tie"),
                *("report_step", "report_publish", "report_correct", "report_judge"),
                *("published", "enter_published", "closing", "board", "call", "parts"),
                *("hand_in", "hand_in_typed"),
                *("facts", "fact_board", "fact_kinds", "fact_kind_new", "fact_kind"),
            )
        ),
    ),
    Page("统计简报", "reports:briefing", Act.SEE_TABLE),
    Page("审核环节", "cases:chains", Act.SET_CHAIN, ("cases:chain",)),
    Page(
        "文书设置",
        "cases:letter_setup",
        Act.SET_UP_LETTERS,
        tuple(
            f"cases:{name}"
            for name in (
                *("letter_setup_of", "set_series", "set_review_organ", "set_template"),
                *("set_contact", "letter_replies", "remedy_new", "remedy_amend"),
            )
        ),
    ),
)


def menu(request: HttpRequest) -> dict[str, object]:
    """`nav`, the entries for this user; `brand_sub`, the user's organ; `role_text`, the roles;
    `manages`, whether the user sets anything for a department; `unseen_notices`, how many
    reminders are unread; `has_deputies`, whether the user works cases or looks after who does.

    All are looked up when a template asks for them: a fragment has no menu.
    """
    user = getattr(request, "user", None)  # a refused host never gets as far as having one
    if user is None or not user.is_authenticated:
        return {"nav": []}
    return {
        "nav": SimpleLazyObject(lambda: entries(request, user)),
        "brand_sub": SimpleLazyObject(lambda: _organ(user)),
        "role_text": SimpleLazyObject(lambda: _roles(user)),
        "manages": SimpleLazyObject(lambda: can_anywhere(user, Act.MANAGE_DEPARTMENT)),
        "unseen_notices": SimpleLazyObject(lambda: unseen_count(user)),
        "has_deputies": SimpleLazyObject(lambda: can_anywhere(user, Act.ASSIGN)),
    }


def entries(request: HttpRequest, user: User) -> list[Entry]:
    match = request.resolver_match
    here = match.view_name if match else ""
    return [
        Entry(page.label, reverse(page.name), here == page.name or here in page.under)
        for page in PAGES
        if page.act is None or can_anywhere(user, page.act)
        if not (page == HOME and only_oversees(user))
    ]


def _organ(user: User) -> str:
    """The full name of where the user's first role stands."""
    return user.held_roles[0].organ if user.held_roles else ""


def _roles(user: User) -> str:
    return "、".join(dict.fromkeys(str(held.role.label) for held in user.held_roles))
