"""After the reply: the post signed for or returned, and a reply again where one is ordered."""

from __future__ import annotations

from typing import Any

from cases import workflow
from cases.forms.acts import usual_method
from cases.forms.afterwards import ReopenForm, ReplyAgainForm, ReturnMailForm, SignMailForm
from cases.forms.base import ActForm
from cases.models import Case
from cases.models.calendar import load_calendar
from cases.permissions import Act
from cases.views.acting import act_view
from cases.workflow.service import service_of


def _posted(case: Case, form: ActForm) -> dict[str, Any]:
    service = service_of(case, case.events.all())
    which = "" if service.again is None else "重新作出的答复书 "
    return {"rule": f"{which}{service.served_on} 交邮。是否按时以送达成功的那一次的交邮日认定。"}


def _mail_number(case: Case) -> dict[str, Any]:
    """The number that was noted when the reply went out."""
    return {"mail_number": service_of(case, case.events.all()).mail_number}


sign_mail = act_view(
    Act.SIGN_MAIL,
    workflow.sign_mail,
    SignMailForm,
    said=lambda case: f"{case.number} 已登记妥投。",
    first=lambda case, today: {"on": today, **_mail_number(case)},
    page=_posted,
)

return_mail = act_view(
    Act.RETURN_MAIL,
    workflow.return_mail,
    ReturnMailForm,
    said=lambda case: f"{case.number} 已登记退件，须重新送达。",
    first=lambda case, today: {"on": today, **_mail_number(case)},
    page=_posted,
)

reopen = act_view(
    Act.REOPEN,
    workflow.reopen,
    ReopenForm,
    said=lambda case: f"{case.number} 须在 {load_calendar().said(case.again_until)} 前重新答复。",
    first=lambda case, today: {"on": today},
    page=lambda case, form: {
        "rule": "原来的答复、办结年度和统计不变，重新答复另作记录。期限再次登记的，以后一次为准。"
    },
)

reply_again = act_view(
    Act.REPLY_AGAIN,
    workflow.reply_again,
    ReplyAgainForm,
    said=lambda case: f"{case.number} 已登记重新答复{'，待送达' * bool(case.again_replied_on)}。",
    first=lambda case, today: {
        "closed_on": today,
        "served_on": today,
        "service_method": usual_method(case),
    },
    page=lambda case, form: {
        "rule": f"须在 {load_calendar().said(case.again_until)} 前重新答复并送达；"
        "尚未送出的，以后登记送达。"
        f"原答复（{case.closed_on}，{case.get_outcome_display()}）和统计不变。"
    },
)
