"""Terms: one home for their words, no mark without a term, and a page of all."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import Client

from cases.presenting import GROUP_TERMS
from cases.terms import CHAPTERS, TERMS
from cases.views.acting import ACT_TERMS
from cases.views.detail import WAITING_TERMS

ROOT = Path(__file__).resolve().parents[2]
MARK = re.compile(r"""(?:\{% term |field_term=|of_term=)"([\w-]+)\"""")


def marks() -> dict[str, set[str]]:
    """Which term is marked in which templates."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "templates").rglob("*.html"):
        for key in MARK.findall(path.read_text("utf-8")):
            found.setdefault(key, set()).add(path.name)
    return found


def test_every_mark_has_a_term() -> None:
    named = {*marks(), *GROUP_TERMS.values(), *WAITING_TERMS.values(), *ACT_TERMS.values()}
    assert named <= set(TERMS)
    assert {"received-on", "outcome", "served-on", "checks"} <= set(marks())


def test_a_key_names_one_term() -> None:
    assert sum(len(chapter.terms) for chapter in CHAPTERS) == len(TERMS)
    names = [term.name for term in TERMS.values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("key", TERMS)
def test_a_term_is_told_in_few_words_and_says_what_it_rests_on(key: str) -> None:
    term = TERMS[key]
    assert term.gist.endswith("。") and 15 <= len(term.gist) <= 120
    assert term.gist.count("。") <= 3
    assert re.search(r"条例第|〔\d{4}〕|惯例|约定|复议法", term.source)


def test_a_mark_opens_without_a_script_and_leads_to_the_page() -> None:
    drawn = Template('{% load terms %}{% term "received-on" %}').render(Context())
    assert drawn.startswith("<details") and 'href="/help/#received-on"' in drawn
    assert TERMS["received-on"].gist in drawn


def test_a_mark_without_a_term_is_an_error() -> None:
    with pytest.raises(KeyError):
        Template('{% load terms %}{% term "no-such-term" %}').render(Context())


@pytest.mark.django_db
def test_the_page_of_terms_says_all_to_everybody(client: Client) -> None:
    response = client.get("/help/")
    text = response.content.decode()
    for key, term in TERMS.items():
        assert f'id="{key}"' in text and term.gist in text and term.source in text
    assert client.post("/help/").status_code == 405
