"""The in-process host for flow tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flow.guide import environment_of, local_host
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


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """One in which ``segue`` is the command of this checkout, and ``--local`` a host of its own."""
    with local_host(tmp_path) as port:
        yield environment_of(tmp_path, port)
