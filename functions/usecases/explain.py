"""Say why a person is in a segment or is not, and tell every stay in it."""

from collections.abc import Mapping
from typing import Any

from functions.core.catalogue import Loaded
from functions.core.ports import Ports
from functions.core.segments import engine
from functions.core.views import instant
from functions.usecases import person
from functions.usecases.members import saved
from functions.usecases.people import Somebody

# The names under which explanations hold instants.
_INSTANTS = frozenset({"until", "entered", "left", "time", "times", "said", "started", "unanswered"})


def explain(somebody: Somebody, segment: str, at: int, ports: Ports, loaded: Loaded, now: int) -> dict[str, Any]:
    """The verdict at the instant, the tree of conditions with their facts, and the history up to then.

    All of it comes from the log, so it is right in the past, the present and, if nothing happens, the future.
    """
    asked = saved(segment, loaded)
    past = [event for event in person.history(somebody.card, ports.log) if event.time <= at]
    state, _ = engine.fold(engine.fresh(asked.catalogue, somebody.card.profile), past, asked.catalogue, at)
    explained = engine.explain(state, asked.catalogue, segment, at)
    history = engine.history(past, asked.catalogue, segment, at, somebody.card.profile)
    shown: dict[str, Any] = _shown(explained | {"history": history})
    return shown


def _shown(value: Any, name: str = "") -> Any:
    """The explanation with its instants as text."""
    if isinstance(value, Mapping):
        return {key: _shown(inner, key) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(inner, name) for inner in value]
    return instant(value) if name in _INSTANTS else value
