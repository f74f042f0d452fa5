"""What a function takes and returns, read from the source: few arguments, named results, one context in use cases."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("functions", "batch", "cli", "infra", "local", "bench")
MOST_ARGUMENTS = 6

# Functions whose arguments are not ours to choose, each with the reason.
MORE_ARGUMENTS = {
    "local/aws/moto_tables.py query": "overrides a method of moto",
    "local/aws/moto_tables.py scan": "overrides a method of moto",
}
# What these return is compared whole, by sorting, and never taken apart.
SORT_KEYS = frozenset({"order", "_order", "rank"})
# What a use case reaches outside by: it is the context's, and no argument of its own.
OF_THE_CONTEXT = frozenset({"Ports", "Log", "People", "Runs", "Ledger", "Definitions", "Queues", "Mailer", "Sender"})

Place = tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]


def functions_of(*rooms: str) -> Iterator[Place]:
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            where = path.relative_to(ROOT).as_posix()
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield where, node


def arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    """All but ``self`` and ``cls``."""
    given = function.args
    positional = [*given.posonlyargs, *given.args]
    own = positional[1:] if positional and positional[0].arg in ("self", "cls") else positional
    return [*own, *given.kwonlyargs, *(each for each in (given.vararg, given.kwarg) if each)]


def unnamed(returns: ast.expr | None) -> list[str]:
    """The tuples of three or more different things in an annotation; ``tuple[int, ...]`` holds many of one thing."""
    found = (each for each in ast.walk(returns) if isinstance(each, ast.Subscript)) if returns else ()
    return [
        ast.unparse(each)
        for each in found
        if ast.unparse(each.value) == "tuple" and isinstance(each.slice, ast.Tuple) and len(each.slice.elts) > 2
    ]


def test_no_function_takes_more_than_six_arguments() -> None:
    many = {f"{where} {each.name}" for where, each in functions_of(*ROOMS) if len(arguments(each)) > MOST_ARGUMENTS}
    assert set() == many - MORE_ARGUMENTS.keys()
    assert set() == MORE_ARGUMENTS.keys() - many, "these are exceptions no more"


def test_no_function_returns_a_tuple_of_three_unnamed_things() -> None:
    found = [
        f"{where}:{each.lineno} {each.name} returns {', '.join(tuples)}"
        for where, each in functions_of(*ROOMS)
        if each.name not in SORT_KEYS and (tuples := unnamed(each.returns))
    ]
    assert [] == found


def test_whatever_reaches_outside_in_a_use_case_takes_the_context_first() -> None:
    for where, each in functions_of("functions/usecases"):
        place, taken = f"{where}:{each.lineno} {each.name}", arguments(each)
        types = [ast.unparse(argument.annotation) for argument in taken if argument.annotation]
        assert not OF_THE_CONTEXT & set(types), f"{place} takes a port: it is in the context"
        assert "Context" not in types[1:], f"{place} takes the context, but not first"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f() -> tuple[int, str, bool]: ...", ["tuple[int, str, bool]"]),
        ("def f() -> Iterator[tuple[int, str, bool] | None]: ...", ["tuple[int, str, bool]"]),
        ("def f() -> tuple[int, ...]: ...", []),
        ("def f() -> tuple[int, str]: ...", []),
        ("def f(): ...", []),
    ],
)
def test_a_tuple_is_found_wherever_it_stands_in_an_annotation(source: str, expected: list[str]) -> None:
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    assert expected == unnamed(function.returns)
