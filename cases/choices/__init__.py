"""Every code list of an application, with the words the regulation uses for it.

Values are stored and exported; labels are shown. The values of `ApplicantKind` are the column keys
and those of `Outcome` the outcome codes of the statutory report formats (国办公开办函〔2021〕30号).
"""

from cases.choices.course import (
    ASSIGNMENTS,
    CLOCK_FACTS,
    TAKEN_UP,
    Addressee,
    Assignment,
    EventKind,
    FeeScheme,
    LinkKind,
    RoundState,
    Signers,
    SignOffKind,
    Stage,
    Stance,
    Verdict,
    Waiting,
)
from cases.choices.outcomes import (
    OUTCOME_RULES,
    Outcome,
    OutcomeGroup,
    OutcomeRule,
    outcomes_in,
)
from cases.choices.papers import (
    DocumentKind,
    JobState,
    LetterKind,
    NoticeKind,
    RemedyScope,
    UploadState,
)
from cases.choices.parties import (
    ApplicantKind,
    Channel,
    DeliveryWanted,
    DepartmentKind,
    FormWanted,
    Role,
    ServiceMethod,
    WithdrawalManner,
)
from cases.choices.proceedings import (
    RULING_RESULTS,
    ProceedingKind,
    ProceedingResult,
    ReviewProcedure,
    Ruling,
    rulings_counted_as,
)

__all__ = [
    "ASSIGNMENTS",
    "CLOCK_FACTS",
    "OUTCOME_RULES",
    "RULING_RESULTS",
    "TAKEN_UP",
    "Addressee",
    "ApplicantKind",
    "Assignment",
    "Channel",
    "DeliveryWanted",
    "DepartmentKind",
    "DocumentKind",
    "EventKind",
    "FeeScheme",
    "FormWanted",
    "JobState",
    "LetterKind",
    "LinkKind",
    "NoticeKind",
    "Outcome",
    "OutcomeGroup",
    "OutcomeRule",
    "ProceedingKind",
    "ProceedingResult",
    "RemedyScope",
    "ReviewProcedure",
    "Role",
    "RoundState",
    "Ruling",
    "ServiceMethod",
    "SignOffKind",
    "Signers",
    "Stage",
    "Stance",
    "UploadState",
    "Verdict",
    "Waiting",
    "WithdrawalManner",
    "outcomes_in",
    "rulings_counted_as",
]
