"""Checks the name and the description of a definition, which are shown to people."""

from collections.abc import Iterator, Mapping
from typing import Any

from functions.core.base.errors import Fault

LONGEST_NAME = 200


def check(body: Mapping[str, Any]) -> Iterator[Fault]:
    """The faults of the keys ``name`` and ``description`` of a definition's body; both keys are optional."""
    for key in ("name", "description"):
        if not isinstance(body.get(key, ""), str | None) or len(body.get(key) or "") > LONGEST_NAME:
            yield Fault(f"{key} is text of at most {LONGEST_NAME} characters", key)
