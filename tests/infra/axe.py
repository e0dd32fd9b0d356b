"""axe-core in a page of the tests: what it finds against WCAG 2.1 AA and its own best practice."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


def faults_of(page: Page, *, printed: bool = False) -> list[str]:
    """One sentence a fault: its rule, the elements, what is wrong. Empty when there is none.

    A sheet of paper has a title of its own in place of the screen's, and no headings to go by. The
    debugger brings the script in, which the content policy allows to no page.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(SOURCE.read_text("utf-8"))
    # preload would copy the parts of the stylesheet into inline ones, which the policy refuses
    asked = {
        "runOnly": TAGS,
        "resultTypes": ["violations"],
        "preload": False,
        "rules": {"page-has-heading-one": {"enabled": not printed}},
    }
    found: dict[str, Any] = page.evaluate("asked => axe.run(asked)", asked)
    return [_sentence(violation) for violation in found["violations"]]


def _sentence(violation: dict[str, Any]) -> str:
    nodes = violation["nodes"]
    places = "; ".join(" ".join(map(str, node["target"])) for node in nodes[:5])
    why = " ".join(nodes[0]["failureSummary"].split())
    return f"{violation['id']} ({len(nodes)}): {places}: {why}"
