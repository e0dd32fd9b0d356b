from reports.models.annual import AnnualReport, Judgement, ReportStep
from reports.models.call import ReportingUnit, YearCall
from reports.models.computed import ComputedTable
from reports.models.facts import FactKind, YearFact
from reports.models.handed_in import HandedInTable
from reports.models.published import PublishedTable

__all__ = [
    "AnnualReport",
    "ComputedTable",
    "FactKind",
    "HandedInTable",
    "Judgement",
    "PublishedTable",
    "ReportStep",
    "ReportingUnit",
    "YearCall",
    "YearFact",
]
