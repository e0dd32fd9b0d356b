"""统计简报: a period and scope on one page, live; its files are made by jobs and fetched here."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from cases.choices import JobState
from cases.models import Job
from cases.models.job import ACTIVE
from cases.typesetting.fonts import NO_FONT, chinese_font
from cases.views.base import act_only, user_of
from cases.views.jobs import run_of
from reports.briefing import FILES, File, brief, request_file
from reports.exports.briefing_content import RATES_NOTE, TITLE, Briefing
from reports.forms import QuestionForm
from reports.presenting import table3, table4
from reports.sentences import Paragraph
from reports.views.base import asked_department, briefing_url, cell_urls, queue
from reports.views.page import tools_of
from reports.workflow import Question

Context = dict[str, Any]

WORDS = {
    JobState.QUEUED: "{}排队等待生成",
    JobState.RUNNING: "正在生成{}",
    JobState.DONE: "{}已生成",
    JobState.FAILED: "{}没有生成",
}


@login_required
@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def briefing(request: HttpRequest) -> HttpResponse:
    """The page; to a bar that asks for itself while its job runs, only that bar."""
    department, today = asked_department(request, request.GET), timezone.localdate()
    form = QuestionForm(request.GET, department=department, today=today)
    question = form.question if form.is_valid() else None
    if question is None:
        context = {"form": form, "department": department} | tools_of(user_of(request), form)
        return render(request, "reports/briefing.html", context)
    target = request.htmx.target  # type: ignore[attr-defined]
    for file in FILES.values():
        if target == bar_id(file) and (job := question.latest_job(file.task)):
            return render(request, "components/_run.html", {"run": bar(question, file, job)})
    context = {"form": form, "department": department} | tools_of(user_of(request), form)
    context |= result_of(question, brief(question, at=timezone.now()))
    return render(request, "reports/briefing.html", context)


@login_required
@act_only
def make(request: HttpRequest, kind: str) -> HttpResponse:
    """Have a file made and go back to the page, which shows how far it is."""
    file = FILES.get(kind)
    if file is None:
        raise Http404
    return queue(
        request,
        lambda question, user: request_file(question, file, by=user),
        page="reports:briefing",
        back=briefing_url,
    )


def result_of(question: Question, found: Briefing) -> Context:
    fmt, tables, checks, url_of = found.format, found.tables, found.checks, cell_urls(question)
    bars = [
        bar(question, file, job, found)
        for file in FILES.values()
        if (job := question.latest_job(file.task))
    ]
    return {
        "question": question,
        "briefing": found,
        "heading": TITLE,
        "paragraphs": [_linked(paragraph, question) for paragraph in found.paragraphs],
        "rates_note": RATES_NOTE,
        "table3": table3(fmt, tables, checks, url_of=url_of),
        "table4": table4(fmt, tables, checks, url_of=url_of),
        "agrees": all(check.passed for check in checks),
        "bars": bars,
        "waiting": any(each["state"] in ACTIVE for each in bars),
        "no_font": "" if chinese_font(settings.PDF_FONT_DIR) else NO_FONT,
    }


def bar(question: Question, file: File, job: Job, now: Briefing | None = None) -> Context:
    """How far a file is; beside the page `now` also whether it still says the same."""
    run = run_of(job)
    outdated = now and job.result and job.result.get("figures") != now.fingerprint
    return run | {
        "id": bar_id(file),
        "url": briefing_url(question),
        "text": WORDS[JobState(job.state)].format(file.name),
        "detail": "生成后数据有变动，请重新生成" if outdated else run["detail"],
        "by": f"{run['by']} 发起",
    }


def bar_id(file: File) -> str:
    return f"run-{file.kind}"


def _linked(paragraph: Paragraph, question: Question) -> Context:
    """Each figure that stands in a cell leads to the cases behind it."""
    url_of = cell_urls(question)
    parts = [
        {"text": part.text, "url": url_of(part.path) if part.path else ""}
        for part in paragraph.parts
    ]
    return {"title": paragraph.title, "parts": parts}
