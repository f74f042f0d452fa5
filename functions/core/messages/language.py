"""The Liquid dialect of templates: some tags, our own filters, and limits on everything that can grow."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TextIO

from liquid import BoundTemplate, Environment, Mode, RenderContext
from liquid.ast import Node
from liquid.builtin.expressions import FilteredExpression
from liquid.builtin.expressions.logical import (
    ContainsExpression,
    GeExpression,
    GtExpression,
    LeExpression,
    LtExpression,
)
from liquid.builtin.expressions.loop import LoopExpression
from liquid.builtin.expressions.primitive import IntegerLiteral, RangeLiteral
from liquid.builtin.output import Output, OutputNode
from liquid.exceptions import LiquidSyntaxError, LiquidTypeError, LoopIterationLimitError
from liquid.expression import Expression
from liquid.stringify import to_liquid_string
from liquid.token import TOKEN_CONTENT, TOKEN_ILLEGAL, TOKEN_OUTPUT

from functions.core.base.limits import MOST_ROUNDS
from functions.core.messages.filters import all_filters
from functions.core.messages.liquid_text import check_form

BLOCKS = ("if", "unless", "case", "for", "capture", "comment")
TAGS = (*BLOCKS, "assign", "cycle", "break", "continue")
# Parts of blocks, which are not registered as tags.
INNER = ("else", "elsif", "when")
LONGEST_RANGE = 1_000
# Entries that python-liquid registers besides tags: content, output and illegal tags.
_INTERNAL = (TOKEN_CONTENT, TOKEN_OUTPUT, TOKEN_ILLEGAL)
_COMPARISONS = (LtExpression, LeExpression, GtExpression, GeExpression, ContainsExpression)


class _QuietOutputNode(OutputNode):  # type: ignore[misc]  # python-liquid is not followed by mypy
    """Output that prints nothing for lists and mappings, which python-liquid would print in Python's notation."""

    def render_to_output(self, context: Any, buffer: TextIO) -> int:
        value = self.expression.evaluate(context)
        text = "" if isinstance(value, dict | list | tuple | range) else value
        return buffer.write(to_liquid_string(text, context.autoescape))


class _QuietOutput(Output):  # type: ignore[misc]  # as above
    node_class = _QuietOutputNode


class _Context(RenderContext):  # type: ignore[misc]  # as above
    """What a template is rendered with; it counts the rounds of all loops together, not of nested ones alone."""

    def raise_for_loop_limit(self, length: int = 1) -> None:
        """Raise LoopIterationLimitError if the rounds so far and those of the loop that begins are too many."""
        rounds = self.tag_namespace.get("rounds", 0) + length
        self.tag_namespace["rounds"] = rounds
        if rounds > MOST_ROUNDS:
            raise LoopIterationLimitError("loop iteration limit reached", token=None)


class _Template(BoundTemplate):  # type: ignore[misc]  # as above
    context_class = _Context


class _Language(Environment):  # type: ignore[misc]  # as above
    block_nesting_limit = 20
    context_depth_limit = 20
    loop_iteration_limit = MOST_ROUNDS
    template_class = _Template
    local_namespace_limit = 500_000
    output_stream_limit = 1_000_000

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        """Register only our tags and filters."""
        super().setup_tags_and_filters(extra=extra)
        for name in set(self.tags) - {*TAGS, *_INTERNAL}:
            del self.tags[name]
        self.add_tag(_QuietOutput)
        self.filters = all_filters()


class _Comparison(Expression):  # type: ignore[misc]  # as above
    """A comparison that is false if its sides are not comparable, as in segments, instead of an error."""

    __slots__ = ("inner",)

    def __init__(self, inner: Any) -> None:
        super().__init__(inner.token)
        self.inner = inner

    def __str__(self) -> str:
        return str(self.inner)

    def evaluate(self, context: Any) -> object:
        try:
            return self.inner.evaluate(context)
        except LiquidTypeError:
            return False

    def children(self) -> list[Any]:
        """The two sides of the comparison."""
        return list(self.inner.children())


@lru_cache(maxsize=2)
def _environment(html: bool) -> Environment:
    return _Language(tolerance=Mode.STRICT, autoescape=html)


@lru_cache(maxsize=64)
def parse(source: str, html: bool) -> BoundTemplate:
    """Parse Liquid; raises LiquidError with the wrong token. With ``html``, what is printed is escaped."""
    check_form(source)
    template = _environment(html).from_string(source)
    for node in nodes(template):
        for expression in node.expressions():
            _check(expression)
            _soften(expression)
    return template


def nodes(template: BoundTemplate) -> Iterator[Node]:
    """Yield every node of the parsed template, in no particular order."""
    context = template.context_class(template)
    waiting = list(template.nodes)
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.children(context))


def _check(expression: Any, parent: Any = None) -> None:
    """Raise LiquidSyntaxError for what python-liquid would detect only when rendering, or crash on."""
    if isinstance(expression, RangeLiteral) and not (isinstance(parent, LoopExpression) and _is_short(expression)):
        # Outside ``for``, and in a reversed loop, a range is built in memory as a whole.
        message = f"a range stands in for only, from one number to another, {LONGEST_RANGE} apart at most"
        raise LiquidSyntaxError(message, token=expression.token)
    if isinstance(expression, LoopExpression):
        for bound in filter(None, (expression.limit, expression.offset)):
            if not isinstance(bound, IntegerLiteral):
                raise LiquidSyntaxError("limit and offset are whole numbers", token=bound.token)
    if isinstance(expression, FilteredExpression):
        for each in expression.filters or ():
            each.validate_filter_arguments(_environment(True))
    for child in expression.children():
        _check(child, expression)


def _is_short(literal: Any) -> bool:
    ends = (literal.start, literal.stop)
    return all(isinstance(end, IntegerLiteral) for end in ends) and ends[1].value - ends[0].value <= LONGEST_RANGE


def _soften(expression: Any) -> None:
    for name in ("expression", "left", "right"):
        inner = getattr(expression, name, None)
        if isinstance(inner, Expression):
            _soften(inner)
            if isinstance(inner, _COMPARISONS):
                setattr(expression, name, _Comparison(inner))
