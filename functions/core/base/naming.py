"""What a definition says of itself for people: its name and a description."""

from collections.abc import Iterator, Mapping
from typing import Any

from functions.core.base.errors import Fault

LONGEST_NAME = 200


def check(body: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with the name and the description, both of which may be left out."""
    for key in ("name", "description"):
        if not isinstance(body.get(key, ""), str | None) or len(body.get(key) or "") > LONGEST_NAME:
            yield Fault(f"{key} is text of at most {LONGEST_NAME} characters", key)
