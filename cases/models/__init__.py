from cases.models.applicant import Applicant, ApplicantNumber
from cases.models.audit import AuditEntry
from cases.models.calendar import DecreedDay, ScheduleYear
from cases.models.case import Case
from cases.models.contact import ContactNumber
from cases.models.department import Department, DepartmentName, DepartmentPlacement
from cases.models.deputy import Deputy
from cases.models.document import Document
from cases.models.event import Event
from cases.models.inquiry import Inquiry
from cases.models.job import Job
from cases.models.ledger import HeadingMatch, ImportedLedger, LedgerUpload
from cases.models.letter import (
    Letter,
    LetterSeries,
    LetterTemplate,
    RemedyText,
    ReviewOrgan,
)
from cases.models.link import CaseLink
from cases.models.notice import Notice
from cases.models.numbering import NumberCounter
from cases.models.proceeding import Proceeding
from cases.models.saved_list import ChosenColumns, SavedList
from cases.models.sealed_year import LateChange, SealedYear
from cases.models.settings import DepartmentSettings, OfficeContact
from cases.models.signoff import ReplyDraft, RoundStep, SignOffRound, SignOffStep
from cases.models.user import RoleAssignment, User

__all__ = [
    "Applicant",
    "ApplicantNumber",
    "AuditEntry",
    "Case",
    "CaseLink",
    "ChosenColumns",
    "ContactNumber",
    "DecreedDay",
    "Department",
    "DepartmentName",
    "DepartmentPlacement",
    "DepartmentSettings",
    "Deputy",
    "Document",
    "Event",
    "HeadingMatch",
    "ImportedLedger",
    "Inquiry",
    "Job",
    "LateChange",
    "LedgerUpload",
    "Letter",
    "LetterSeries",
    "LetterTemplate",
    "Notice",
    "NumberCounter",
    "OfficeContact",
    "Proceeding",
    "RemedyText",
    "ReplyDraft",
    "ReviewOrgan",
    "RoleAssignment",
    "RoundStep",
    "SavedList",
    "ScheduleYear",
    "SealedYear",
    "SignOffRound",
    "SignOffStep",
    "User",
]
