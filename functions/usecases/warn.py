"""Warn about a definition that was accepted, or about a condition that is tried out."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

from functions.core.base.errors import Fault
from functions.core.base.limits import MOST_FAULTS
from functions.core.definitions.document import Document, read
from functions.core.definitions.records import Definition
from functions.core.definitions.registry import kind_of
from functions.core.definitions.shop import Shop
from functions.core.definitions.vocabulary.check import vocabulary, warnings_of
from functions.core.definitions.vocabulary.seen import Names
from functions.core.segments.priced import Money, not_counted
from functions.core.segments.zoned import UTC_NAME
from functions.usecases.context import Context


def of_definition(
    definition: Definition, definitions: Iterable[Definition], seen_names: Names, currency: str
) -> list[Fault]:
    """The warnings about an accepted definition, judged with the current ones, each with its place in the text.

    Of more than ``MOST_FAULTS`` the first are told.
    """
    definitions = list(definitions)
    others = [each for each in definitions if each.address != definition.address]
    kind, document = kind_of(definition.kind), read(definition.text)
    refused, warned = kind.judge(definition.body, document, vocabulary(others, seen_names), others)
    money = Shop.of(definitions, UTC_NAME, currency).money
    amounts = _of_amounts(definition, document, money, seen_names)
    return list(islice(chain(kind.warnings(document, seen_names), refused, warned, amounts), MOST_FAULTS))


def of_condition(context: Context, condition: Mapping[str, Any], text: str) -> list[Fault]:
    """The warnings about a condition, each with its place in the text."""
    names, money = context.ports.names.all(), context.ruleset.shop.money
    named = warnings_of(condition, text, vocabulary(context.ports.definitions.current(), names))
    return [*named, *(Fault(message, "when", 1, 1, hint) for message, hint in _mixed(condition, money, names))]


def _of_amounts(definition: Definition, document: Document, money: Money, names: Names) -> Iterator[Fault]:
    """Warn of amounts that are not counted: in other currencies, or in those without a rate."""
    for key in ("when", "rules", "steps"):
        for text, hint in _mixed(definition.body.get(key), money, names):
            yield document.place(Fault(text, key, suggestion=hint))


def _mixed(value: Any, money: Money, names: Names) -> Iterator[tuple[str, str]]:
    for currency, lost in not_counted(value, money, names["currencies"]):
        message = f"amounts count in {currency}, and events in {', '.join(lost)} are not counted"
        hint = f"publish rates of {', '.join(lost)}"
        yield message, hint if "rates" in money else f"say the currency: sum of total in {lost[0]} over …, or {hint}"
