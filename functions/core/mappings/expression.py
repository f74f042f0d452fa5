"""Expressions of JMESPath: checked when they are saved, and evaluated in counted steps."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import jmespath
from jmespath import exceptions
from jmespath.lexer import Lexer
from jmespath.visitor import TreeInterpreter

from functions.core.base.errors import DefinitionRefused, Fault
from functions.core.base.spelling import nearest
from functions.core.mappings.functions import ARITIES, BadValue, MappingFunctions, are_equal
from functions.core.mappings.steps import Steps, TooManySteps

# Each call of the parser and of the interpreter is one of Python's, which allows a thousand in one another.
LONGEST_EXPRESSION = 1_000
MOST_TOKENS = 250
DEEPEST_EXPRESSION = 40

HEADER = "header"
_TOO_DEEP = f"an expression is nested at most {DEEPEST_EXPRESSION} deep and has at most {MOST_TOKENS} words and signs"
_ORDERS = ("lt", "lte", "gt", "gte")


class Failed(Exception):
    """An expression has no value for a body; ``reason`` holds nothing of the body."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Expression(NamedTuple):
    """A checked expression: its text, its tree, and the headers that it reads."""

    text: str
    tree: Mapping[str, Any]
    headers: frozenset[str]

    def value(self, body: Any, functions: MappingFunctions, steps: Steps) -> Any:
        """What it gives for the body; raises Failed."""
        try:
            return _Interpreter(functions, steps).visit(self.tree, body)
        except BadValue as error:
            raise Failed(str(error)) from None
        except TooManySteps:
            raise Failed("the expressions ask for more work than one body may take") from None
        except exceptions.JMESPathTypeError as error:
            raise Failed(f"{error.function_name}() takes {_kinds(error)}, and was given something else") from None
        except (ValueError, TypeError, ArithmeticError):
            raise Failed("the expression has no value for this body") from None


def parse(text: object) -> Expression:
    """The expression of a text; raises DefinitionRefused with its faults, each with the column in the text."""
    if not isinstance(text, str) or not text.strip():
        raise DefinitionRefused(Fault("an expression of JMESPath is text, such as customer.email"))
    if len(text) > LONGEST_EXPRESSION:
        raise DefinitionRefused(Fault(f"an expression has at most {LONGEST_EXPRESSION} characters"))
    try:
        tree = _tree(text)
    except exceptions.LexerError as error:
        raise _refused(error.message, error.lexer_position) from None
    except exceptions.IncompleteExpressionError:
        raise _refused("the expression ends too early", len(text)) from None
    except exceptions.ParseError as error:
        is_end = error.lex_position >= len(text)
        raise _refused("the expression ends too early" if is_end else error.msg, error.lex_position) from None
    except (exceptions.JMESPathError, RecursionError, LookupError, TypeError):
        raise DefinitionRefused(Fault("this is no expression of JMESPath")) from None
    nodes = list(_nodes(tree))
    if faults := [fault for node in nodes for fault in _faults(node)]:
        raise DefinitionRefused(*faults)
    return Expression(text, tree, frozenset(map(_header, filter(_is_header, nodes))))


def _tree(text: str) -> Mapping[str, Any]:
    tokens = list(Lexer().tokenize(text))
    if len(tokens) > MOST_TOKENS:
        raise DefinitionRefused(Fault(_TOO_DEEP))
    for token in tokens:
        # Outdated JMESPath, in which what is no JSON is text.
        if text[token["start"] :][:1] == "`" and isinstance(token["value"], str) and not _is_quoted(text, token):
            raise _refused("what stands in backticks is JSON; text stands in quotes: 'sale'", token["start"])
    tree: Mapping[str, Any] = jmespath.compile(text).parsed
    return tree


def _is_quoted(text: str, token: Mapping[str, Any]) -> bool:
    return text[token["start"] + 1 :].lstrip().startswith('"')


def _refused(message: str, position: int) -> DefinitionRefused:
    return DefinitionRefused(Fault(f"{message[:1].lower()}{message[1:]}", line=1, column=position + 1))


def _nodes(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every node; raises DefinitionRefused for a tree that is too deep."""
    level, depth = [tree], 0
    while level:
        depth += 1
        if depth > DEEPEST_EXPRESSION:
            raise DefinitionRefused(Fault(_TOO_DEEP))
        yield from level
        level = [child for node in level for child in node["children"] if isinstance(child, dict)]


def _faults(node: Mapping[str, Any]) -> Iterator[Fault]:
    if node["type"] == "literal" and not _is_exact(node["value"]):
        yield Fault("a literal in an expression is text, a whole number, true, false, null, or lists and names of them")
    if not _is_written(node.get("value")):
        yield Fault("a text in an expression has half a character (a lone surrogate)")
    if node["type"] != "function_expression":
        return
    name, given = node["value"], len(node["children"])
    if name not in ARITIES:
        yield Fault(f"there is no function {name}()", suggestion=nearest(name, ARITIES))
        return
    number, is_open = ARITIES[name]
    if given < number or (given > number and not is_open):
        yield Fault(f"{name}() takes {number} argument{'s' * (number != 1)}{' or more' * is_open}, and has {given}")
    elif name == HEADER and not _is_header(node):
        yield Fault("header() takes the name of a header in quotes", suggestion="header('x-topic')")


def _is_exact(value: Any) -> bool:
    """True unless a float is in the value, which is not what its digits say."""
    if isinstance(value, list):
        return all(map(_is_exact, value))
    return all(map(_is_exact, value.values())) if isinstance(value, dict) else not isinstance(value, float)


def _is_written(value: Any) -> bool:
    """True unless half a surrogate pair is in the value, which nobody can store."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_header(node: Mapping[str, Any]) -> bool:
    if node["type"] != "function_expression" or node["value"] != HEADER:
        return False
    return [str] == [type(each.get("value")) for each in node["children"] if each["type"] == "literal"]


def _header(node: Mapping[str, Any]) -> str:
    return str(node["children"][0]["value"]).lower()


def _kinds(error: Any) -> str:
    return " or ".join(str(each).replace("-", " of ") for each in error.expected_types)


class _Interpreter(TreeInterpreter):  # type: ignore[misc]  # jmespath is not followed by mypy
    """JMESPath's interpreter, which takes a step for each node that it visits and for what it copies."""

    def __init__(self, functions: MappingFunctions, steps: Steps) -> None:
        super().__init__(jmespath.Options(custom_functions=functions))
        self._steps = steps

    def visit(self, node: Mapping[str, Any], *args: Any, **kwargs: Any) -> Any:
        """The value of a node."""
        self._steps.take()
        return super().visit(node, *args, **kwargs)

    def visit_comparator(self, node: Mapping[str, Any], value: Any) -> bool | None:
        """Compare numbers with numbers and texts with texts; anything else is in no order."""
        left, right = (self.visit(child, value) for child in node["children"])
        if node["value"] not in _ORDERS:
            return are_equal(left, right, self._steps) is (node["value"] == "eq")
        if not ((_is_number(left) and _is_number(right)) or (isinstance(left, str) and isinstance(right, str))):
            return None
        self._steps.look_at(left)
        return bool(self.COMPARATOR_FUNC[node["value"]](left, right))

    def visit_flatten(self, node: Mapping[str, Any], value: Any) -> list[Any] | None:
        """Join the lists of a list."""
        base = self.visit(node["children"][0], value)
        if not isinstance(base, list):
            return None
        self._steps.take(sum(len(each) if isinstance(each, list) else 1 for each in base))
        return [inner for each in base for inner in (each if isinstance(each, list) else (each,))]

    def visit_slice(self, node: Mapping[str, Any], value: Any) -> Any:
        """A part of a list."""
        self._steps.look_at(value)
        return super().visit_slice(node, value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
