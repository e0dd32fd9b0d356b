from cases.models.applicant import Applicant
from cases.models.audit import AuditEntry
from cases.models.calendar import DecreedDay, ScheduleYear
from cases.models.case import Case
from cases.models.department import Department, DepartmentName, DepartmentPlacement
from cases.models.deputy import Deputy
from cases.models.event import Event
from cases.models.job import Job
from cases.models.ledger import HeadingMatch, ImportedLedger, LedgerUpload
from cases.models.notice import Notice
from cases.models.numbering import NumberCounter
from cases.models.proceeding import Proceeding
from cases.models.saved_list import ChosenColumns, SavedList
from cases.models.settings import DepartmentSettings
from cases.models.user import RoleAssignment, User

__all__ = [
    "Applicant",
    "AuditEntry",
    "Case",
    "ChosenColumns",
    "DecreedDay",
    "Department",
    "DepartmentName",
    "DepartmentPlacement",
    "DepartmentSettings",
    "Deputy",
    "Event",
    "HeadingMatch",
    "ImportedLedger",
    "Job",
    "LedgerUpload",
    "Notice",
    "NumberCounter",
    "Proceeding",
    "RoleAssignment",
    "SavedList",
    "ScheduleYear",
    "User",
]
