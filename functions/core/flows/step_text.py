"""The steps of a flow's text: what may stand in each, and their checked form."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from functions.core.base import spans
from functions.core.base.errors import Fault
from functions.core.base.keys import ID_SAYS, is_id, meant
from functions.core.flows.step_kind import Parse, Text
from functions.core.flows.step_kinds import kind_of, step_kinds

MOST_STEPS = 50
DAY = 86_400


def steps(given: Any, faults: list[Fault], parse: Parse) -> list[dict[str, Any]]:
    """The checked steps; ``parse`` reads the condition of a check."""
    if not isinstance(given, list) or not 0 < len(given) <= MOST_STEPS:
        faults.append(Fault(f"a list of 1 to {MOST_STEPS} steps", "steps", suggestion="- wait: 1 hour"))
        return []
    found = [_step(step, f"steps[{index}]", faults, parse) for index, step in enumerate(given)]
    faults.extend(_repeated(found))
    return found


def _repeated(found: list[dict[str, Any]]) -> Iterator[Fault]:
    """Ids that stand twice, and steps that do: a run sends each template once."""
    first: dict[tuple[str, str], int] = {}
    for index, step in enumerate(found):
        kind = kind_of(step)
        says = [("id", step.get("id"), "has this id")]
        says += [(kind.key, kind.name(step), kind.twice)] if kind else []
        for what, value, fault in says:
            if value is not None and first.setdefault((what, value), index) < index:
                message = f"step {first[what, value] + 1} {fault}"
                yield Fault(message, f"steps[{index}].{what}", suggestion=f"{value}-2")


def late(steps: list[dict[str, Any]], retention_days: int) -> Iterator[Fault]:
    """The wait after which the event that began the run, which a message is about, is in the log no more."""
    last = max((index for index, step in enumerate(steps) if (kind := kind_of(step)) and kind.acts), default=0)
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
        message = several if len(said) > 1 else f"a step is one of {', '.join(step_kinds())}"
        faults.append(Fault(message, where, suggestion=None if len(said) > 1 else _example()))
        return {}
    return {**_doing(said, where, faults, parse), **_step_id(given, where, faults)}


def _example() -> str:
    return next(kind.example for kind in step_kinds().values())


def _step_id(given: Mapping[str, Any], where: str, faults: list[Fault]) -> dict[str, str]:
    found = given.get("id")
    if found is None:
        return {}
    if not is_id(found):
        faults.append(Fault(ID_SAYS, f"{where}.id", suggestion="reminder"))
    return {"id": str(found)}


def _doing(given: Mapping[str, Any], where: str, faults: list[Fault], parse: Parse) -> dict[str, Any]:
    ((do, value),) = given.items()
    kind = step_kinds().get(do)
    if kind is None:
        unknown(given, tuple(step_kinds()), where, faults)
        return {}
    return {"do": do, **kind.read(Text(value, f"{where}.{do}", faults, parse))}


def unknown(given: Mapping[str, Any], known: Collection[str], where: str, faults: list[Fault]) -> None:
    """A fault for each key that may not stand there."""
    for name in given:
        if name not in known:
            hint = meant(name, known) or ", ".join(known)
            place = f"{where}.{name}" if where else str(name)
            faults.append(Fault(f"{name!r} is not known here", place, suggestion=hint))
