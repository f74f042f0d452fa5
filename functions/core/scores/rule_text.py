"""Formats a rule of a score as canonical text and as an English sentence."""

from collections.abc import Mapping
from typing import Any

from functions.core.segments.language import describe, formatting
from functions.core.segments.language.event_labels import PLAIN, Style, labelled
from functions.core.timelines.filters import constant

_TAILS = ("within", "fading over", "halving every")


def signed(points: Any) -> str:
    """The points with their sign: ``+10`` or ``-3``."""
    return f"{constant(points).normalize():+f}"


def text(rule: Mapping[str, Any]) -> str:
    """The rule's canonical text, such as ``+10 when …``; parsing it gives the rule back."""
    head = signed(rule["points"])
    if "when" in rule:
        return f"{head} when {describe.text(rule['when'])}"
    limit = f" at most {formatting.number(rule['at most'])}" if "at most" in rule else ""
    if "per full" in rule:
        full = rule["per full"].removeprefix("1 ")
        return f"{head} per full {full} without {_events(rule['without'])}{limit}"
    tail = "".join(f" {name} {rule[name]}" for name in _TAILS if name in rule)
    return f"{head} per {_events(rule['per'])}{tail}{limit}"


def _events(part: Mapping[str, Any]) -> str:
    where = f" where {formatting.where_text(part['where'])}" if "where" in part else ""
    return formatting.events_text(part["events"]) + where


def sentence(rule: Mapping[str, Any], style: Style = PLAIN) -> str:
    """The rule in English, such as ``+10 points for people who …``."""
    number = constant(rule["points"])
    head = f"{signed(rule['points'])} {'point' if abs(number) == 1 else 'points'}"
    if "when" in rule:
        people = describe.people(rule["when"], style)
        return f"{head} for {people[0].lower()}{people[1:]}"
    limit = f", at most {formatting.amount(rule['at most'])} in all" if "at most" in rule else ""
    labelled_rule = labelled(rule, style)
    if "per full" in rule:
        full, events = formatting.span(rule["per full"]), formatting.done_words(labelled_rule["without"])
        return f"{head} for each full {full} since they last {events}{limit}"
    return f"{head} each time they {formatting.done_words(labelled_rule['per'])}{_decay(rule)}{limit}"


def _decay(rule: Mapping[str, Any]) -> str:
    if "fading over" in rule:
        return f", fading day by day over {formatting.span(rule['fading over'])}"
    if "halving every" in rule:
        return f", halved every {formatting.span(rule['halving every'])}"
    return formatting.within(rule)
