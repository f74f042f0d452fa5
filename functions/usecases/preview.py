"""Count the people for whom a condition would hold, before anybody saves it."""

from typing import Any

from functions.core.catalogue import Loaded
from functions.core.errors import DefinitionRefused
from functions.core.ports import Ports
from functions.core.segments import language
from functions.core.segments.describe import sentence
from functions.usecases.members import members, unsaved

SAMPLE = 20


def preview(
    when: str, at: int, ports: Ports, loaded: Loaded, now: int, retention_days: int | None = None
) -> dict[str, Any]:
    """The count and a few of the people; raises DefinitionRefused with the place of every fault in the text."""
    node, faults = language.read(when, loaded.segments, retention_days, loaded.events)
    if faults:
        raise DefinitionRefused(*faults)
    found = members(unsaved(node, loaded), at, ports, loaded, now)
    return {"count": len(found), "sample": found[:SAMPLE], "sentence": sentence(node)}
