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
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, get_args

from functions.core import spans
from functions.core.document import checked
from functions.core.errors import DefinitionRefused, Fault, Refused
from functions.core.flows.flow import FlowState, WhenPaused
from functions.core.flows.needs import references
from functions.core.segments import language
from functions.core.segments.fields import NAMED
from functions.core.vocabulary.check import strictness

__all__ = ["load_flow", "references"]

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
STATES: tuple[str, ...] = get_args(FlowState)
WHEN_PAUSED: tuple[str, ...] = get_args(WhenPaused)
KEYS = ("id", "name", "start", "reentry", "goal", "steps", "state", "when paused", "move", "strict")
START_KEYS = ("event", "by", "segment", "on")
STEPS = ("wait", "check", "send")
MOST_STEPS = 50
LONGEST_STEP_ID = 60
DAY = 86_400
_PERIOD = re.compile(r"once per (.+)")


def load_flow(text: str, retention_days: int | None = None) -> dict[str, Any]:
    """The body of a flow; raises DefinitionRefused with every fault in its place.

    With the log's retention, what looks back further is a fault.
    """
    return checked(text, partial(_body, retention_days))


def _body(retention_days: int | None, given: Mapping[str, Any], faults: list[Fault]) -> dict[str, Any]:
    _unknown(given, KEYS, "", faults)
    flow_id = given.get("id")
    if not isinstance(flow_id, str) or not ID.fullmatch(flow_id) or len(flow_id) > 60:
        faults.append(Fault("an id is lower-case words joined by hyphens, at most 60 characters", "id"))
    start, steps = _start(given.get("start"), faults), _steps(given.get("steps"), faults, retention_days)
    if retention_days is not None and "events" in start:
        faults.extend(_late(steps, retention_days))
    return {
        "id": flow_id,
        "name": given.get("name") or flow_id,
        "start": start,
        "reentry": _reentry(given.get("reentry"), faults),
        "goal": _events(given["goal"], "goal", faults) if given.get("goal") is not None else [],
        "steps": steps,
        "state": _one_of(STATES, given, "state", faults),
        "when paused": _one_of(WHEN_PAUSED, given, "when paused", faults),
        **_move(given.get("move"), faults),
        **strictness(given, faults),
    }


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
    if not isinstance(given, Mapping) or ("event" in given) == ("segment" in given):
        faults.append(
            Fault("a flow starts with an event or with a segment", "start", suggestion="event: Order Completed")
        )
        return {}
    _unknown(given, START_KEYS, "start", faults)
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
        faults.append(Fault("a flow starts when somebody enters or leaves", "start.on", suggestion="enter"))
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
    if isinstance(given, str) and (period := _PERIOD.fullmatch(given.strip())):
        return _span(period[1], "reentry", faults)
    faults.append(Fault("every time, once, or once per a span of time", "reentry", suggestion="once per 30 days"))
    return "once"


def _steps(given: Any, faults: list[Fault], retention_days: int | None) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not 0 < len(given) <= MOST_STEPS:
        faults.append(Fault(f"a list of 1 to {MOST_STEPS} steps", "steps", suggestion="- wait: 1 hour"))
        return []
    steps = [_step(step, f"steps[{index}]", faults, retention_days) for index, step in enumerate(given)]
    faults.extend(_repeated(steps))
    return steps


def _repeated(steps: list[dict[str, Any]]) -> Iterator[Fault]:
    """Ids and templates that stand twice: a run sends each template once."""
    for key, what, fault in (
        ("id", "id", "has this id"),
        ("template", "send", "sends this template, and a run sends each once: send a copy of it"),
    ):
        first: dict[str, int] = {}
        for index, step in enumerate(steps):
            value = step.get(key)
            if value in first:
                message = f"step {first[value] + 1} {fault}"
                yield Fault(message, f"steps[{index}].{what}", suggestion=f"{value}-2")
            elif value is not None:
                first[value] = index


def _late(steps: list[dict[str, Any]], retention_days: int) -> Iterator[Fault]:
    """The wait after which the event that began the run, which a letter is about, is in the log no more."""
    last = max((index for index, step in enumerate(steps) if step["do"] == "send"), default=0)
    left = retention_days * DAY
    for index, step in enumerate(steps[:last]):
        span = step.get("span", 0)
        if span > left:
            message = f"the log keeps {retention_days} days (LOG_RETENTION_DAYS): so late what began is not known"
            yield Fault(message, f"steps[{index}].wait", suggestion=spans.text(left) if left else None)
            return
        left -= span


def _step(given: Any, where: str, faults: list[Fault], retention_days: int | None) -> dict[str, Any]:
    said = {key: value for key, value in given.items() if key != "id"} if isinstance(given, Mapping) else {}
    if len(said) != 1:
        faults.append(Fault("a step is one of wait, check, send", where, suggestion="wait: 1 hour"))
        return {"do": "wait"}
    return {**_doing(said, where, faults, retention_days), **_step_id(given, where, faults)}


def _step_id(given: Mapping[str, Any], where: str, faults: list[Fault]) -> dict[str, str]:
    found = given.get("id")
    if found is None:
        return {}
    if not isinstance(found, str) or not ID.fullmatch(found) or len(found) > LONGEST_STEP_ID:
        message = f"an id is lower-case words joined by hyphens, at most {LONGEST_STEP_ID} characters"
        faults.append(Fault(message, f"{where}.id", suggestion="reminder"))
    return {"id": str(found)}


def _doing(given: Mapping[str, Any], where: str, faults: list[Fault], retention_days: int | None) -> dict[str, Any]:
    ((do, value),) = given.items()
    if do not in STEPS:
        _unknown(given, STEPS, where, faults)
    elif do == "wait":
        return {"do": do, "span": _span(value, f"{where}.wait", faults)}
    elif do == "send":
        if not isinstance(value, str) or not ID.fullmatch(value):
            faults.append(Fault("the id of a template", f"{where}.send", suggestion="cart-recovery-1"))
        return {"do": do, "template": str(value)}
    else:
        return {"do": do, "when": _condition(value, f"{where}.check", faults, retention_days)}
    return {"do": "wait"}


def _condition(given: Any, where: str, faults: list[Fault], retention_days: int | None) -> dict[str, Any]:
    try:
        return dict(language.parse(str(given), retention_days))
    except DefinitionRefused as refused:
        faults.extend(Fault(f.message, where, f.line, f.column, f.suggestion) for f in refused.faults)
        return {}


def _span(given: Any, where: str, faults: list[Fault]) -> int:
    try:
        return spans.parse(given, where)
    except Refused as refused:
        faults.extend(refused.faults)
        return 0


def _unknown(given: Mapping[str, Any], known: Iterable[str], where: str, faults: list[Fault]) -> None:
    for name in given:
        if name not in known:
            nearest = difflib.get_close_matches(str(name), list(known), 1, 0.5)
            faults.append(
                Fault(
                    f"{name!r} is not known here",
                    f"{where}.{name}" if where else str(name),
                    suggestion=nearest[0] if nearest else ", ".join(known),
                )
            )
