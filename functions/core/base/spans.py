"""Spans of time as people write them: "1 hour", "24h", "1h30m"; kept as whole seconds.

Months and years are refused: they have no fixed length.
"""

import re

from functions.core.base.errors import Fault, Malformed

UNITS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
_SHORT = {unit[0]: seconds for unit, seconds in UNITS.items()}
_LOOSE = re.compile(r"(?:an?\s+|one\s+)?(\d{1,6}[.,]\d{1,6})?\s*([a-z]+)")
_PART = re.compile(r"(\d{1,6})\s*([a-z]+)\s*")


def parse(text: object, where: str = "") -> int:
    """The span in seconds; raises Malformed with a suggestion and ``where`` as its place."""
    written = str(text).strip().lower()
    if hint := _habit(written):
        raise Malformed(Fault(f"{text!r} is not a span of time", where, suggestion=hint))
    total, end = 0, 0
    while part := _PART.match(written, end):
        unit = part[2] if part[2] in _SHORT else part[2].removesuffix("s")
        seconds = _SHORT.get(unit) or UNITS.get(unit)
        if seconds is None:
            raise Malformed(Fault(f"{part[2]!r} is not a unit of time", where, suggestion=_suggestion(part[2])))
        total, end = total + int(part[1]) * seconds, part.end()
    if end == 0 or end != len(written):
        raise Malformed(Fault(f"{text!r} is not a span of time", where, suggestion="1 hour"))
    return total


def read(text: object, where: str, faults: list[Fault]) -> int:
    """The span in seconds; if it does not parse, append the faults to ``faults`` and return 0."""
    try:
        return parse(text, where)
    except Malformed as refused:
        faults.extend(refused.faults)
        return 0


def _habit(written: str) -> str | None:
    """The span to suggest for a common mistake: a number alone, a unit alone, or a fraction; else None."""
    if re.fullmatch(r"\d{1,6}", written):
        return f"{written} minutes"
    match = _LOOSE.fullmatch(written)
    unit = UNITS.get(_unit(match[2])) if match else None
    if match is None or unit is None or re.fullmatch(r"\d+", match[1] or ""):
        return _suggestion(match[2]) if match and not match[1] and match[2][:2] in ("mo", "ye") else None
    if not match[1]:
        return f"1 {_unit(match[2])}"
    return text(round(float(match[1].replace(",", ".")) * unit))


def _unit(written: str) -> str:
    return next((name for name in UNITS if written in (name[0], name, f"{name}s")), written)


def _suggestion(unit: str) -> str:
    if unit.startswith("mo"):
        return "30 days"
    return "365 days" if unit.startswith("y") else ", ".join(f"{name}s" for name in UNITS)


def text(seconds: int) -> str:
    """The span in its largest whole unit: 7200 -> "2 hours"."""
    for unit, size in reversed(UNITS.items()):
        if seconds % size == 0 and seconds >= size:
            count = seconds // size
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return f"{seconds} seconds"
