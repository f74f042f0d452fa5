"""The parser of the segment language: text to JSON; JSON to text is re-exported from ``describe``.

The grammar is assembled from the operators' records. Only code that saves definitions imports this module: evaluation
works on the stored JSON and does not need lark.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from lark import Lark, Token
from lark.exceptions import UnexpectedInput

from functions.core.base.errors import DefinitionRefused, Fault
from functions.core.segments.language import label_terminals
from functions.core.segments.language.check import DEEPEST, LONGEST_CONDITION, problems, references
from functions.core.segments.language.describe import sentence, text
from functions.core.segments.language.event_labels import SHIPPED, Label, Labels, event_of_verb, labels_of
from functions.core.segments.language.filter_fields import DEEPEST_FILTER
from functions.core.segments.language.formatting import DATE, TITLE
from functions.core.segments.language.formatting import PATH as _PATH
from functions.core.segments.language.formatting import STRING as _STRING
from functions.core.segments.language.named import Groups, unknown
from functions.core.segments.language.positions import Parsed, Part, Place, noted, of_clauses, of_values, place_of
from functions.core.segments.language.syntax_errors import doubled, fault_of, without_comments
from functions.core.segments.language.transformer import LITERALS
from functions.core.segments.operator import RepeatedClause
from functions.core.segments.registry import operators

__all__ = ["json_text", "parse", "parsed", "read", "references", "sentence", "text"]

_UNIT = r"(?:kilo)?met(?:re|er)s?\b|km\b|m\b"
_NEAR = rf"within\s+[\d.,]+\s*(?:{_UNIT})"
# An "and" belongs to a filter when a comparison follows it, and to the condition when another condition does.
_FILTER_GOES_ON = (
    r"(?=[\s(]*(?!consent\s+is\s+(?:not\s+)?(?:subscribed|pending|unsubscribed|unknown)\b)"
    rf"(?:{_PATH}|{_STRING})\s*(?:[=!<>≥≤≠]|(?:in\s*\(|(?:is|contains|starts|exists|missing)\b|{_NEAR})))"
)

_COMMON = rf"""
start: definition* _PEOPLE? condition
?condition: either
?either: both | some
some: both (_or both)+
?both: unary | every
every: unary (_and unary)+
?unary: "(" condition ")" | negation | leaf
negation: "not" unary | "are not among those who" unary | "are not among those" unary

head: "did" events clause*
step: events where?
events: event | "any of" "(" event ("," event)* ")"
?event: string | title | named
title: TITLE
named: EVENTS_ID
?clause: where | count | window
?window: within | in_the_last | in_the_last_one | between_ago | between_dates | since | until
within: "within" span
in_the_last: "in the last" span
in_the_last_one: "in the last" one
one: WORD
a_one: _a one
_a: "a" | "an"
between_ago: "between" span "and" span "ago"
between_dates: "between" instant _and instant
_and: "and" | _AND_FILTER
_or: "or" | _OR_FILTER
since: "since" instant
until: "until" instant
?instant: string | date
date: DATE
span: NUMBER WORD
?count: at_least | at_most | exactly
at_least: "at least" number _times?
at_most: "at most" number _times?
exactly: "exactly" number _times?
_times: "times" | "time"

where: "where" filter
?filter: filter_some | filter_both
filter_some: filter_both (_OR_FILTER filter_both)+
?filter_both: filter_every | filter_one
filter_every: filter_one (_AND_FILTER filter_one)+
?filter_one: compared | "(" filter ")"
compared: property comparison
?comparison: COMPARE value -> compared_value
    | "in" "(" item ("," item)* ")" -> compared_list
    | "contains" value -> contains
    | "starts with" value -> starts_with
    | "exists" -> exists
    | "missing" -> missing
    | _within_metres NUMBER UNIT "of" "(" plain "," plain ")" -> near
    | "is one of" "(" item ("," item)* ")" -> compared_list
    | "is known" -> exists
    | "is not known" -> missing
    | said
_within_metres: "within" | "is within"
?said: "is" value -> is_equal
    | "is not" value -> is_other
    | "is more than" value -> is_more
    | "is less than" value -> is_less
    | "is fewer than" value -> is_less
    | "is at least" value -> is_least
    | "is at most" value -> is_most
    | "is" number "or more" -> is_least
    | "is" number "or less" -> is_most
    | "is after" value -> is_more
    | "is before" value -> is_less
    | "is on or after" value -> is_least
    | "is on or before" value -> is_most
net: "net"
in_currency: IN_CURRENCY
property: PATH | STRING
?compared_number: COMPARE number -> compared_value
    | number_said
    | "that" number_said -> that_said
?number_said: "is" number -> is_equal
    | "is not" number -> is_other
    | "is more than" number -> is_more
    | "is less than" number -> is_less
    | "is fewer than" number -> is_less
    | "is at least" number -> is_least
    | "is at most" number -> is_most
    | "is" number "or more" -> is_least
    | "is" number "or less" -> is_most
?bound_number: "more than" number -> is_more
    | "less than" number -> is_less
    | "fewer than" number -> is_less
    | "at least" number -> is_least
    | "at most" number -> is_most
    | "exactly" number -> is_equal
_have: "have a" | "have an"
_with: _have | "whose"
past: past_events clause*
past_step: past_events where?
past_events: PAST
negative_events: NEGATIVE
several: SEVERAL
done_to: DONE_TO
summed: SUMMED
started: STARTED
ended: ENDED
?value: string | date | number | true | false
?item: string | date | plain | true | false
string: STRING
number: NUMBER
plain: PLAIN
true: "true"
false: "false"

COMPARE: />=|<=|!=|==|[<>=≥≤≠]/
NUMBER: /-?[€$£¥₹₩₺₴₫₪฿₦₱]?(\d{{1,3}}(,\d{{3}})+|\d+)(\.\d+)?/
PLAIN: /-?[€$£¥₹₩₺₴₫₪฿₦₱]?\d+(\.\d+)?/
STRING: /{_STRING}/
_PEOPLE.3: /people(?:\s+who\b|(?=\s+whose\b))/i
DATE.2: /{DATE}/
TITLE: /{TITLE}/
TRAIT_SAID: /{_PATH}(?=\s+(?:is|contains|starts\s+with)\b)/
PATH: /{_PATH}/
EVENTS_ID: /[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?![\w-])/
UNIT: /{_UNIT}/i
IN_CURRENCY.2: /in\s+(?!the\b)[a-z]{{3}}\b/i
WORD: /[^\W\d]+/
_AND_FILTER.2: /and\b{_FILTER_GOES_ON}/i
_OR_FILTER.2: /or\b{_FILTER_GOES_ON}/i
%ignore /\s+/
"""


_KEYWORD = "KW_"
_DEEPEST = {"every": DEEPEST, "some": DEEPEST, "negation": DEEPEST} | dict.fromkeys(
    ("filter_every", "filter_some"), DEEPEST_FILTER
)


def _grammar(labels: Labels) -> str:
    """The complete lark grammar; lower-case words in double quotes become keywords, in any case, as whole words."""
    leaves = " | ".join(name for operator in operators().values() for name in operator.leaves)
    source = "\n".join([_COMMON, f"?leaf: {leaves}", *(operator.grammar for operator in operators().values())])
    words: dict[str, str] = {}

    def keyword(match: re.Match[str]) -> str:
        name = _KEYWORD + re.sub("[ -]", "_", match[1].upper())
        words[name] = match[1].replace(" ", r"\s+")
        return name

    body = re.sub(r'"([a-z][a-z \-]*)"', keyword, source)
    keywords = (rf"{name}.1: /{word}\b/i" for name, word in words.items())
    return "\n".join([body, *keywords, *label_terminals.terminals(labels)])


def _callback(name: str, build: Callable[[Sequence[Any]], Any]) -> Callable[[Any, Sequence[Any]], Any]:
    """The lark callback of a rule: builds its JSON and records the positions of its parts."""

    def callback(_: Any, children: Sequence[Any]) -> Any:
        place = next((position for position in map(place_of, children) if position), None)
        built = build([child for child in children if not _is_keyword(child)])
        if not isinstance(built, dict):
            return built
        part = Part(built)
        part.place = place
        part.places = of_values(built, children, place)
        part.clauses = of_clauses(built, children, place)
        deepest = _DEEPEST.get(name)
        part.depth = max((getattr(child, "depth", 0) for child in children), default=0) + (deepest is not None)
        if deepest is not None and part.depth >= deepest:
            raise DefinitionRefused(_fault(place, f"brackets are nested more than {deepest} deep"))
        return part

    return callback


def _fault(place: Place | None, message: str, suggestion: str | None = None) -> Fault:
    line, column = place or (1, 1)
    return Fault(message, "when", line, column, suggestion)


def _is_keyword(child: Any) -> bool:
    return isinstance(child, Token) and child.type.startswith(_KEYWORD)


def _parser(labels: Labels) -> Lark:
    """The parser for these labels, cached for the latest eight vocabularies."""
    return _made(json.dumps(sorted((key, label._asdict()) for key, label in labels.items())))


@lru_cache(maxsize=8)
def _made(labels_json: str) -> Lark:
    labels = {tuple(key): Label(**label) for key, label in json.loads(labels_json)}
    rules = {**LITERALS, **label_terminals.rules(labels)}
    for operator in operators().values():
        rules.update(operator.rules)
    builder = type("Builder", (), {name: _callback(name, build) for name, build in rules.items()})()
    return Lark(_grammar(labels), parser="lalr", transformer=builder, maybe_placeholders=False)


def _spoken(labels: Labels) -> dict[str, list[str]]:
    """The words that may be typed for terminals that match several."""
    spoken = {name: list(words) for operator in operators().values() for name, words in operator.terminals.items()}
    return {**label_terminals.spoken(labels), **spoken}


def parsed(source: str, labels: Labels = SHIPPED) -> Parsed:
    """Parse the text into a node with positions, not yet validated; raises DefinitionRefused on a syntax error."""
    if len(source) > LONGEST_CONDITION:
        raise DefinitionRefused(_fault(None, f"a condition is at most {LONGEST_CONDITION} characters long"))
    clean = without_comments(source)
    try:
        tree = _parser(labels).parse(clean)
    except UnexpectedInput as error:
        raise DefinitionRefused(fault_of(error, clean, _parser(labels), _spoken(labels))) from None
    except RepeatedClause as error:
        raise DefinitionRefused(doubled(error, place_of(error.part.get(error.key)) or place_of(error.part))) from None
    return noted(tree)


def read(
    source: str,
    known_segments: Any = None,
    retention_days: int | None = None,
    groups: Groups | None = None,
    *,
    words: Labels = SHIPPED,
) -> tuple[dict[str, Any], list[Fault]]:
    """Return the node and its faults, each with line and column; raises DefinitionRefused on a syntax error.

    References to segments and named events are checked if ``known_segments`` and ``groups`` are given. The labels that
    the text may use are those of ``groups``, else ``words``.
    """
    result = parsed(source, labels_of(groups) if groups else words)
    faults = [result.fault(*each) for each in problems(result.node, known_segments)]
    if groups is not None:
        faults += [
            result.fault(each, "when")
            for each in unknown(result.node, groups, partial(event_of_verb, labels=labels_of(groups)))
        ]
    if not faults and retention_days is not None:
        faults = result.beyond(retention_days)
    return result.node, faults


def parse(source: str, retention_days: int | None = None, words: Labels = SHIPPED) -> dict[str, Any]:
    """Return the node; raises DefinitionRefused with every fault. References to segments are not checked."""
    node, faults = read(source, None, retention_days, words=words)
    if faults:
        raise DefinitionRefused(*faults)
    return node


def json_text(node: Mapping[str, Any]) -> str:
    """The node as JSON on one line."""
    return json.dumps(node, ensure_ascii=False, separators=(",", ":"), default=str)
