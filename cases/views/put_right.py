"""Put right or revoke an event of the course: what stood before stays to be seen."""

from __future__ import annotations

from typing import Any

from cases import workflow
from cases.forms.base import CaseForm
from cases.forms.put_right import PutRightForm, RevokeForm
from cases.models import Case
from cases.permissions import Act
from cases.preview import preview_of_event
from cases.views.acting import act_view

RULE = {
    PutRightForm: "原来的记录不会改动，留在办理经过里并注明已更正；期限按更正后的日期重新计算。"
    "登记和答复的内容在“更正”里改。",
    RevokeForm: "只撤销没有发生过的事。原来的记录留在办理经过里并注明已撤销，不再计算期限。",
}


def _page(case: Case, form: CaseForm) -> dict[str, Any]:
    assert isinstance(form, PutRightForm | RevokeForm)
    watched = [name for name in ("event", "on", "days", "day") if name in form.fields]
    preview = preview_of_event(case, form.event_so_far(), today=form.today, watched=watched)
    return {"rule": RULE[type(form)], "preview": preview}


put_right = act_view(
    Act.PUT_RIGHT,
    workflow.put_right,
    PutRightForm,
    said=lambda case: f"{case.number} 已更正记录。",
    page=_page,
)

revoke = act_view(
    Act.REVOKE,
    workflow.revoke,
    RevokeForm,
    said=lambda case: f"{case.number} 已撤销记录。",
    page=_page,
)
