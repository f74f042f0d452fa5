"""let: names for conditions, to use in a formula."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from functions.core.segments.language import fields
from functions.core.segments.language.describe import text, words
from functions.core.segments.operator import Check, Condition, Field, Node, Operator
from functions.core.segments.registry import operators

NAME = r"[A-Z][A-Za-z0-9_]*"
MOST_NAMES = 100
LONGEST_NAME = 60
_NAMED = {
    "type": "object",
    "propertyNames": {"pattern": f"^{NAME}$"},
    "additionalProperties": {"$ref": "#/$defs/condition"},
    "minProperties": 1,
}
_CONNECTED = ("and", "or")


def _name(value: Any) -> Iterator[tuple[str, str | None]]:
    if not isinstance(value, str) or not re.fullmatch(NAME, value) or len(value) > LONGEST_NAME:
        yield f"a name begins with a capital letter and has at most {LONGEST_NAME} letters and digits", "A"
    elif value.lower() in _words():
        yield f"{value!r} is a word of the language", f"{value}1"


def _words() -> frozenset[str]:
    """The words that begin a condition, which cannot be names because the language ignores case."""
    grammars = " ".join(operator.grammar for operator in operators().values())
    phrases = re.findall(r'"([a-z][a-z ]*)"', grammars)
    return frozenset(phrase.split()[0] for phrase in [*phrases, "not", "and", "or"])


def _names(value: Any) -> Iterator[tuple[str, str | None]]:
    if not isinstance(value, Mapping) or not 0 < len(value) <= MOST_NAMES:
        yield f"must be from 1 to {MOST_NAMES} names, each with its condition", None
        return
    for name in value:
        yield from _name(name)


def _replaced(node: Node, names: Mapping[str, Node]) -> Node:
    """The node in which each name carries the condition it stands for, under ``of``."""
    if node["op"] == "name":
        return {**node, "of": names[node["name"]]}
    inner = node.get("of")
    if isinstance(inner, list):
        return {**node, "of": [_replaced(each, names) for each in inner]}
    return {**node, "of": _replaced(inner, names)} if isinstance(inner, Mapping) else node


def expanded(node: Node) -> Node:
    """The formula of a ``let`` in which each name carries the condition it stands for, under ``of``."""
    names: dict[str, Node] = {}
    for name, each in node["names"].items():
        names[name] = _replaced(each, names)
    return _replaced(node["in"], names)


def _same(node: Node, children: Sequence[Condition]) -> Condition:
    return children[0]


def _text(node: Node) -> str:
    lines = [f"let {name} = {text(each)}" for name, each in node["names"].items()]
    return "\n".join([*lines, text(node["in"])])


def _sentence(node: Node) -> str:
    return words(expanded(node))


def _named_sentence(node: Node) -> str:
    if "of" not in node:
        return f"are in {node['name']}"
    text = words(node["of"])
    return f"({text})" if node["of"]["op"] in _CONNECTED else text


OPERATORS = (
    Operator(
        key="let",
        title="let",
        meaning="Gives conditions names, then says the condition as a formula over them. A name begins with a capital "
        "letter; one that stands further down may use those above it. Names hold inside this definition only, and "
        "`let` stands before the whole condition.",
        examples=(
            'let A = did "Product Viewed"\nlet B = trait plan = "pro"\nA and not B',
            'let Buyers = did "Order Completed" or did "Store Purchase"\nlet Lost = Buyers and not did "Product '
            'Viewed" within 90 days\nLost or not Buyers',
        ),
        grammar=f"""
definition: "let" NAME _IS condition
_IS: "="
NAME: /{NAME}/
""",
        leaves=(),
        rules={"definition": lambda parts: {parts[0]: parts[1]}},
        text=_text,
        sentence=_sentence,
        fields={"names": Field(Check(_names, _NAMED), required=True), "in": Field(fields.node, required=True)},
        compile=_same,
        children=lambda node: (expanded(node),),
        inside=lambda node: {**{f"names.{name}": each for name, each in node["names"].items()}, "in": node["in"]},
    ),
    Operator(
        key="name",
        title="a name",
        meaning="Stands for the condition that `let` gave the name to.",
        examples=('let A = did "Product Viewed"\nlet B = did "Order Completed"\n(A and B) or not A',),
        grammar="name: NAME\n",
        leaves=("name",),
        rules={"name": lambda parts: {"op": "name", "name": parts[0]}},
        text=lambda node: str(node["name"]),
        sentence=_named_sentence,
        fields={"name": Field(Check(_name, {"type": "string", "pattern": f"^{NAME}$"}), required=True)},
        compile=_same,
        children=lambda node: (node["of"],) if "of" in node else (),
        inside=lambda node: {},
    ),
)
