"""After the reply: the post signed for or returned, and a reply again where one is ordered."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from cases import workflow
from cases.choices import RoundState
from cases.forms.afterwards import ReopenForm, ReplyAgainForm, ReturnMailForm, SignMailForm
from cases.forms.base import ActForm
from cases.forms.signoff import SignedReplyForm
from cases.models import Case, SignOffRound
from cases.models.calendar import load_calendar
from cases.permissions import Act
from cases.views.acting import act_view
from cases.views.acts import reply_values, signed_page
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


def _said_again(case: Case) -> str:
    return f"{case.number} 已登记重新答复{'，待送达' * bool(case.again_replied_on)}。"


_again_at_once = act_view(
    Act.REPLY_AGAIN,
    workflow.reply_again,
    ReplyAgainForm,
    said=_said_again,
    first=lambda case, today: {**reply_values(case, today), "served_on": today},
    page=lambda case, form: {
        "rule": f"须在 {load_calendar().said(case.again_until)} 前重新答复并送达；"
        "尚未送出的，以后登记送达。"
        f"原答复（{case.closed_on}，{case.get_outcome_display()}）和统计不变。"
    },
)

# The content has been signed, as with `acts.reply`.
_again_as_signed = act_view(
    Act.REPLY_AGAIN,
    workflow.reply_again,
    SignedReplyForm,
    said=_said_again,
    template="cases/reply_signed.html",
    first=reply_values,
    page=lambda case, form: {**signed_page(case, form), "submit_label": "重新答复"},
)


def reply_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The new reply; of a signed draft what is left of it. Both views ask who may see the case."""
    rounds = SignOffRound.objects.filter(case=pk, state=RoundState.SIGNED, again=True)
    return (_again_as_signed if rounds.exists() else _again_at_once)(request, pk)
