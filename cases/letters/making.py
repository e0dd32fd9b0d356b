"""A letter, from its template and its case: what it would say, and the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cases.letters import filling
from cases.letters.fields import BLANK, FIELDS
from cases.letters.templates import Template, template_for
from cases.letters.values import Subject, composed, known, may_be_empty


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter that is about to be made."""

    subject: Subject
    template: Template
    known: Mapping[str, str]  # field → what the case says for it
    texts: Mapping[str, str]  # field → the text that stands for it, with fields of its own in it
    said: Mapping[str, str]  # field → what its maker says for it, over what is known

    @property
    def fields(self) -> list[str]:
        """All fields of the letter, and those of the texts that stand for some of them."""
        names = filling.template_fields(self.template.content)
        inner = [inner for name in names for inner in filling.names_in(self.texts.get(name, ""))]
        return list(dict.fromkeys([*names, *inner]))

    @property
    def asked(self) -> list[str]:
        """Those that whoever makes the letter may say."""
        return [name for name in self.fields if FIELDS[name].asked]

    @property
    def missing(self) -> list[str]:
        """What would be left blank, by the names of the fields."""
        return [name for name in self.fields if self.value_of(name) == BLANK]

    def value_of(self, name: str) -> str:
        """What stands for the field in the letter; a visible blank where nothing is known."""
        if text := self.texts.get(name):
            return filling.fill_text(text, self.value_of)
        if value := self.said.get(name, self.known.get(name)):
            return value
        return "" if may_be_empty(name, self.subject.outcome) else BLANK

    def shown(self) -> list[filling.Shown]:
        return list(filling.shown(filling.fill(self.template.content, self.value_of)))

    def content(self) -> bytes:
        return filling.content_of(filling.fill(self.template.content, self.value_of))


def draft_of(subject: Subject, said: Mapping[str, str]) -> Draft:
    department = subject.case.organ_on(subject.on)
    template = template_for(department, subject.kind, subject.outcome)
    return Draft(subject, template, known(subject), composed(subject), said)
