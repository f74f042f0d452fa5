"""The shop that tests of the API ask."""

from collections.abc import Iterator

import pytest

from tests.console import SETTINGS, World, opened


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    with opened() as found:
        yield found
