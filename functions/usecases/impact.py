"""What publishing a segment would change, before anybody does it."""

from collections.abc import Iterable
from typing import Any

from functions.core.catalogue import Loaded
from functions.core.definitions import check
from functions.core.flows.flow import Flow
from functions.core.ports import Ports
from functions.usecases.members import members, saved, unsaved

SAMPLE = 20


def impact(
    name: str, text: str, ports: Ports, loaded: Loaded, now: int, retention_days: int | None = None
) -> dict[str, Any]:
    """Who would enter and leave, a sample of each, and the messages if everybody who enters were written to.

    Publishing itself writes to none of them: what a new definition shows to hold was so before and is no news.
    Raises DefinitionRefused with every fault of the text.
    """
    body = check("segments", name, text, ports.definitions.current(), retention_days)
    after = set(members(unsaved(body["when"], loaded), now, ports, loaded, now))
    before = set(members(saved(name, loaded), now, ports, loaded, now)) if name in loaded.segments else set()
    entering, leaving = sorted(after - before), sorted(before - after)
    return {
        "enter": len(entering),
        "leave": len(leaving),
        "stay": len(after & before),
        "entering": entering[:SAMPLE],
        "leaving": leaving[:SAMPLE],
        "messages": len(entering) * _letters(name, loaded.flows.values()),
    }


def _letters(segment: str, flows: Iterable[Flow]) -> int:
    """The most messages that entering the segment leads to."""
    started = (flow for flow in flows if flow.segment == segment and flow.on == "enter")
    return sum(step.do == "send" for flow in started for step in flow.steps)
