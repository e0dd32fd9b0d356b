"""Addresses of the statutory tables."""

from django.urls import path

from reports.views import (
    annual_table,
    briefing,
    cell,
    ledger_table,
    outcome_row,
    overview,
)

app_name = "reports"
urlpatterns = [
    path("overview/", overview.overview, name="overview"),
    path("overview/cases/", overview.overview_cases, name="overview_cases"),
    path("tables/", annual_table.annual_table, name="annual_table"),
    path("tables/compute/", annual_table.compute, name="compute"),
    path("tables/workbook/", annual_table.workbook, name="workbook"),
    path("tables/cell/", cell.cell, name="cell"),
    path("tables/ledgers/<int:pk>/", ledger_table.ledger_table, name="ledger_table"),
    path("tables/outcome-row/", outcome_row.outcome_row, name="outcome_row"),
    path("briefing/", briefing.briefing, name="briefing"),
    path("briefing/<slug:kind>/", briefing.make, name="briefing_file"),
]
