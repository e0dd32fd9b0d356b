"""`{{ text|shown:may_see }}`: a text into which people write numbers, as its reader may see it."""

from django import template

from cases.personal import shown

register = template.Library()
register.filter(shown)
