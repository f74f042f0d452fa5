"""Warnings about a template that do not prevent saving: images without alt text, tokens without a fallback."""

from collections.abc import Iterator, Mapping
from typing import Any

from liquid.ast import Node
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.output import OutputNode

from functions.core.base.errors import Fault
from functions.core.messages.language import parse
from functions.core.messages.markup import fault, pieces

_PICTURES = ("img", "mj-image", "mj-carousel-image")
# Tokens that are empty for some people or events.
_MAY_BE_EMPTY = ("first_name", "last_name", "traits", "event")
_FIELDS = ("subject", "preheader", "because", "body", "text")


def warnings(body: Mapping[str, Any]) -> list[Fault]:
    """The warnings for a template that passed its check, each with its position."""
    empty = [each for name in _FIELDS if name in body for each in _empty(body[name], name)]
    return [*_without_alt(body["body"]), *empty]


def _without_alt(body: str) -> Iterator[Fault]:
    for piece in pieces(body):
        named = {attribute.name for attribute in piece.attributes}
        if piece.kind == "open" and piece.name in _PICTURES and "alt" not in named:
            message = f"this {piece.name} has no alt text, which is what is read where pictures are not shown"
            yield fault(body, "body", piece.start, message, 'alt="what the picture shows"; alt="" for decoration')


def _empty(source: str, where: str) -> Iterator[Fault]:
    template = parse(source, False)
    context = template.context_class(template)
    for path in (output for node in template.nodes for output in _unguarded(node, frozenset(), context)):
        name = _name(path)
        message = f"{name} may be empty and has no fallback"
        suggestion = f'{{{{ {name} | default: "…" }}}}, or {{% if {name} != blank %}}'
        yield fault(source, where, path.token.start_index, message, suggestion)


def _unguarded(node: Node, tested: frozenset[str], context: Any) -> Iterator[Path]:
    """Yield the tokens that the node prints without a fallback and outside every condition that tests them."""
    if isinstance(node, OutputNode):
        path = _printed(node.expression)
        if path and path.path[0] in _MAY_BE_EMPTY and _name(path) not in tested:
            yield path
        return
    tokens = tested | {_name(path) for expression in node.expressions() for path in _paths(expression)}
    for child in node.children(context):
        yield from _unguarded(child, tokens, context)


def _printed(expression: Any) -> Path | None:
    """The token that an output begins with; None if it has a ``default`` filter or begins with something else."""
    if not isinstance(expression, FilteredExpression):
        return expression if isinstance(expression, Path) else None
    covered = any(each.name == "default" for each in expression.filters or ())
    return expression.left if isinstance(expression.left, Path) and not covered else None


def _paths(expression: Any) -> Iterator[Path]:
    if isinstance(expression, Path):
        yield expression
    for child in expression.children():
        yield from _paths(child)


def _name(path: Path) -> str:
    return ".".join(map(str, path.path))
