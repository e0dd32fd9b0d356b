"""Today in these tests is the Monday of the mock pictures."""

from datetime import date

import pytest
from django.utils import timezone

from tests.makers import TODAY


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """Views ask `timezone.localdate()`; nothing below them asks for today."""
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: TODAY)
    return TODAY
