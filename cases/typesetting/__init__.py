"""Pages set as PDF by typst, from templates/typst: for folders here, for the briefing in reports.

`fonts` finds a font that can set Chinese, `pages` sets a page from data.
"""
