"""The mapping of a declared source: its expressions, and what they make of a body."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from functions.core.mappings.expression import Expression, parse

# The keys of a rule that hold one expression, and those that hold one for each name.
SINGLE = ("when", "time", "consent")
NAMED = ("person", "properties", "traits")


class Rule(NamedTuple):
    """One event that a body may become: its name, and the expressions of its parts by their keys."""

    name: str
    single: Mapping[str, Expression]
    named: Mapping[str, Mapping[str, Expression]]


class SourceMapping(NamedTuple):
    """The expressions of a source; ``headers`` are the names, in lower case, of those that they read."""

    identity: Expression | None
    ignore: Expression | None
    rules: Sequence[Rule]
    headers: frozenset[str]


def compile_mapping(body: Mapping[str, Any]) -> SourceMapping:
    """The mapping of a definition's body, which was checked when it was published."""
    identity, ignore = (parse(body[key]) if key in body else None for key in ("identity", "ignore"))
    rules = [_rule(each) for each in body["events"]]
    parts = [each for each in (identity, ignore) if each]
    for rule in rules:
        parts += [*rule.single.values(), *(each for named in rule.named.values() for each in named.values())]
    return SourceMapping(identity, ignore, rules, frozenset().union(*(each.headers for each in parts)))


def _rule(body: Mapping[str, Any]) -> Rule:
    single = {key: parse(body[key]) for key in SINGLE if key in body}
    named = {key: {name: parse(text) for name, text in body.get(key, {}).items()} for key in NAMED}
    return Rule(body["event"], single, named)
