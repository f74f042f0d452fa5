"""The text of a rule: text -> JSON. The words after the points are those of the segment language.

+10 when did "Order Completed" within 30 days
+5 per "Email Opened" within 90 days at most 25
+20 per "Order Completed" fading over 30 days          or halving every 30 days
-3 per full week without any of ("Product Viewed", "Order Completed") at most 30
"""

import re
from decimal import Decimal
from typing import Any, NamedTuple

from functions.core.errors import DefinitionRefused, Fault
from functions.core.segments import language
from functions.core.segments.fields import nearest

_HEAD = re.compile(r"\s*(?P<points>[+-]\s*\d[\d,]*(?:\.\d+)?)\s+(?P<way>when|per\s+full|per)\b", re.IGNORECASE)
_FULL = re.compile(r"\s+(?:(?P<count>\d+)\s+)?(?P<unit>[a-z]+)\s+(?P<without>without)\b", re.IGNORECASE)
_LIMIT = re.compile(r"\s+at\s+most\s+(?P<limit>\d[\d,]*(?:\.\d+)?)(?:\s+points?)?\s*\Z", re.IGNORECASE)
_DECAY = re.compile(
    r"\s+(?P<way>fading\s+over|halving\s+every)\s+(?P<count>\d+)\s+(?P<unit>[a-z]+)\s*\Z", re.IGNORECASE
)
_WAYS = ("when", "per", "per full")
_CLAUSES = {"op", "events", "where", "within"}


class _Rest(NamedTuple):
    """The text with blanks where something was taken, so that places stay, and what was taken."""

    text: str
    taken: dict[str, Any]


def parse(source: str) -> dict[str, Any]:
    """The rule that the text means; raises DefinitionRefused with the places of its faults in the text."""
    head = _HEAD.match(source)
    if head is None:
        raise DefinitionRefused(_no_head(source))
    points, way = _number(head["points"]), " ".join(head["way"].lower().split())
    rest = " " * head.end() + source[head.end() :]
    if way == "when":
        return {"points": points, "when": language.parse(rest)}
    if way == "per":
        return {"points": points, **_per(rest, head.end())}
    return {"points": points, **_per_full(rest, head.end())}


def _no_head(source: str) -> Fault:
    signed = re.match(r"\s*[+-]?\s*\d[\d,.]*\s*", source)
    if signed is None:
        return Fault("a rule begins with its points", line=1, column=1, suggestion=f"+10 {source.strip()}")
    word = re.match(r"\w+", source[signed.end() :])
    if word and word[0].lower() in ("when", "per"):
        return Fault("points have a sign", line=1, column=1, suggestion=f"+{source.strip()}")
    line, column = source.count("\n", 0, signed.end()) + 1, signed.end() - source.rfind("\n", 0, signed.end())
    hint = nearest(word[0], _WAYS) if word else None
    return Fault("points are given `when`, `per` or `per full`", line=line, column=column, suggestion=hint or "when")


def _number(written: str) -> int | float:
    value = Decimal(re.sub(r"[\s,+]", "", written))
    return int(value) if value == value.to_integral_value() else float(value)


def _per(source: str, start: int) -> dict[str, Any]:
    limited = _limit(source)
    decayed = _decay(limited.text)
    node = _did(decayed.text, start)
    within = {"within": node["within"]} if "within" in node else {}
    return {"per": _events(node), **within, **decayed.taken, **limited.taken}


def _per_full(source: str, start: int) -> dict[str, Any]:
    found = _FULL.match(source, start)
    if found is None:
        hint = 'week without any of ("Product Viewed", "Order Completed")'
        raise DefinitionRefused(_at(source, start + 1, "a span and `without` follow `per full`", hint))
    limited = _limit(" " * found.end() + source[found.end() :])
    node = _did(limited.text, found.end())
    if "within" in node:
        raise DefinitionRefused(_at(source, source.find("within"), "within does not go with `per full`"))
    span = _span(found["count"] or "1", found["unit"])
    return {"per full": span, "without": _events(node), **limited.taken}


def _events(node: dict[str, Any]) -> dict[str, Any]:
    return {key: node[key] for key in ("events", "where") if key in node}


def _span(count: str, unit: str) -> str:
    name = unit.lower().removesuffix("s")
    return f"{count} {name}{'' if count == '1' else 's'}"


def _limit(source: str) -> _Rest:
    found = _LIMIT.search(source)
    return _taken(source, found, {"at most": _number(found["limit"])}) if found else _Rest(source, {})


def _decay(source: str) -> _Rest:
    found = _DECAY.search(source)
    if found is None:
        return _Rest(source, {})
    way = " ".join(found["way"].lower().split())
    return _taken(source, found, {way: _span(found["count"], found["unit"])})


def _taken(source: str, found: re.Match[str], taken: dict[str, Any]) -> _Rest:
    return _Rest(source[: found.start()], taken)


def _did(source: str, start: int) -> dict[str, Any]:
    """The events and clauses after ``start``, read as those of a ``did`` that is written over the blanks before."""
    node = language.parse(f"{source[: start - 3]}did{source[start:]}")
    if node["op"] != "did" or node.keys() - _CLAUSES:
        message = "an event gives its points each time; what else `did` can say belongs to `when did …`"
        raise DefinitionRefused(_at(source, start, message))
    return node


def _at(source: str, position: int, message: str, suggestion: str | None = None) -> Fault:
    line, column = source.count("\n", 0, position) + 1, position - source.rfind("\n", 0, position)
    return Fault(message, line=line, column=column, suggestion=suggestion)
