"""Parses the text of a rule to its JSON. What follows the points is in the segment language.

+10 when did "Order Completed" within 30 days
+5 per "Email Opened" within 90 days at most 25
+20 per "Order Completed" fading over 30 days          or halving every 30 days
-3 per full week without any of ("Product Viewed", "Order Completed") at most 30
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from functions.core.base.errors import DefinitionRefused, Fault
from functions.core.base.line_column import line_and_column
from functions.core.base.spelling import nearest
from functions.core.scores.check import RuleFault, check
from functions.core.segments.language import parser
from functions.core.segments.language.event_labels import SHIPPED, Labels
from functions.core.segments.language.positions import Place

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_HEAD = re.compile(rf"\s*(?P<points>[+-]\s*{_NUMBER})\s+(?P<way>when|per\s+full|per)\b", re.IGNORECASE)
_FULL = re.compile(r"\s+(?:(?P<count>\d+)\s+)?(?P<unit>[a-z]+)\s+(?P<without>without)\b", re.IGNORECASE)
_EACH = re.compile(r"\s+(?:\d+\s+)?(?P<unit>(?:hour|day|week|month)s?)\s+without\b", re.IGNORECASE)
_LIMIT = re.compile(rf"\s+at\s+most\s+(?P<limit>{_NUMBER})(?:\s+points?)?\s*\Z", re.IGNORECASE)
_DECAY = re.compile(
    r"\s+(?P<way>fading\s+over|halving\s+every)\s+(?P<count>\d+)\s+(?P<unit>[a-z]+)\s*\Z", re.IGNORECASE
)
_WAYS = ("when", "per", "per full")
_CLAUSES = {"op", "events", "where", "within"}


class ParsedRule(NamedTuple):
    """A parsed rule, or some keys of one, with places in the text.

    ``places`` has those of the rule's keys, ``inner`` those of its condition's nodes by (id of the node, field). Both
    are empty if the rule was JSON.
    """

    rule: dict[str, Any]
    places: dict[str, Place]
    inner: Mapping[tuple[int, str], Place]

    def fault(self, complaint: RuleFault, where: str) -> Fault:
        """The complaint as a fault, with line and column if the rule was text; ``where`` is the path of the rule."""
        key, message, hint, problem, path = complaint
        inside = (id(problem.node), problem.field) if problem else (0, "")
        path = f"{path}.{problem.field}" if problem and problem.field in problem.node else path
        place = self.inner.get(inside) or self.inner.get((inside[0], "")) or self.places.get(key)
        line, column = place or (None, None)
        where = f"{where}.{path or key}" if key else where
        return Fault(message if problem or not key else f"{key}: {message}", where, line, column, hint)


class _Rest(NamedTuple):
    """The text without the clause at its end, and the keys of that clause with their places; no keys without one."""

    text: str
    taken: dict[str, Any]
    places: dict[str, Place]


def parse(source: str, words: Labels = SHIPPED) -> dict[str, Any]:
    """The rule that the text means; raises DefinitionRefused with the places of its faults in the text."""
    written = read(source, words)
    if faults := [written.fault(each, "rule") for each in check(written.rule)]:
        raise DefinitionRefused(*faults)
    return written.rule


def read(source: str, words: Labels = SHIPPED) -> ParsedRule:
    """The rule with its places, not yet checked; raises DefinitionRefused if it does not parse.

    ``words`` are the labels of events that its condition may use.
    """
    head = _HEAD.match(source)
    if head is None:
        raise DefinitionRefused(_no_head(source))
    points, way = {"points": _number(head["points"])}, " ".join(head["way"].lower().split())
    places = {"points": line_and_column(source, head.start("points")), way: line_and_column(source, head.start("way"))}
    rest = " " * head.end() + source[head.end() :]
    if way == "when":
        node, part, clauses = parser.parsed(rest, words)
        return ParsedRule(points | {"when": node}, places, part | clauses)
    parsed = (_per if way == "per" else _per_full)(rest, head.end())
    return ParsedRule(points | parsed.rule, places | parsed.places, parsed.inner)


def _no_head(source: str) -> Fault:
    signed = re.match(r"\s*[+-]?\s*\d[\d,.]*\s*", source)
    if signed is None:
        rest = re.search(r"\b(?:when|per)\b.*", source, re.DOTALL | re.IGNORECASE)
        hint = f"+10 {(rest[0] if rest else source).strip()}"
        return Fault("a rule begins with its points, a number with a sign", line=1, column=1, suggestion=hint)
    if decimal := re.match(r"\s*([+-])?\s*(\d+),(\d{1,2})(?!\d)", source):
        hint = f"{decimal[1] or '+'}{decimal[2]}.{decimal[3]}"
        return _at(source, decimal.start(2), "points have a point before their decimals", hint)
    word = re.match(r"\w+", source[signed.end() :])
    if word and word[0].lower() in ("when", "per"):
        return Fault("points have a sign", line=1, column=1, suggestion=f"+{source.strip()}")
    way = nearest(word[0], _WAYS) if word and word[0].lower() not in ("for", "if") else None
    return _at(source, signed.end(), "points are given `when`, `per` or `per full`", way or "when")


def _number(written: str) -> int | float:
    value = Decimal(re.sub(r"[\s,+]", "", written))
    return int(value) if value == value.to_integral_value() else float(value)


def _per(source: str, start: int) -> ParsedRule:
    if each := _EACH.match(source, start):
        message = "a span for which points are given each time is said as `per full week without …`"
        raise DefinitionRefused(_at(source, each.start("unit"), message, f"full {each['unit']}"))
    limited = _limit(source)
    decayed = _decay(limited.text)
    node, inner = _did(decayed.text, start)
    within = {"within": node["within"]} if "within" in node else {}
    places = {name: inner[id(node), name] for name in within} | decayed.places | limited.places
    return ParsedRule({"per": _events(node), **within, **decayed.taken, **limited.taken}, places, inner)


def _per_full(source: str, start: int) -> ParsedRule:
    match = _FULL.match(source, start)
    if match is None:
        hint = 'week without any of ("Product Viewed", "Order Completed")'
        raise DefinitionRefused(_at(source, start + 1, "a span and `without` follow `per full`", hint))
    limited = _limit(" " * match.end() + source[match.end() :])
    node, inner = _did(limited.text, match.end())
    if "within" in node:
        raise DefinitionRefused(_at(source, source.find("within"), "within does not go with `per full`"))
    rule = {"per full": _span(match["count"] or "1", match["unit"]), "without": _events(node), **limited.taken}
    places = {"per full": line_and_column(source, match.start("count") if match["count"] else match.start("unit"))}
    return ParsedRule(rule, places | limited.places, inner)


def _events(node: dict[str, Any]) -> dict[str, Any]:
    return {key: node[key] for key in ("events", "where") if key in node}


def _span(count: str, unit: str) -> str:
    name = unit.lower().removesuffix("s")
    return f"{count} {name}{'' if count == '1' else 's'}"


def _limit(source: str) -> _Rest:
    match = _LIMIT.search(source)
    return _taken(source, match, {"at most": _number(match["limit"])}) if match else _Rest(source, {}, {})


def _decay(source: str) -> _Rest:
    match = _DECAY.search(source)
    if match is None:
        return _Rest(source, {}, {})
    way = " ".join(match["way"].lower().split())
    return _taken(source, match, {way: _span(match["count"], match["unit"])})


def _taken(source: str, match: re.Match[str], options: dict[str, Any]) -> _Rest:
    begins = match.end() - len(match[0].lstrip())
    return _Rest(source[: match.start()], options, dict.fromkeys(options, line_and_column(source, begins)))


def _did(source: str, start: int) -> tuple[dict[str, Any], Mapping[tuple[int, str], Place]]:
    """The node of the events and clauses after ``start``, and the places of its clauses.

    They are parsed as a ``did`` condition, whose ``did`` replaces the three characters before ``start``, so that places
    stay right. Raises DefinitionRefused.
    """
    written = f"{source[: start - 3]}did{source[start:]}"
    node, _, clauses = parser.parsed(written)
    if node["op"] != "did" or node.keys() - _CLAUSES:
        message = "an event gives its points each time; what else `did` can say belongs to `when did …`"
        raise DefinitionRefused(_at(source, start, message))
    if faults := parser.read(written)[1]:
        raise DefinitionRefused(*faults)
    return node, clauses


def _at(source: str, position: int, message: str, suggestion: str | None = None) -> Fault:
    line, column = line_and_column(source, position)
    return Fault(message, line=line, column=column, suggestion=suggestion)
