"""Which draft holds a case as it was submitted: its own, or one whose letter answers it too."""

from __future__ import annotations

from cases.choices import RoundState, Stage
from cases.models import Case, SignOffRound
from cases.querysets import TO_DO


def bound_by(case: Case) -> SignOffRound | None:
    """The draft under review, or signed, that `case` rests in."""
    return case.live_round or _naming(case)


def _naming(case: Case) -> SignOffRound | None:
    """That of another open case, which names this one."""
    if case.stage != Stage.OPEN:
        return None
    others = Case.objects.filter(TO_DO, department=case.department_id, stage=Stage.OPEN)
    named = SignOffRound.objects.live().filter(content__also__has_key=str(case.pk))
    found = named.filter(case__in=others.exclude(pk=case.pk))
    return found.select_related("case", "submitted_by").first()


def bound_words(round_: SignOffRound | None, case: Case) -> str:
    """What is being signed, or has been, rests on the case as it was submitted."""
    if round_ is None:
        return ""
    named = "" if round_.case_id == case.pk else f"{round_.case} 一并答复本件，"
    said = f"第 {round_.number} 次送审{RoundState(round_.state).label}，请先撤回送审。"
    return named + said
