"""The text of a flow: what may stand in it, and the checked body that runs.

id: cart-recovery
name: Cart recovery
start:                      # an event …
  event: [Checkout Started, Product Added]
  by: cart_id               # one run for each value; new events of the same value begin the first wait anew
# start: {segment: lapsed}  # … or a segment: entered (or `on: leave`)
reentry: once per 30 days   # or `once`, or `every time` (the default)
goal: bought                # stops the run: named events, or the names of events, a list of them or one
state: active               # or paused: nothing starts or is sent; or draining: nothing starts, runs finish
when paused: wait           # or end: what the runs under way do
move: true                  # runs under way go on under this version, else under the one that they began under
steps:
  - wait: 1 hour
  - check: in segment "subscribers"
  - send: cart-recovery-1
    id: reminder            # what the step is known by; it has one if none is written
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, get_args

from functions.core.base import spans
from functions.core.base.errors import DefinitionRefused, Fault
from functions.core.base.keys import ID_SAYS, NAMED, is_id
from functions.core.definitions.document import checked
from functions.core.definitions.vocabulary.check import strictness
from functions.core.flows.flow import FlowState, WhenPaused
from functions.core.flows.needs import references
from functions.core.flows.step_text import MOST_STEPS, late, steps, unknown
from functions.core.segments.language import parser
from functions.core.segments.language.check import check
from functions.core.segments.language.event_labels import SHIPPED, Labels

__all__ = ["MOST_STEPS", "load_flow", "references"]

STATES: tuple[str, ...] = get_args(FlowState)
WHEN_PAUSED: tuple[str, ...] = get_args(WhenPaused)
KEYS = ("id", "name", "start", "reentry", "goal", "steps", "state", "when paused", "move", "strict")
START_KEYS = ("event", "by", "segment", "on")
_PERIOD = re.compile(r"once (per|every|each|in) (.+)")


def load_flow(text: str, retention_days: int | None = None, words: Labels = SHIPPED) -> dict[str, Any]:
    """The body of a flow; raises DefinitionRefused with every fault in its place.

    With the log's retention, what looks back further is a fault. ``words`` are the labels that checks may use.
    """
    return checked(text, partial(_body, retention_days, words))


def _body(retention_days: int | None, words: Labels, given: Mapping[str, Any], faults: list[Fault]) -> dict[str, Any]:
    unknown(given, KEYS, "", faults)
    flow_id = given.get("id")
    if not is_id(flow_id):
        faults.append(Fault(ID_SAYS, "id"))
    start = _start(given.get("start"), faults)
    found = steps(given.get("steps"), faults, partial(_condition, retention_days, words))
    if retention_days is not None and "events" in start:
        faults.extend(late(found, retention_days))
    return {
        "id": flow_id,
        "name": given.get("name") or flow_id,
        "start": start,
        "reentry": _reentry(given.get("reentry"), faults),
        "goal": _events(given["goal"], "goal", faults) if given.get("goal") is not None else [],
        "steps": found,
        "state": _one_of(STATES, given, "state", faults),
        "when paused": _one_of(WHEN_PAUSED, given, "when paused", faults),
        **_move(given.get("move"), faults),
        **strictness(given, faults),
    }


def _condition(retention_days: int | None, words: Labels, given: Any) -> Mapping[str, Any]:
    """The condition of a check, which is text or its JSON; raises DefinitionRefused."""
    if not isinstance(given, Mapping):
        return dict(parser.parse(str(given), retention_days, words))
    if faults := check(given, None, retention_days):
        raise DefinitionRefused(*faults)
    return given


def _move(given: Any, faults: list[Fault]) -> dict[str, bool]:
    """Whether runs under way move to this version; what is not said is left out, as in versions of before."""
    if not isinstance(given, bool | None):
        faults.append(Fault("move is true or false", "move", suggestion="true"))
    return {"move": True} if given is True else {}


def _one_of(words: tuple[str, ...], given: Mapping[str, Any], key: str, faults: list[Fault]) -> str:
    """The word, the first of them where none is given."""
    found = given.get(key)
    if found is None or found in words:
        return found or words[0]
    nearest = difflib.get_close_matches(str(found), words, 1, 0.5)
    faults.append(Fault(f"{key} is {', '.join(words[:-1])} or {words[-1]}", key, suggestion=(nearest or words)[0]))
    return words[0]


def _start(given: Any, faults: list[Fault]) -> dict[str, Any]:
    if isinstance(given, Mapping):
        unknown(given, START_KEYS, "start", faults)
    if not isinstance(given, Mapping) or ("event" in given) == ("segment" in given):
        both = isinstance(given, Mapping) and "event" in given
        message = f"a flow starts with an event or with a segment{', not with both' if both else ''}"
        faults.append(Fault(message, "start", suggestion=None if both else "event: Order Completed"))
        return {}
    if "event" in given:
        if "on" in given:
            faults.append(Fault("on belongs to a segment", "start.on"))
        start: dict[str, Any] = {"events": _events(given["event"], "start.event", faults)}
        if given.get("by") is not None:
            start["by"] = str(given["by"])
        return start
    if "by" in given:
        faults.append(Fault("by belongs to an event", "start.by"))
    on = given.get("on", "enter")
    if on not in ("enter", "leave"):
        hint = "leave" if str(on).lower().startswith(("l", "exit")) else "enter"
        faults.append(Fault("a flow starts when somebody enters or leaves", "start.on", suggestion=hint))
    return {"segment": str(given["segment"]), "on": on}


def _events(given: Any, where: str, faults: list[Fault]) -> list[str | dict[str, str]]:
    names = given if isinstance(given, list) else [given]
    if not names or not all(isinstance(name, str) and name.strip(' "') for name in names):
        faults.append(Fault("one event name or a list of them", where, suggestion="Order Completed"))
        return []
    return [_event(name) for name in sorted(set(names))]


def _event(name: str) -> str | dict[str, str]:
    """The id of named events, or the name of an event: quotes in the value are for one that looks like an id."""
    if NAMED.fullmatch(name):
        return {"named": name}
    return name[1:-1] if name[0] == name[-1] == '"' and len(name) > 2 else name


def _reentry(given: Any, faults: list[Fault]) -> str | int:
    if given in (None, "every time", "once"):
        return given or "every time"
    span_faults: list[Fault] = []
    if isinstance(given, str) and (period := _PERIOD.fullmatch(given.strip())):
        seconds = spans.read(period[2], "reentry", span_faults)
        faults.extend(replace(each, suggestion=f"once per {each.suggestion}") for each in span_faults)
        if period[1] == "per" or span_faults:
            return seconds
    hint = f"once per {period[2]}" if isinstance(given, str) and period else "once" if given == "never" else None
    message = "every time, once, or once per a span of time"
    faults.append(Fault(message, "reentry", suggestion=hint or "once per 30 days"))
    return "once"
