"""文书设置: an organ's numbers, review organ and templates; the words of remedies, for all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.documents.handler import DocumentUploadHandler
from cases.documents.types import DOCX
from cases.forms.base import ActForm, attempt
from cases.forms.letter_setup import (
    AmendRemedyForm,
    ContactForm,
    RemedyForm,
    ReviewOrganForm,
    SeriesForm,
    TemplateForm,
)
from cases.letters import setup
from cases.letters.building import default_template
from cases.letters.fields import FIELDS
from cases.letters.remedies import instances_of
from cases.letters.showing import default_file_name, organ_rows, template_rows
from cases.letters.templates import SORTS, Sort
from cases.lookups import departments_to_set_up
from cases.models import Department, LetterSeries, RemedyText
from cases.permissions import Act, can, can_anywhere, can_for_all
from cases.views.acting import form_methods
from cases.views.base import act_only, draw_form, user_of
from cases.views.uploading import read_uploads, upload_view
from cases.workflow.numbering import letter_prefix_of

NOT_YOURS = "您的角色不设置文书。需要设置的，请与系统管理员联系。"


@login_required
@require_safe
def letter_setup(request: HttpRequest) -> HttpResponse:
    """The organs one may set up, and the words of remedies."""
    user = user_of(request)
    if not can_anywhere(user, Act.SET_UP_LETTERS):
        raise PermissionDenied(NOT_YOURS)
    context = {
        "rows": organ_rows(
            departments_to_set_up(user).select_related("contact"), timezone.localdate()
        ),
        "remedies": RemedyText.objects.all(),
        "may_administer": can_for_all(user, Act.ADMINISTER),
    }
    return render(request, "cases/letters/setup.html", context)


@login_required
@require_safe
def letter_setup_of(request: HttpRequest, pk: int) -> HttpResponse:
    department = _department(request, pk)
    on, rows = timezone.localdate(), template_rows(department)
    context = {
        "department": department,
        "prefix": letter_prefix_of(department),
        "example": f"{letter_prefix_of(department)}〔{on.year}〕1号",
        "instances": instances_of(department, on),
        "organs": department.review_organs.all(),
        "templates": [row for row in rows if not row.sort.outcome],
        "by_outcome": sum(1 for row in rows if row.sort.outcome and row.own),
    }
    return render(request, "cases/letters/setup_of.html", context)


@login_required
@require_safe
def letter_replies(request: HttpRequest, pk: int) -> HttpResponse:
    """The templates of replies by outcome."""
    department = _department(request, pk)
    rows = [row for row in template_rows(department) if row.sort.outcome]
    context = {"department": department, "templates": rows}
    return render(request, "cases/letters/replies.html", context)


@login_required
@form_methods
def set_series(request: HttpRequest, pk: int) -> HttpResponse:
    department = _department(request, pk)
    own = LetterSeries.objects.filter(department=department).first()
    form = SeriesForm(request.POST or None, initial={"head": own.prefix if own else ""})

    def act() -> bool:
        setup.set_series(department, by=user_of(request), prefix=form.cleaned_data["head"])
        return True

    return _set(request, department, form, "设置文号字头", act)


@login_required
@form_methods
def set_review_organ(request: HttpRequest, pk: int) -> HttpResponse:
    department, on = _department(request, pk), timezone.localdate()
    now = instances_of(department, on)
    initial = {"name": now.review_organ, "court": now.court, "from_on": on}
    form = ReviewOrganForm(request.POST or None, initial=initial)

    def act() -> bool:
        setup.set_review_organ(department, by=user_of(request), **form.cleaned_data)
        return True

    return _set(request, department, form, "设置复议机关", act)


@login_required
@form_methods
def set_contact(request: HttpRequest, pk: int) -> HttpResponse:
    department = _department(request, pk)
    form = ContactForm(request.POST or None, initial=setup.contact_values(department))

    def act() -> bool:
        setup.set_contact(department, by=user_of(request), **form.cleaned_data)
        return True

    return _set(request, department, form, "设置联系方式", act)


@upload_view
def set_template(request: HttpRequest, pk: int, sort: str) -> HttpResponse:
    department = _department(request, pk)
    handler = DocumentUploadHandler(request)
    return read_uploads(
        request, handler, lambda request: _receive(request, department, _sort(sort), handler)
    )


def _receive(
    request: HttpRequest, department: Department, sort: Sort, handler: DocumentUploadHandler
) -> HttpResponse:
    posted = request.method == "POST"
    form = TemplateForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        refusal=handler.refusal,
    )

    def act() -> bool:
        setup.keep_template(
            department,
            by=user_of(request),
            sort=sort,
            upload=form.cleaned_data["uploads"],
            at=timezone.now(),
        )
        return True

    back = _listed(department, sort)
    page = {"multipart": True, "sort": sort, "fields": FIELDS, "cancel_url": back}
    return _set(request, department, form, "更换模板", act, page, "cases/letters/template.html")


@login_required
@act_only
def give_up_template(request: HttpRequest, pk: int, sort: str) -> HttpResponse:
    department, found = _department(request, pk), _sort(sort)
    setup.give_up_template(department, by=user_of(request), sort=found, at=timezone.now())
    messages.success(request, f"{found.label}已停用自己的模板。")
    return redirect(_listed(department, found))


@login_required
@require_safe
def default_letter(request: HttpRequest, pk: int, sort: str) -> FileResponse:
    """The default template, to begin one's own with."""
    _department(request, pk)
    found = _sort(sort)
    return FileResponse(
        BytesIO(default_template(found.kind, found.outcome)),
        as_attachment=True,
        filename=default_file_name(found),
        content_type=DOCX.content_type,
    )


@login_required
@form_methods
def remedy_new(request: HttpRequest) -> HttpResponse:
    return _remedy(request, RemedyForm(request.POST or None), RemedyText(), "新增救济途径")


@login_required
@form_methods
def remedy_amend(request: HttpRequest, pk: int) -> HttpResponse:
    remedy = get_object_or_404(RemedyText, pk=pk)
    initial = {name: getattr(remedy, name) for name in (*setup.REMEDY_FIELDS, "version")}
    form = AmendRemedyForm(request.POST or None, initial=initial)
    return _remedy(request, form, remedy, "修改救济途径")


def _remedy(request: HttpRequest, form: RemedyForm, remedy: RemedyText, label: str) -> HttpResponse:
    user = user_of(request)
    if not can_for_all(user, Act.ADMINISTER):
        raise PermissionDenied("救济途径由最上一级的系统管理员维护。")
    if form.is_valid():
        version = form.cleaned_data.get("version")
        set_remedy = partial(setup.set_remedy, by=user, version=version)
        latest = RemedyText.objects.values_list("version", flat=True)
        if attempt(
            form,
            lambda: set_remedy(form.apply_to(remedy)),
            lambda: latest.get(pk=remedy.pk),
        ):
            messages.success(request, "救济途径已保存，以后制作的答复书照此；已制作的不变。")
            return redirect("cases:letter_setup")
    context = {
        "title": label,
        "submit_label": "保存",
        "cancel_url": reverse("cases:letter_setup"),
    }
    return draw_form(request, "cases/letters/act.html", form, context)


def _set(
    request: HttpRequest,
    department: Department,
    form: ActForm,
    title: str,
    act: Callable[[], bool],
    page: dict[str, Any] | None = None,
    template: str = "cases/letters/act.html",
) -> HttpResponse:
    """Do it and go back to the organ's page; or the form again, with what is wrong."""
    context: dict[str, Any] = {
        "title": title,
        "department": department,
        "submit_label": "保存",
        "cancel_url": reverse("cases:letter_setup_of", args=[department.pk]),
    } | (page or {})
    if form.is_valid() and attempt(form, act):
        messages.success(request, f"{department}已保存：{title}。")
        return redirect(context["cancel_url"])
    return draw_form(request, template, form, context)


def _department(request: HttpRequest, pk: int) -> Department:
    """404 outside the user's scope, 403 for who sets nothing up anywhere."""
    user = user_of(request)
    if not can_anywhere(user, Act.SET_UP_LETTERS):
        raise PermissionDenied(NOT_YOURS)
    department = get_object_or_404(Department.objects.answering(), pk=pk)
    if not can(user, Act.SET_UP_LETTERS, department):
        raise Http404
    return department


def _sort(key: str) -> Sort:
    if key not in SORTS:
        raise Http404
    return SORTS[key]


def _listed(department: Department, sort: Sort) -> str:
    """The page on which templates of that sort are listed."""
    page = "letter_replies" if sort.outcome else "letter_setup_of"
    return reverse(f"cases:{page}", args=[department.pk])
