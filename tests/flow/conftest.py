"""The in-process host for flow tests."""

from collections.abc import Iterator

import pytest

from tests.flow.host import Host, opened


@pytest.fixture
def host() -> Iterator[Host]:
    """A fresh product with the shipped definitions, its clock standing still."""
    with opened() as running:
        yield running


@pytest.fixture
def bare() -> Iterator[Host]:
    """A fresh product without any definition."""
    with opened(shipped=False) as running:
        yield running
