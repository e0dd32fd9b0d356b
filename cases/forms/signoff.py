"""Draft, submit, sign, send back, recall: one form for each act; and the chain of a department."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField

from cases.choices import Outcome, ServiceMethod, Signers, SignOffKind
from cases.documents.types import ACCEPTED
from cases.forms.acts import NOT_SERVED, FromSearches, ReplyForm, WithOthers
from cases.forms.base import ActForm, CaseForm, DayField, say_errors, text_area
from cases.forms.papers import UploadForm
from cases.lookups import signers_for
from cases.models import Department
from cases.signoff import POINTS, draft_of, version_of
from cases.workflow import WantedStep
from cases.workflow.signoff import told_chain

LONGEST_COMMENT = 500
NO_PERSONAL_DATA = "会写入办理经过；不要写电话号码等个人信息"


class SeesDraft(CaseForm):
    """A form that knows which draft its user saw, beside which case; 0 for none."""

    draft_version = forms.IntegerField(widget=forms.HiddenInput)

    def put(self, name: str, value: object) -> None:
        """With the version of the case the draft's goes on too, once its user has seen why."""
        super().put(name, value)
        if name == "version":
            super().put("draft_version", version_of(draft_of(self.case)))

    def full_clean(self) -> None:
        super().full_clean()
        if "draft_version" in self.errors:
            super().put("draft_version", self.initial["draft_version"])


class DraftForm(FromSearches, SeesDraft):
    """The fields of a reply, none of which is needed yet."""

    outcome = forms.ChoiceField(
        label="答复类型", choices=Outcome.choices, widget=forms.RadioSelect, required=False
    )
    closed_on = DayField(label="拟答复日期", required=False, to_come=True)
    reply_number = forms.CharField(label="文号", max_length=80, required=False)
    service_method = forms.ChoiceField(
        label="送达方式", choices=[NOT_SERVED, *ServiceMethod.choices], required=False
    )
    reply_reasons = forms.CharField(
        label="检索情况与理由", widget=text_area(8), required=False, max_length=20_000
    )


class SubmitForm(WithOthers, SeesDraft):
    pass


class SignForm(CaseForm):
    checked = forms.MultipleChoiceField(
        label="核对",
        choices=list(POINTS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    comment = forms.CharField(
        label="审核意见",
        widget=text_area(4),
        required=False,
        max_length=LONGEST_COMMENT,
        help_text=f"退回修改的须写明；{NO_PERSONAL_DATA}",
    )


class SendBackForm(CaseForm):
    comment = forms.CharField(
        label="审核意见",
        widget=text_area(4),
        max_length=LONGEST_COMMENT,
        help_text=f"写明要改什么；{NO_PERSONAL_DATA}",
    )


class RecordSignatureForm(UploadForm):
    signed_name = forms.CharField(label="审批人", max_length=60)
    signed_on = DayField(label="审批日期", help_text="纸质审批单或办公系统上的日期")
    comment = forms.CharField(
        label="审批意见",
        widget=text_area(3),
        required=False,
        max_length=LONGEST_COMMENT,
        help_text=NO_PERSONAL_DATA,
    )
    uploads = forms.FileField(
        label="扫描件",
        required=False,
        allow_empty_file=True,  # the workflow says which file is empty
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text="审批单的扫描件或办公系统的截图，存入这件申请的材料",
    )


class RecallForm(CaseForm):
    reason = forms.CharField(
        label="撤回原因",
        widget=text_area(2),
        required=False,
        max_length=LONGEST_COMMENT,
        help_text=NO_PERSONAL_DATA,
    )


class SignedReplyForm(CaseForm):
    """A reply whose content has been signed: what is left is its day, its number and service."""

    closed_on = ReplyForm.declared_fields["closed_on"]
    reply_number = ReplyForm.declared_fields["reply_number"]
    service_method = ReplyForm.declared_fields["service_method"]
    served_on = ReplyForm.declared_fields["served_on"]
    mail_number = ReplyForm.declared_fields["mail_number"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.case.live_round and self.case.live_round.content["reply_number"]:
            del self.fields["reply_number"]


class ChainForm(ActForm):
    """The steps of a department: for each kind its place, whose it is, and who by name."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, department: Department, **options: Any) -> None:
        self.people = signers_for(department)
        initial = chain_values(department) | options.pop("initial", {})
        super().__init__(*args, initial=initial, **options)
        for kind in SignOffKind:
            self._add_fields(kind)
        say_errors(self)

    def _add_fields(self, kind: SignOffKind) -> None:
        places = [(str(n), f"第 {n} 步") for n in range(1, len(SignOffKind) + 1)]
        self.fields[f"{kind}_place"] = forms.ChoiceField(
            label=f"{kind.label}的次序", choices=[("", "不需要"), *places], required=False
        )
        self.fields[f"{kind}_who"] = forms.ChoiceField(
            label=f"{kind.label}由谁审核", choices=Signers.choices
        )
        self.fields[f"{kind}_signers"] = forms.ModelMultipleChoiceField(
            label=f"{kind.label}的指定人员",
            queryset=self.people,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def rows(self) -> list[tuple[str, BoundField, BoundField, BoundField]]:
        """As the page draws them: the name of a kind and its three fields."""
        return [
            (str(kind.label), self[f"{kind}_place"], self[f"{kind}_who"], self[f"{kind}_signers"])
            for kind in SignOffKind
        ]

    def clean(self) -> None:
        taken: dict[str, SignOffKind] = {}
        for kind in SignOffKind:
            place = self.cleaned_data.get(f"{kind}_place", "")
            if place and place in taken:
                sentence = f"与{taken[place].label}排在同一步，请改一个次序。"
                self.add_error(f"{kind}_place", sentence)
            taken.setdefault(place, kind)

    def steps(self) -> list[WantedStep]:
        said = self.cleaned_data
        chosen = [kind for kind in SignOffKind if said[f"{kind}_place"]]
        chosen.sort(key=lambda kind: int(said[f"{kind}_place"]))
        return [
            WantedStep(kind, Signers(said[f"{kind}_who"]), list(said[f"{kind}_signers"]))
            for kind in chosen
        ]


def chain_values(department: Department) -> dict[str, Any]:
    """What the form starts with: the chain as it stands."""
    values: dict[str, Any] = {"seen": told_chain(department)}
    for kind in SignOffKind:
        values[f"{kind}_who"] = Signers.HEADS
    for step in department.sign_off_steps.prefetch_related("signers"):
        values[f"{step.kind}_place"] = str(step.order)
        values[f"{step.kind}_who"] = step.who
        values[f"{step.kind}_signers"] = [signer.pk for signer in step.signers.all()]
    return values
