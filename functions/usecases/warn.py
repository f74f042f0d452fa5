"""What to say of a definition that was taken, or of a condition that is tried out."""

from collections.abc import Iterable, Mapping
from typing import Any

from functions.core.document import read
from functions.core.errors import Fault
from functions.core.ports import Ports
from functions.core.records import Definition
from functions.core.vocabulary.check import judge, vocabulary, warnings_of
from functions.core.vocabulary.seen import Names


def of_definition(definition: Definition, there: Iterable[Definition], seen: Names) -> list[Fault]:
    """The warnings about a definition that was taken, beside what is current, each with its place in its text."""
    if definition.kind == "templates":
        from functions.core.messages import (
            definition as templates,  # brings Liquid and MJML, which previews do not need
        )

        return templates.warnings(definition.text)
    others = [each for each in there if (each.kind, each.id) != (definition.kind, definition.id)]
    refused, warned = judge(definition.body, read(definition.text), vocabulary(others, seen))
    return [*refused, *warned]


def of_condition(condition: Mapping[str, Any], text: str, ports: Ports) -> list[Fault]:
    """The warnings about a condition, each with its place in the text."""
    return warnings_of(condition, text, vocabulary(ports.definitions.current(), ports.names.all()))
