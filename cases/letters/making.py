"""A letter, from its template and its case: what it would say, and the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cases.letters import filling
from cases.letters.fields import BLANK, FIELDS
from cases.letters.templates import Template, template_for
from cases.letters.values import Subject, composed, known, resolver


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter that is about to be made."""

    subject: Subject
    template: Template
    said: Mapping[str, str]  # field → what its maker says for it

    @property
    def fields(self) -> list[str]:
        """All fields of the letter, and those of the texts that stand for some of them."""
        names = filling.template_fields(self.template.content)
        texts = composed(self.subject)
        inner = [inner for name in names for inner in filling.names_in(texts.get(name, ""))]
        return list(dict.fromkeys([*names, *inner]))

    @property
    def asked(self) -> list[str]:
        """Those that whoever makes the letter may say."""
        return [name for name in self.fields if FIELDS[name].asked]

    @property
    def known(self) -> dict[str, str]:
        return known(self.subject)

    @property
    def missing(self) -> list[str]:
        """What would be left blank, by the names of the fields."""
        value_of = self._resolve()
        return [name for name in self.fields if value_of(name) == BLANK]

    def shown(self) -> list[filling.Shown]:
        return list(filling.shown(filling.fill(self.template.content, self._resolve())))

    def content(self) -> bytes:
        return filling.content_of(filling.fill(self.template.content, self._resolve()))

    def _resolve(self) -> filling.ValueOf:
        return resolver(self.subject, self.said)


def draft_of(subject: Subject, said: Mapping[str, str]) -> Draft:
    department = subject.case.department
    return Draft(subject, template_for(department, subject.kind, subject.outcome), said)
