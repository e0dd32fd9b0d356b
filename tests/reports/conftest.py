"""Today in these tests is the Monday of the mock pictures, where a test asks for it."""

from tests.cases.conftest import today

__all__ = ["today"]
