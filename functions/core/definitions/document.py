"""Definitions as YAML or JSON text, read into plain values with the position of each value in the text.

The YAML is the core schema of version 1.2 (``on`` and ``no`` are strings, dates are text); anchors, tags and duplicate
keys are refused. Fractions are Decimal.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

import yaml

from functions.core.base.errors import DefinitionRefused, Fault
from functions.core.base.model_faults import is_tag

LONGEST = 64 * 1024

_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULL = ("", "~", "null", "Null", "NULL")
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,24})\Z")
_FRACTION = re.compile(r"[-+]?(0|[1-9][0-9]{0,24})?\.[0-9]{1,24}\Z")
_TAGS = {
    yaml.ScalarNode: "tag:yaml.org,2002:str",
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
    yaml.MappingNode: "tag:yaml.org,2002:map",
}
_PATH = re.compile(r"[^./\[\]]+")
_PIECES = {
    "'": re.compile(r"''|.", re.DOTALL),
    '"': re.compile(r"\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|.)|.", re.DOTALL),
}


class _Loader(yaml.SafeLoader):
    """A YAML loader that reads every scalar as text, to be interpreted by ``_scalar``."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the name and type are PyYAML's


@dataclass(frozen=True, slots=True)
class Document:
    """A definition's text, its body, and the YAML node tree with positions (None if there is none)."""

    text: str
    body: dict[str, Any]
    root: yaml.Node | None

    def place(self, fault: Fault) -> Fault:
        """The fault with its line and column counted in the whole text.

        ``fault.where`` is a path into the body ("when", "examples[0].events[1]"); a fault's own line and
        column count from the start of the text found there.
        """
        return self._placed(fault, _PATH.findall(fault.where))

    def at(self, fault: Fault, loc: Sequence[int | str]) -> Fault:
        """The fault at the location that pydantic reports; union tags in ``loc`` are skipped."""
        path = list(_way(self.body, loc))
        where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")
        return self._placed(replace(fault, where=where), list(map(str, path)))

    def _placed(self, fault: Fault, path: list[str]) -> Fault:
        node = _find(self.root, path)
        if node is None:
            return fault
        if fault.line is not None and isinstance(node, yaml.ScalarNode):
            line, column = _inside(self.text, node, fault.line, fault.column or 1)
        else:
            line, column = node.start_mark.line + 1, node.start_mark.column + 1
        return replace(fault, line=line, column=column)

    def extent(self, key: str) -> tuple[int, int] | None:
        """The character range [begin, end) of the value of a top-level key in the text; None if the key is absent."""
        node = _child(self.root, key)
        return (node.start_mark.index, node.end_mark.index) if node is not None else None

    def mention(self, word: str, message: str, suggestion: str | None = None) -> Fault:
        """A fault at the first value that equals the word, else has it in quotes, else has it as a whole word.

        The value of ``id`` is not searched. Without any match the fault is at line 1, column 1.
        """
        values = list(_values(self.root, "id"))
        for node, path in values:
            if node.value == word:
                return self.place(Fault(message, path, suggestion=suggestion))
        for node, path in values:
            before, word_itself, _ = str(node.value).partition(f'"{word}"')
            if word_itself:
                line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
                return self.place(Fault(message, path, line, column, suggestion))
        for node, path in values:
            if alone := re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", str(node.value)):
                before = node.value[: alone.start()]
                line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
                return self.place(Fault(message, path, line, column, suggestion))
        return Fault(message, line=1, column=1, suggestion=suggestion)


def _values(node: yaml.Node | None, *skipped: str, path: str = "") -> Iterator[tuple[yaml.ScalarNode, str]]:
    """Yield every scalar with its path, except those under the skipped keys."""
    if isinstance(node, yaml.ScalarNode):
        yield node, path
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _values(item, path=f"{path}[{index}]")
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value not in skipped:
                yield from _values(value, path=f"{path}.{key.value}" if path else key.value)


def read(text: str) -> Document:
    """Read a definition's text; raises DefinitionRefused with the position of the error."""
    if len(text.encode()) > LONGEST:
        raise DefinitionRefused(Fault(f"a definition has at most {LONGEST} bytes", line=1, column=1))
    text = text.removeprefix("\ufeff")
    as_json = _read_json(text) if text.lstrip().startswith("{") else None
    node = _compose(text, as_json is not None)
    body = as_json if as_json is not None else _construct(node)
    if not isinstance(body, dict):
        raise DefinitionRefused(Fault(_no_mapping(body), line=1, column=1, suggestion="id: vip"))
    return Document(text, body, node)


def _no_mapping(body: Any) -> str:
    if body is None:
        return "there is nothing here: a definition is names with their values, each on a line"
    if isinstance(body, list):
        return "this is a list: a definition is names with their values, one definition a file"
    return "a definition is names with their values, each on a line"


def checked(
    given: str | Mapping[str, Any], body_of: Callable[[Mapping[str, Any], list[Fault]], dict[str, Any]]
) -> dict[str, Any]:
    """Return the body that ``body_of`` makes of a text or JSON; raises DefinitionRefused with every fault."""
    document = read(given) if isinstance(given, str) else Document(json.dumps(given, default=str), dict(given), None)
    faults: list[Fault] = []
    body = body_of(document.body, faults)
    if faults:
        raise DefinitionRefused(*map(document.place, faults))
    return body


# Publishing reads the same text about six times, most of it spent in PyYAML. The cached nodes are never modified.
@lru_cache(maxsize=8)
def _compose(text: str, is_json: bool) -> yaml.Node | None:
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
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise DefinitionRefused(Fault("this character may not stand in YAML", line=line, column=column)) from None
    except RecursionError:
        raise DefinitionRefused(Fault("this is nested too deeply", line=1, column=1)) from None


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


def _value(node: yaml.Node, faults: list[Fault], seen: set[int]) -> Any:
    if id(node) in seen:
        return faults.append(_at(node, "anchors and aliases are not used in definitions; write the value again"))
    seen.add(id(node))
    if node.tag != _TAGS.get(type(node)):
        return faults.append(_at(node, f"tags such as {node.tag} are not used in definitions"))
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node.value, node.style)
    if isinstance(node, yaml.MappingNode):
        return {key: _value(value, faults, seen) for key, value in _pairs(node, faults)}
    return [_value(item, faults, seen) for item in node.value]


def _pairs(node: yaml.MappingNode, faults: list[Fault]) -> Iterator[tuple[str, yaml.Node]]:
    names: set[str] = set()
    for key, value in node.value:
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
        return json.loads(text, parse_float=Decimal, object_pairs_hook=_unique, parse_constant=_constant)
    except json.JSONDecodeError as error:
        fault = Fault(f"this is not JSON: {error.msg}", line=error.lineno, column=error.colno)
        raise DefinitionRefused(fault) from None
    except (RecursionError, ValueError):
        message = "this is nested too deeply, or has a number of thousands of digits"
        raise DefinitionRefused(Fault(message, line=1, column=1)) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DefinitionRefused(*(Fault(f"{name!r} stands here twice", line=1, column=1) for name in twice))
    return dict(pairs)


def _constant(name: str) -> Any:
    raise DefinitionRefused(Fault(f"{name} is not a number", line=1, column=1))


def _way(value: Any, loc: Sequence[int | str]) -> Iterator[int | str]:
    """Yield the steps of ``loc`` that lead into the value, without union tags; a missing last key is included."""
    for step in loc:
        leads = step in value if isinstance(value, dict) else isinstance(value, list) and isinstance(step, int)
        if leads or not is_tag(step):
            yield step
            value = value[step] if leads else None


def _find(node: yaml.Node | None, path: list[str]) -> yaml.Node | None:
    """The node at the path, or the deepest existing node on the way."""
    for step in path:
        inner = _child(node, step)
        if inner is None:
            return node
        node = inner
    return node


def _child(node: yaml.Node | None, step: str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and step.isdigit() and int(step) < len(node.value):
        child: yaml.Node = node.value[int(step)]
        return child
    return None


def _inside(text: str, node: yaml.ScalarNode, line: int, column: int) -> tuple[int, int]:
    """The line and column in the text for a line and column in a scalar's value.

    YAML styles indent, fold and escape differently, but none changes the order or number of visible characters, so
    these are counted.
    """
    value = str(node.value)
    lines = value.split("\n")[: line - 1]
    offset = min(sum(len(each) + 1 for each in lines) + column - 1, len(value))
    left = sum(not character.isspace() for character in value[:offset])
    on_visible = offset < len(value) and not value[offset].isspace()
    index = last = _content(text, node)
    for piece in _pieces(text, node):
        visible = not _decoded(piece, node.style).isspace()
        if visible and left == 0 and on_visible:
            return _position(text, index)
        if left == 0 and not on_visible:
            break
        index += len(piece)
        if visible:
            left, last = left - 1, index
    return _position(text, last)


def _content(text: str, node: yaml.ScalarNode) -> int:
    """The index at which the scalar's content begins: after the quote, or below the header of a block."""
    start: int = node.start_mark.index
    if node.style in ("|", ">"):
        return text.find("\n", start) + 1
    return start + (1 if node.style else 0)


def _pieces(text: str, node: yaml.ScalarNode) -> list[str]:
    quoted = _PIECES.get(node.style or "")
    raw = text[_content(text, node) : node.end_mark.index - (1 if quoted else 0)]
    return quoted.findall(raw) if quoted else list(raw)


def _decoded(piece: str, style: str | None) -> str:
    if style == '"' and piece.startswith("\\"):
        return " " if piece[1] in "ntr \n_NLP" else "x"
    return piece


def _position(text: str, index: int) -> tuple[int, int]:
    before = text[:index]
    return before.count("\n") + 1, len(before) - before.rfind("\n")
