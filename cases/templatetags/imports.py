"""`{{ upload|state_words }}`: where an uploaded ledger stands."""

from django import template

from cases.imports.showing import state_words

register = template.Library()
register.filter(state_words)
