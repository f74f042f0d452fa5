"""The document of a definition: its text, what it says, and the place in the text of everything that is said."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import yaml

from functions.core.base.errors import DefinitionRefused, Fault
from functions.core.base.limits import LONGEST_DEFINITION, MOST_FAULTS
from functions.core.base.line_column import line_and_column
from functions.core.base.model_faults import is_tag
from functions.core.definitions import characters, scalar_position, yaml_text

_PATH = re.compile(r"[^./\[\]]+")


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

    def at_character(self, fault: Fault, steps: Sequence[int | str]) -> Fault:
        """The fault at a character of the text that the steps lead to, whose line and column the fault has."""
        if self.root is None:
            line, column = characters.written_at(self.text)
            return replace(fault, line=line, column=column)
        return self._placed(fault, list(map(str, steps)))

    def _placed(self, fault: Fault, path: list[str]) -> Fault:
        node = _find(self.root, path)
        if node is None:
            return fault
        if fault.line is not None and isinstance(node, yaml.ScalarNode):
            line, column = scalar_position.position(self.text, node, fault.line, fault.column or 1)
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
        for form in _forms(word):
            for value, path in values:
                if match := form.search(value):
                    # A value that is the word is placed as a whole, quotes included; a word in it by itself.
                    line, column = (None, None) if value == word else line_and_column(value, match.start())
                    return self.place(Fault(message, path, line, column, suggestion))
        return Fault(message, line=1, column=1, suggestion=suggestion)


def _forms(word: str) -> tuple[re.Pattern[str], ...]:
    """How a value mentions a word, the surest first: as all that it is, in quotes, as one of its words."""
    escaped = re.escape(word)
    return tuple(map(re.compile, (rf"\A{escaped}\Z", f'"{escaped}"', rf"(?<![\w-]){escaped}(?![\w-])")))


def read(text: str) -> Document:
    """Read a definition's text; raises DefinitionRefused with the position of the error."""
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST_DEFINITION:
        raise DefinitionRefused(Fault(f"a definition has at most {LONGEST_DEFINITION} bytes", line=1, column=1))
    text = text.removeprefix("\ufeff")
    body, root = yaml_text.parse(text)
    if not isinstance(body, dict):
        raise DefinitionRefused(Fault(_no_mapping(body), line=1, column=1, suggestion="id: vip"))
    document = Document(text, body, root)
    if unprintable := list(islice(characters.faults(body), MOST_FAULTS)):
        raise DefinitionRefused(*(document.at_character(fault, steps) for fault, steps in unprintable))
    return document


def _no_mapping(body: Any) -> str:
    if body is None:
        return "there is nothing here: a definition is names with their values, each on a line"
    if isinstance(body, list):
        return "this is a list: a definition is names with their values, one definition a file"
    return "a definition is names with their values, each on a line"


def _values(node: yaml.Node | None, *skipped: str, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every scalar's text with its path, except those under the skipped keys."""
    if isinstance(node, yaml.ScalarNode):
        yield str(node.value), path
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _values(item, path=f"{path}[{index}]")
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value not in skipped:
                yield from _values(value, path=f"{path}.{key.value}" if path else key.value)


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
