"""List the segments: what each means, and how many people are in it."""

from typing import Any

from functions.core.catalogue import Loaded
from functions.core.kinds import sentence
from functions.core.ports import Ports
from functions.usecases.members import counts


def segments(ports: Ports, loaded: Loaded, now: int, *, counted: bool) -> dict[str, Any]:
    """Every segment in order of id; ``counted`` evaluates everybody."""
    current = sorted(
        (each for each in ports.definitions.current() if each.kind == "segments"), key=lambda each: each.id
    )
    found = counts(ports, loaded, now) if counted else None
    return {
        "segments": [
            {"id": each.id, "name": each.body.get("name") or each.id, "version": each.version}
            | sentence(each)
            | ({} if found is None else {"count": found[each.id]})
            for each in current
        ]
    }
