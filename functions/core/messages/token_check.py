"""Checks of one field's Liquid: syntax, tags, filters, and the names of tokens."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from liquid.builtin.expressions import Path
from liquid.builtin.expressions.loop import LoopExpression
from liquid.exceptions import LiquidError

from functions.core.base.errors import Fault
from functions.core.base.limits import MOST_FAULTS
from functions.core.messages import charges, template_variables
from functions.core.messages.filters import NAMES
from functions.core.messages.language import INNER, TAGS, nodes, parse
from functions.core.messages.liquid_text import check_amount
from functions.core.messages.markup import fault, nearest

# The tokens inside each token; None if any name is possible, as in traits and events, which the sender defines.
_LINES, _ROWS = "line", "row"
_MEMBERS = {"lines": _LINES, "rows": _ROWS}
TREE: Mapping[str, tuple[str, ...] | None] = {
    **dict.fromkeys(template_variables.ROOT_TOKENS, ()),
    "traits": None,
    "event": None,
    "cart": template_variables.CART_TOKENS,
    "order": template_variables.ORDER_TOKENS,
    "shop": template_variables.SHOP_TOKENS,
    _LINES: template_variables.LINE_TOKENS,
    _ROWS: charges.ROW_TOKENS,
}
_OWNERS = ("cart", "order", "shop")
_OTHERWISE = {"title": "name", "image": "image_url", "amount": "line_price", "link": "url"}
TOKENS = (*template_variables.ROOT_TOKENS, *(f"{root}.{name}" for root in _OWNERS for name in TREE[root] or ()))


def check(source: str, where: str) -> list[Fault]:
    """The first ``MOST_FAULTS`` faults of the field's Liquid; if its syntax is wrong, only the first."""
    try:
        check_amount(source)
        template = parse(source, False)
    except LiquidError as error:
        return [_syntax(source, where, error)]
    loops = _loops(nodes(template))
    analysis = template.analyze()
    names = {**analysis.globals, **{name: analysis.variables[name] for name in loops if name in analysis.variables}}
    spans = [(each.span.index, list(each.segments)) for variables in names.values() for each in variables]
    in_order = sorted(spans, key=lambda span: span[0])
    wrong = ((at, name) for at, segments in in_order if (name := _unknown(segments, loops)))
    return [_missing(source, where, at, name, loops) for at, name in islice(wrong, MOST_FAULTS)]


def parses(source: str) -> bool:
    """True if the Liquid parses, so that the nesting of its blocks and elements can be checked."""
    try:
        check_amount(source)
        parse(source, False)
    except LiquidError:
        return False
    return True


def _syntax(source: str, where: str, error: LiquidError) -> Fault:
    token = error.token
    at = min(token.start_index, len(source)) if token and token.start_index >= 0 else 0
    word = str(token.value) if token else ""
    message = str(error.message)
    suggestion = None
    if "unknown filter" in message:
        suggestion = nearest(word, NAMES)
    elif "unexpected tag" in message:
        suggestion = nearest(word, [*TAGS, *INNER])
    elif "ternary" in message or "unexpected liquid parsing error" in message:
        message = "this is not Liquid that templates can use"
    return fault(source, where, at, message, suggestion)


def _loops(nodes: Iterable[Any]) -> dict[str, str]:
    """The loop variables over lines or rows of a cart or order, each with which of the two it is."""
    loops = (getattr(node, "expression", None) for node in nodes)
    return {
        str(loop.identifier): _MEMBERS[loop.iterable.path[1]]
        for loop in loops
        if isinstance(loop, LoopExpression)
        and isinstance(loop.iterable, Path)
        and loop.iterable.path[:1] in (["cart"], ["order"])
        and loop.iterable.path[1:] in (["lines"], ["rows"])
    }


def _unknown(segments: list[Any], loops: Mapping[str, str]) -> str | None:
    """The dotted name of a token that does not exist; None for one that does."""
    root, *rest = segments
    if root in loops:
        return _inside(str(root), loops[root], rest)
    if root not in TREE or root in _MEMBERS.values():
        return ".".join(map(str, segments))
    unknown = _inside(str(root), str(root), rest)
    if unknown or not rest or rest[0] not in _MEMBERS or len(rest) < 3:
        return unknown
    return _inside(f"{root}.{rest[0]}.{rest[1]}", _MEMBERS[rest[0]], rest[2:])


def _inside(token: str, root: str, rest: list[Any]) -> str | None:
    children = TREE[root]
    if children is None or not rest or not isinstance(rest[0], str) or rest[0] in children:
        return None
    return f"{token}.{rest[0]}"


def _meant(name: str) -> str | None:
    """The token for a name from other systems: `person.traits.plan`, `customer.first_name`."""
    _, is_trait, trait = name.partition("traits.")
    if is_trait:
        return f"traits.{trait}"
    root, _, last = name.rpartition(".")
    return last if root and last in template_variables.ROOT_TOKENS else None


def _missing(source: str, where: str, at: int, name: str, loops: Mapping[str, str]) -> Fault:
    root, _, last = name.rpartition(".")
    close = _meant(name) or nearest(name, TOKENS)
    if root in loops:
        children = TREE[loops[root]] or ()
        word = _OTHERWISE.get(last) or nearest(last, children)
        close = f"{root}.{word}" if word else ", ".join(f"{root}.{each}" for each in children)
    elif root and root not in _OWNERS and root.split(".")[0] in _OWNERS:
        word = nearest(last, template_variables.LINE_TOKENS)
        close = f"{root}.{word}" if word else close
    suggestion = close or "traits.… for what is known of the person, event.… for what the event says"
    return fault(source, where, at, f"there is no token {name}", suggestion)
