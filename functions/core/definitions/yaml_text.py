"""Reading the text of a definition, YAML or JSON, into plain values and YAML's tree of nodes, which has the positions.

The YAML is the core schema of version 1.2 (``on`` and ``no`` are strings, dates are text); anchors, tags and duplicate
keys are refused. Fractions are Decimal.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import yaml

from functions.core.base import json_text, texts
from functions.core.base.errors import DefinitionRefused, Fault, Malformed
from functions.core.base.limits import DEEPEST_DEFINITION, MOST_FAULTS
from functions.core.base.line_column import line_and_column

_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULL = ("", "~", "null", "Null", "NULL")
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,24})\Z")
_FRACTION = re.compile(r"[-+]?(0|[1-9][0-9]{0,24})?\.[0-9]{1,24}\Z")
# The most characters of a definition that counts as short; most have fewer.
_SHORT = 8_192
_TOO_DEEP = f"this is nested too deeply: values may stand in one another at most {DEEPEST_DEFINITION} times"
_TAGS = {
    yaml.ScalarNode: "tag:yaml.org,2002:str",
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
    yaml.MappingNode: "tag:yaml.org,2002:map",
}


class _Loader(yaml.SafeLoader):
    """A YAML loader that reads every scalar as text, to be interpreted by ``_scalar``."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the name and type are PyYAML's

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose a node; raises DefinitionRefused for one that stands in too many others."""
        if self._depth == DEEPEST_DEFINITION:
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # PyYAML has no types here
            raise DefinitionRefused(Fault(_TOO_DEEP, line=mark.line + 1, column=mark.column + 1))
        self._depth += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node


class Content(NamedTuple):
    """What a text says, as plain values, and its tree of nodes; None if the text is JSON that YAML does not read."""

    value: Any
    root: yaml.Node | None


def parse(text: str) -> Content:
    """Read a text; raises DefinitionRefused with the position of what is neither YAML nor, after a brace, JSON."""
    if text.lstrip().startswith("{"):
        return Content(_read_json(text), _compose(text, is_json=True))
    root = _compose(text, is_json=False)
    return Content(_construct(root), root)


# Publishing reads each text about six times, and several together in two rounds; most of that is spent in PyYAML. The
# cached nodes are never modified. They take about 300 times the room of the text, so few long ones are kept.
def _compose(text: str, is_json: bool) -> yaml.Node | None:
    return (_compose_short if len(text) <= _SHORT else _compose_long)(text, is_json)


def _composed(text: str, is_json: bool) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        if is_json:
            return None
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        message, hint = _yaml_fault(error, text.split("\n")[line - 1])
        raise DefinitionRefused(Fault(message, line=line, column=column, suggestion=hint)) from None
    except yaml.reader.ReaderError as error:
        line, column = line_and_column(text, error.position)
        raise DefinitionRefused(Fault("this character may not stand in YAML", line=line, column=column)) from None


_compose_short = lru_cache(maxsize=64)(_composed)
_compose_long = lru_cache(maxsize=8)(_composed)


def _yaml_fault(error: yaml.MarkedYAMLError, line: str) -> tuple[str, str | None]:
    """A message and suggestion for invalid YAML in a line, in terms of common mistakes."""
    if "'\\t'" in str(error.problem) or line.startswith("\t"):
        return "this is not YAML: lines are indented with spaces, and this one with a tab", None
    key, colon, value = line.partition(": ")
    if colon and ("{" in value or ": " in value or value.rstrip().endswith(":")) and value.strip()[:1] not in "'\"":
        quoted = value.strip().replace("'", "''")
        return "this is not YAML: a value with a colon or with braces stands in quotes", f"{key.strip()}: '{quoted}'"
    return f"this is not YAML: {' '.join(filter(None, (error.context, error.problem)))}", None


def _construct(node: yaml.Node | None) -> Any:
    if node is None:
        return None
    faults: list[Fault] = []
    value = _value(node, faults, set())
    if faults:
        raise DefinitionRefused(*faults)
    return value


def _value(node: yaml.Node, faults: list[Fault], ancestors: set[int]) -> Any:
    if len(faults) >= MOST_FAULTS:
        return None
    if id(node) in ancestors:
        return faults.append(_at(node, "anchors and aliases are not used in definitions; write the value again"))
    ancestors.add(id(node))
    if node.tag != _TAGS.get(type(node)):
        return faults.append(_at(node, f"tags such as {node.tag} are not used in definitions"))
    if isinstance(node, yaml.ScalarNode):
        return _scalar(texts.joined(node.value), node.style)
    if isinstance(node, yaml.MappingNode):
        return {key: _value(value, faults, ancestors) for key, value in _pairs(node, faults)}
    return [_value(item, faults, ancestors) for item in node.value]


def _pairs(node: yaml.MappingNode, faults: list[Fault]) -> Iterator[tuple[str, yaml.Node]]:
    names: set[str] = set()
    for key, value in node.value:
        if len(faults) >= MOST_FAULTS:
            return
        if not isinstance(key, yaml.ScalarNode):
            faults.append(_at(key, "a name is text"))
        elif key.value in names:
            faults.append(_at(key, f"{key.value!r} stands here twice"))
        else:
            names.add(key.value)
            yield key.value, value


def _scalar(text: str, style: str | None) -> Any:
    if style is not None:
        return text
    if text in _TRUTH:
        return _TRUTH[text]
    if text in _NULL:
        return None
    if _INT.match(text):
        return int(text)
    return Decimal(text) if _FRACTION.match(text) else text


def _at(node: yaml.Node, message: str) -> Fault:
    return Fault(message, line=node.start_mark.line + 1, column=node.start_mark.column + 1)


def _read_json(text: str) -> Any:
    try:
        return json_text.read(text, _unique)
    except Malformed as error:
        at = (replace(fault, line=fault.line or 1, column=fault.column or 1) for fault in error.faults)
        raise DefinitionRefused(*at) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    counts = Counter(name for name, _ in pairs)
    if twice := sorted(name for name, count in counts.items() if count > 1)[:MOST_FAULTS]:
        raise DefinitionRefused(*(Fault(f"{name!r} stands here twice", line=1, column=1) for name in twice))
    return dict(pairs)
