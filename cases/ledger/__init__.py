"""The 台账 that a department kept before: read, laid beside the database, saved.

- reading: bytes → rows, or what is wrong with them (`archive`, `survey`, `heading`, `columns`,
  `cells`, `vocabulary`, `rules`); asks no database;
- planning: rows and database → what would be new, filled in, at odds, the same (`comparing`);
- saving: the plan → one transaction (`building`).
"""

from cases.ledger.limits import LedgerError, Limits, NoLedgerFound, Overtaken
from cases.ledger.plan import Plan
from cases.ledger.planning import plan_import
from cases.ledger.reading import read_ledger
from cases.ledger.saving import save_import

__all__ = [
    "LedgerError",
    "Limits",
    "NoLedgerFound",
    "Overtaken",
    "Plan",
    "plan_import",
    "read_ledger",
    "save_import",
]
