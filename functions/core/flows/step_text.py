"""The steps of a flow's text: what may stand in each, and their checked form."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from functions.core.base import spans
from functions.core.base.errors import DefinitionRefused, Fault, Refused
from functions.core.base.keys import meant

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
STEPS = ("wait", "check", "send")
MOST_STEPS = 50
LONGEST_STEP_ID = 60
DAY = 86_400

# Reads a condition, text or its JSON; raises DefinitionRefused.
Parse = Callable[[Any], Mapping[str, Any]]


def steps(given: Any, faults: list[Fault], parse: Parse) -> list[dict[str, Any]]:
    """The checked steps; ``parse`` reads the condition of a check."""
    if not isinstance(given, list) or not 0 < len(given) <= MOST_STEPS:
        faults.append(Fault(f"a list of 1 to {MOST_STEPS} steps", "steps", suggestion="- wait: 1 hour"))
        return []
    found = [_step(step, f"steps[{index}]", faults, parse) for index, step in enumerate(given)]
    faults.extend(_repeated(found))
    return found


def _repeated(found: list[dict[str, Any]]) -> Iterator[Fault]:
    """Ids and templates that stand twice: a run sends each template once."""
    for key, what, fault in (
        ("id", "id", "has this id"),
        ("template", "send", "sends this template, and a run sends each once: send a copy of it"),
    ):
        first: dict[str, int] = {}
        for index, step in enumerate(found):
            value = step.get(key)
            if value in first:
                message = f"step {first[value] + 1} {fault}"
                yield Fault(message, f"steps[{index}].{what}", suggestion=f"{value}-2")
            elif value is not None:
                first[value] = index


def late(steps: list[dict[str, Any]], retention_days: int) -> Iterator[Fault]:
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


def _step(given: Any, where: str, faults: list[Fault], parse: Parse) -> dict[str, Any]:
    said = {key: value for key, value in given.items() if key != "id"} if isinstance(given, Mapping) else {}
    if len(said) != 1:
        several = "a step does one thing: each of these is an item of its own"
        message = several if len(said) > 1 else "a step is one of wait, check, send"
        faults.append(Fault(message, where, suggestion=None if len(said) > 1 else "wait: 1 hour"))
        return {"do": "wait"}
    return {**_doing(said, where, faults, parse), **_step_id(given, where, faults)}


def _step_id(given: Mapping[str, Any], where: str, faults: list[Fault]) -> dict[str, str]:
    found = given.get("id")
    if found is None:
        return {}
    if not isinstance(found, str) or not ID.fullmatch(found) or len(found) > LONGEST_STEP_ID:
        message = f"an id is lower-case words joined by hyphens, at most {LONGEST_STEP_ID} characters"
        faults.append(Fault(message, f"{where}.id", suggestion="reminder"))
    return {"id": str(found)}


def _doing(given: Mapping[str, Any], where: str, faults: list[Fault], parse: Parse) -> dict[str, Any]:
    ((do, value),) = given.items()
    if do not in STEPS:
        unknown(given, STEPS, where, faults)
    elif do == "wait":
        return {"do": do, "span": span(value, f"{where}.wait", faults)}
    elif do == "send":
        if not isinstance(value, str) or not ID.fullmatch(value):
            hint = re.sub(r"[^a-z0-9]+", "-", str(value).lower()).strip("-")
            faults.append(Fault("the id of a template", f"{where}.send", suggestion=hint or "cart-recovery-1"))
        return {"do": do, "template": str(value)}
    else:
        return {"do": do, "when": _condition(value, f"{where}.check", faults, parse)}
    return {"do": "wait"}


def _condition(given: Any, where: str, faults: list[Fault], parse: Parse) -> dict[str, Any]:
    try:
        return dict(parse(given))
    except DefinitionRefused as refused:
        faults.extend(Fault(f.message, where, f.line, f.column, f.suggestion) for f in refused.faults)
        return {}


def span(given: Any, where: str, faults: list[Fault]) -> int:
    """The seconds of a span of time, 0 with a fault."""
    try:
        return spans.parse(given, where)
    except Refused as refused:
        faults.extend(refused.faults)
        return 0


def unknown(given: Mapping[str, Any], known: Collection[str], where: str, faults: list[Fault]) -> None:
    """A fault for each key that may not stand there."""
    for name in given:
        if name not in known:
            hint = meant(name, known) or ", ".join(known)
            place = f"{where}.{name}" if where else str(name)
            faults.append(Fault(f"{name!r} is not known here", place, suggestion=hint))
