"""Addresses of the statutory tables."""

from django.urls import path

from reports.views import (
    annual_report,
    annual_table,
    board,
    briefing,
    call,
    cell,
    ledger_table,
    outcome_row,
    overview,
    parts,
    published,
    report_steps,
    report_writing,
)

app_name = "reports"
REPORT = "reports/<int:department>/<int:year>/<slug:scope>/"
urlpatterns = [
    path("overview/", overview.overview, name="overview"),
    path("overview/cases/", overview.overview_cases, name="overview_cases"),
    path("tables/", annual_table.annual_table, name="annual_table"),
    path("tables/compute/", annual_table.compute, name="compute"),
    path("tables/workbook/", annual_table.workbook, name="workbook"),
    path("tables/cell/", cell.cell, name="cell"),
    path("tables/ledgers/<int:pk>/", ledger_table.ledger_table, name="ledger_table"),
    path("tables/outcome-row/", outcome_row.outcome_row, name="outcome_row"),
    path("reports/board/", board.board, name="board"),
    path("reports/board/<int:pk>/", board.board_step, name="board_step"),
    path("reports/parts/", parts.parts, name="parts"),
    path("reports/call/", call.call, name="call"),
    path("briefing/", briefing.briefing, name="briefing"),
    path("briefing/<slug:kind>/", briefing.make, name="briefing_file"),
    path("reports/", annual_report.find, name="find_report"),
    path(REPORT, annual_report.report, name="report"),
    path(f"{REPORT}begin/", annual_report.begin, name="report_begin"),
    path(f"{REPORT}texts/", report_writing.texts, name="report_texts"),
    path(f"{REPORT}section-two/", report_writing.section_two, name="report_section_two"),
    path(
        f"{REPORT}section-two/<slug:row>/<slug:column>/",
        report_writing.central,
        name="report_central",
    ),
    path(f"{REPORT}tie/", report_writing.tie, name="report_tie"),
    path(f"{REPORT}findings/<slug:key>/judge/", report_steps.judge, name="report_judge"),
    path(f"{REPORT}steps/<slug:step>/", report_steps.step, name="report_step"),
    path(f"{REPORT}publish/", report_steps.publish, name="report_publish"),
    path(f"{REPORT}correct/", report_steps.correct, name="report_correct"),
    path(f"{REPORT}published/<int:revision>/", published.published, name="published"),
    path(f"{REPORT}published/enter/", published.enter_published, name="enter_published"),
]
