"""The pages people open all day, through the whole stack: middleware, view, template.

Each is asked for by a clerk of one organ and by the supervisor of all, again and again with other
conditions, in the small and in the large database by turns.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random
from statistics import median, quantiles
from urllib.parse import urlencode

from django.db import close_old_connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.choices import ApplicantKind, Channel, Outcome, OutcomeGroup
from cases.models import Case, Department, User
from cases.states import State
from reports.formats import format_for_year
from tests.bench import filling, tables
from tests.bench.running import Inside, Target, say, seconds

TURNS = 100
WARM = 3
AT_MOST = Target(1.5)
CLERK = "clerk-D1-0"
USERS = {CLERK: "一个单位的经办人", filling.SUPERVISOR: "全区的主管"}


def a_list(chance: Random, user: str) -> str:
    """The first pages of the whole list."""
    return _list(page=chance.choice([1, 1, 1, 2, 3]))


def filtered(chance: Random, user: str) -> str:
    """One condition, or two."""
    offered: list[Callable[[], dict[str, object]]] = [
        lambda: {"state": chance.choice(State.values)},
        lambda: {"due": chance.choice(["today", "2", "5", "overdue"])},
        lambda: {"mine": 1},
        lambda: {"year": _year(chance)},
        lambda: {"kind": chance.choice(ApplicantKind.values)},
        lambda: {"channel": chance.choice(Channel.values)},
        lambda: {"outcome": chance.choice(Outcome.values)},
        lambda: {"outcome": f"group:{chance.choice(OutcomeGroup.values)}"},
        lambda: {"department": _department(chance if user == filling.SUPERVISOR else None)},
    ]
    asked: dict[str, object] = {}
    for condition in chance.sample(offered, chance.choice([1, 1, 2])):
        asked |= condition()
    return _list(**asked)


def search(chance: Random, user: str) -> str:
    """A number, a name, a word that many have, two of them, one that nobody has."""
    name = "".join(map(chance.choice, (filling.SURNAMES, filling.GIVEN, filling.GIVEN)))
    matter, paper = chance.choice(filling.MATTERS), chance.choice(filling.PAPERS)
    return _list(
        q=chance.choice(
            [
                f"某1公开申〔{_year(chance)}〕{chance.randrange(1, 250)}号",
                f"{chance.randrange(1, 250)}号",
                name,
                matter,
                f"{matter} {paper}",
                f"{chance.choice(filling.PLACES)}{chance.randrange(311)}号地块",
                f"{name} {paper}",
                "没有人写过的字",
            ]
        )
    )


def a_case(chance: Random, user: str) -> str:
    """Of the clerk's organ: the second of every round of the organs."""
    rounds = _last_case() // filling.DEPARTMENTS
    row = chance.randrange(rounds) * filling.DEPARTMENTS + 2
    return reverse("cases:detail", args=[row])


def yearly_table(chance: Random, user: str) -> str:
    return f"{reverse('reports:annual_table')}?{urlencode(_table(chance, user))}"


def drill_down(chance: Random, user: str) -> str:
    """The cases behind any figure of section three."""
    table = _table(chance, user)
    fmt = format_for_year(int(str(table["year"])))
    cells = sorted(path for path in fmt.cells if path.startswith("section_three."))
    _, row, column = chance.choice(cells).split(".")
    return f"{reverse('reports:cell')}?{urlencode(table | {'row': row, 'column': column})}"


PAGES: dict[str, tuple[str, Callable[[Random, str], str]]] = {
    "list": ("清单", a_list),
    "filtered": ("筛选", filtered),
    "search": ("查找", search),
    "case": ("申请件", a_case),
    "table": ("年度表", yearly_table),
    "cell": ("表中一格的件", drill_down),
}


def measure(small: Inside, large: Inside) -> None:
    say("  页面（毫秒：中位数 / 95 分位数；大库与小库的 95 分位数之比）")
    for page, (title, _) in PAGES.items():
        for user, who in USERS.items():
            took: list[list[float]] = [[], []]
            for turn in range(-WARM, TURNS):
                for place, times in zip((small, large), took, strict=True):
                    time = place.ask("visit", page=page, user=user, turn=turn)
                    if turn >= 0:
                        times.append(time)
            (few, few95), (many, many95) = (
                (median(times), quantiles(times, n=20)[-1]) for times in took
            )
            ratio = many95 / few95
            say(
                f"    {title}，{who}：{_ms(few)} / {_ms(few95)} → {_ms(many)} / {_ms(many95)}，"
                f"{ratio:.2f} 倍，{AT_MOST.verdict(ratio)}"
            )


def visit(page: str, user: str, turn: int) -> float:
    """How long the `turn`-th visit of `user` to a page takes, in seconds."""
    client = _signed_in(user)
    url = PAGES[page][1](Random(f"{page} {user} {turn}"), user)
    status = 0

    def ask() -> None:
        nonlocal status
        close_old_connections()  # as a server does between two requests
        status = client.get(url).status_code

    took = seconds(ask)
    if status != 200:
        raise SystemExit(f"{url} 的状态是 {status}。")
    return took


@cache
def _signed_in(user: str) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username=user), "django.contrib.auth.backends.ModelBackend")
    return client


@cache
def _last_case() -> int:
    return Case.objects.latest("pk").pk


def _list(**asked: object) -> str:
    return f"{reverse('cases:list')}?{urlencode(asked)}"


def _year(chance: Random) -> int:
    this = timezone.localdate().year
    return chance.randrange(this - filling.YEARS + 1, this + 1)


@cache
def _organs() -> list[int]:
    return list(Department.objects.answering().order_by("pk").values_list("pk", flat=True))


def _department(chance: Random | None) -> int:
    return chance.choice(_organs()) if chance else _organs()[1]


def _table(chance: Random, user: str) -> dict[str, object]:
    question = chance.choice(tables.questions(own=user == CLERK))
    return {
        "department": question.department.pk,
        "year": question.period.first.year,
        "scope": question.scope,
    }


def _ms(time: float) -> str:
    return f"{1000 * time:.0f}"
