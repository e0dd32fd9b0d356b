"""逐步引导: the seven questions on a case. Nothing is stored: the answers stand in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from cases.clock_course import ADDRESSEES
from cases.guide import SEVEN, Ending, Place, walk
from cases.letters.remedies import remedies_words
from cases.models import Case, User
from cases.permissions import Act
from cases.presenting import group_title
from cases.signoff import basis_words
from cases.views.acting import act_context
from cases.views.base import PAGES, case_to, user_of
from cases.workflow import ACTS, Situation, allowed_acts, situation_of

JOINED_BY = "."  # between the answers in the address
MOST_ANSWERS = 20
# Where a reply is reviewed first, it begins as a draft.
_REPLIES = (Act.REPLY, Act.REPLY_AGAIN, Act.DRAFT)
LOST = "地址中的回答无法识别，已回到能识别的最后一问。"


@login_required
@require_safe
def guide(request: HttpRequest, pk: int) -> HttpResponse:
    """One question, or where the answers have led; each step back is a link."""
    case = case_to(Act.DRAFT, request, pk)
    situation = situation_of(case, on=timezone.localdate())
    if not case.is_worked:
        messages.warning(request, ACTS[Act.DRAFT].out_of_place(situation))
        return redirect("cases:detail", case.pk)
    said = request.GET.get("said", "")
    keys = [key for key in said.split(JOINED_BY)[:MOST_ANSWERS] if key]
    place = walk(keys)
    context = act_context(case, "逐步引导") | {
        "steps": _steps(case, place),
        "said": _said(case, place),
        "question": place.question,
        "answers": _answers(case, place),
        "lost": LOST if place.lost else "",
    }
    if place.ending:
        context |= _ending(case, place.ending, situation, user_of(request))
    return render(request, "cases/guide.html", context)


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One of the seven: behind, here, or to come."""

    label: str
    state: str  # done, here, or empty


def _steps(case: Case, place: Place) -> list[GuideStep]:
    here = place.question.step if place.question else place.given[-1].question.step
    if place.ending and place.ending.outcome:
        here = len(SEVEN) - 1
    asked = {given.question.step for given in place.given}
    return [
        GuideStep(label, "here" if n == here else "done" if n in asked else "")
        for n, label in enumerate(SEVEN)
    ]


def _address(case: Case, keys: list[str]) -> str:
    said = JOINED_BY.join(keys)
    return reverse("cases:guide", args=[case.pk]) + (f"?said={said}" if said else "")


def _said(case: Case, place: Place) -> list[dict[str, str]]:
    """The answers so far, each with the way back to its question."""
    keys = [given.answer.key for given in place.given]
    return [
        {
            "ask": given.question.ask,
            "label": given.answer.label,
            "url": _address(case, keys[:n]),
        }
        for n, given in enumerate(place.given)
    ]


def _answers(case: Case, place: Place) -> list[dict[str, str]]:
    if place.question is None:
        return []
    keys = [given.answer.key for given in place.given]
    return [
        {"label": answer.label, "hint": answer.hint, "url": _address(case, [*keys, answer.key])}
        for answer in place.question.answers
    ]


def _ending(case: Case, ending: Ending, situation: Situation, user: User) -> dict[str, Any]:
    """What the answers come to: the act to go on with where it has a place, and the letter."""
    outcome, allowed = ending.outcome, allowed_acts(situation, user)
    ways = [act for act in (ending.act, *ending.before, *(_REPLIES if outcome else ())) if act]
    act = next((way for way in ways if way in allowed), ways[-1])
    found: dict[str, Any] = {"ending": ending, "act_label": ACTS[act].label}
    if act in allowed:
        found["act_url"] = _page(PAGES[act], case, ending.starts_with)
    if (wanted := ending.act or act) not in allowed:
        found["refusal"] = ACTS[wanted].out_of_place(situation)
    if ending.letter and Act.MAKE_LETTER in allowed:
        said = {"kind": ending.letter.value} | ({"outcome": outcome.value} if outcome else {})
        found |= {"letter": ending.letter, "letter_url": _page("cases:make_letter", case, said)}
    if outcome is None:
        return found | {"heading": f"先办：{ACTS[act].label}", "basis": _article(ending, act)}
    words = f"{group_title(outcome.rule.group)}{outcome.rule.place}　{outcome.label}"
    return found | {
        "heading": f"怎么答：{words}",
        "takes_outcome": act in _REPLIES,
        "basis": basis_words(outcome),
        "remedies": remedies_words(case.organ_on(situation.on), outcome, situation.on),
    }


def _article(ending: Ending, act: Act) -> str:
    """The article of an act that comes first: of a consultation, by whose opinion is asked."""
    if ending.addressee:
        return ADDRESSEES[ending.addressee].article
    return f"条例{ACTS[act].article}"


def _page(name: str, case: Case, said: dict[str, str]) -> str:
    return reverse(name, args=[case.pk]) + (f"?{urlencode(said)}" if said else "")
