"""Today in these tests is the Monday of the mock pictures; the tree is a small district."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from cases.choices import Role
from tests.makers import TODAY, Tree, make_tree, make_user


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """Views ask `timezone.localdate()`; nothing below them asks for today."""
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: TODAY)
    return TODAY


@pytest.fixture
def tree() -> Tree:
    return make_tree()


@pytest.fixture
def clerk_client(client: Client, tree: Tree) -> Client:
    """Signed in as a clerk of 区住建局."""
    client.force_login(make_user(Role.CLERK, tree.housing))
    return client
