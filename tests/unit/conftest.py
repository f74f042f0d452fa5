"""The shop that tests of the API ask."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.console import SETTINGS, World, opened
from tests.unit.strategies import at_most

# Of tests that say nothing else; a hundred is what Hypothesis tries by itself.
settings.register_profile("unit", at_most(100))
settings.load_profile("unit")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    with opened() as found:
        yield found
