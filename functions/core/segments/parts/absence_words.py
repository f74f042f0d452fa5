"""Texts of ``did … then not …``, such as ``left a cart in the last 7 days and did not order it within an hour``.

A label that has words for what the key identifies, such as a cart, implies two clauses: an answer without the key
counts too (``if given``), and the cart is not empty (``unless emptied``). A sentence for a condition without these
clauses names the key instead.
"""

from collections.abc import Sequence
from typing import Any

from functions.core.segments.language import formatting
from functions.core.segments.operator import Node, RepeatedClause, merged

_TAIL = {"for", "by", "within", "unless"}
# The clauses that "left a cart" implies: an order that names no cart counts as an answer, and the cart is not empty.
_WHATEVER_LEFT = {"if given": True, "unless": "emptied"}


def built(parts: Sequence[Any]) -> dict[str, Any]:
    """The JSON of ``did … then not …`` from its parsed parts."""
    first, *rest = parts
    answer = merged([part for part in rest if "events" in part or "where" in part])
    return {"op": "then not", **merged([first, {"not": answer}, *(part for part in rest if part.keys() & _TAIL)])}


def text(node: Node) -> str:
    """The canonical text."""
    head = f"did {formatting.events_text(node['events'])}"
    if "where" in node:
        head += f" where {formatting.where_text(node['where'])}"
    answer = formatting.events_text(node["not"]["events"]) + formatting.clauses(node["not"])
    words = f"{head} then not {answer} for {node['for']}"
    if "by" in node:
        if_given = " if given" if "if given" in node else ""
        words += f" by {formatting.path(node['by'])}{if_given}"
    words += f" within {node['within']}" if "within" in node else ""
    return words + (" unless emptied" if "unless" in node else "")


def built_of_left(parts: Sequence[Any]) -> dict[str, Any]:
    """The JSON of ``left a cart … and did not order it within an hour``; raises Doubled if the keys differ.

    These words imply the key and the clauses ``if given`` and ``unless emptied``.
    """
    first, *rest = parts
    place = next(place for place, part in enumerate(rest) if "answers" in part)
    answers = rest[place]["answers"]
    for other in answers:
        if other["by"] != first["by"]:
            raise RepeatedClause("by", other)
    events = [event for each in answers for event in each["events"]]
    answer = merged([{"events": events}, *(part for part in rest[place + 1 :] if "where" in part)])
    others = [*rest[:place], *(part for part in rest[place + 1 :] if "for" in part)]
    return {"op": "then not", **merged([first, {"not": answer, **_WHATEVER_LEFT}, *others])}


def _left_sentence(node: Node) -> str | None:
    """The sentence with the labels' words for the key; None if they have none or imply other clauses."""
    by, answer, whatever = node.get("by"), node["not"], {name: node.get(name) for name in _WHATEVER_LEFT}
    start = node["label"].start.get(by) if "label" in node else None
    ends = [each.end.get(by) for each in answer.get("labels", ())]
    if whatever != _WHATEVER_LEFT or not start or not ends or not all(ends):
        return None
    head = f"{start}{formatting.filtered(node)}{formatting.within(node)}"
    return (
        f"{head} and did not {' or '.join(ends)}{formatting.filtered(answer)} within {formatting.a_span(node['for'])}"
    )


def sentence(node: Node) -> str:
    """The English sentence; the key is not named if the labels have words for it."""
    return _left_sentence(node) or _plain_sentence(node)


def _plain_sentence(node: Node) -> str:
    head = formatting.did_words(node) + formatting.within(node)
    return f"{head} and then {formatting.did_not_words(node['not'])}{_rest(node)}"


def _rest(node: Node) -> str:
    filtered, span = formatting.filtered(node["not"]), formatting.a_span(node["for"])
    return f"{filtered} for {span}{formatting.same(node)}{_conditions(node)}"


def _conditions(node: Node) -> str:
    if_given = " or without one" if "if given" in node else ""
    return if_given + (" unless it was emptied" if "unless" in node else "")
