"""Eight clerks who register applications at the same time, each through the page."""

from __future__ import annotations

from contextlib import ExitStack
from time import perf_counter
from uuid import uuid4

from django.db import close_old_connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.choices import ApplicantKind, Channel
from cases.models import Case, User
from tests.bench.running import Inside, say

CLERKS = 8
EACH = 25  # applications of a clerk; two clerks share an organ, and so its row of numbers
CONTENT = "性能测量：某项信息"


def measure(place: Inside) -> None:
    with ExitStack() as stack:
        clerks = [stack.enter_context(place.beside()) for _ in range(CLERKS)]
        for at, clerk in enumerate(clerks):
            clerk.ask("register", clerk=_username(at), count=1)  # warmed
        start = perf_counter()
        for at, clerk in enumerate(clerks):
            clerk.tell("register", clerk=_username(at), count=EACH)
        for clerk in clerks:
            clerk.answer()
        took = perf_counter() - start
    cases, numbers = place.ask("registered")
    doubled = "没有重号" if cases == numbers == CLERKS * (EACH + 1) else "数目不对"
    say(
        f"  {CLERKS} 人同时登记 {CLERKS * EACH} 件：每秒 {CLERKS * EACH / took:.0f} 件，"
        f"{cases} 件、{numbers} 个编号，{doubled}"
    )


def register(clerk: str, count: int) -> None:
    """Hand the form in `count` times."""
    user = User.objects.get(username=clerk)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    today = timezone.localdate()
    for _ in range(count):
        close_old_connections()  # as a server does between two requests
        answer = client.post(
            reverse("cases:register"),
            {
                "kind": ApplicantKind.NATURAL_PERSON,
                "name": "申请人甲",
                "phone": "13800000000",
                "channel": Channel.IN_PERSON,
                "arrived_on": today,
                "received_on": today,
                "content": CONTENT,
                "department": user.assignments.get().department_id,
                "token": uuid4(),
            },
        )
        if answer.status_code != 302:
            raise SystemExit(f"登记没有成功，状态是 {answer.status_code}。")


def registered() -> tuple[int, int]:
    """Cases that were registered, and how many numbers they have."""
    cases = Case.objects.filter(content=CONTENT)
    return cases.count(), cases.values("department", "number").distinct().count()


def _username(at: int) -> str:
    """Two of each organ."""
    return f"clerk-D{at // 2}-{at % 2}"
