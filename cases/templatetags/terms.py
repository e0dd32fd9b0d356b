"""`{% term "received-on" %}`: a mark that opens what a term means, and its article.

`{% term "received-on" end=True %}` near the right edge of a page, where it opens to the left.
"""

from __future__ import annotations

from django import template

from cases.terms import TERMS

register = template.Library()


@register.inclusion_tag("components/_term.html")
def term(key: str, end: bool = False) -> dict[str, object]:
    """The context of components/_term.html; KeyError for a term that has no words."""
    return {"key": key, "term": TERMS[key], "end": end}
