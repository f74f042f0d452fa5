"""The listed wrong changes can still be made and name tests that exist; the runner says how each test ended."""

import ast
from pathlib import Path

import pytest

from scripts.mutants import LISTED, ROOT, Mutant, faults, listed

MUTANTS = listed()
CODE = "def double(number):\n    return number * 2\n"
TEST = "from code_ import double\ndef test_doubles():\n    assert 4 == double(2)\ndef test_nothing():\n    pass\n"


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_listed_change_can_be_made_and_names_a_test_that_exists(mutant: Mutant) -> None:
    source = (ROOT / mutant.file).read_text("utf-8")
    ast.parse(mutant.applied(source))
    path, _, name = mutant.test.partition("::")
    tests = ast.parse((ROOT / path).read_text("utf-8")).body
    assert name in {each.name for each in tests if isinstance(each, ast.FunctionDef)}


def test_no_two_listed_changes_are_the_same() -> None:
    assert len(MUTANTS) == len({(each.file, each.text, each.replacement) for each in MUTANTS})
    assert len(MUTANTS) == len({each.name for each in MUTANTS})
    assert LISTED.is_relative_to(ROOT)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "code_.py").write_text(CODE)
    (tmp_path / "test_it.py").write_text(TEST)
    return tmp_path


def mutant(text: str, replacement: str, test: str = "test_it.py::test_doubles") -> Mutant:
    return Mutant("m", "code_.py", text, replacement, test)


def test_a_change_that_its_test_sees_is_killed_and_the_tree_is_as_before(tree: Path) -> None:
    assert [] == list(faults([mutant("* 2", "* 3")], tree))
    assert CODE == (tree / "code_.py").read_text()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (mutant("* 2", "* 3", "test_it.py::test_nothing"), "m: survives test_it.py::test_nothing"),
        (
            mutant("* 2", "* 3", "test_it.py::test_gone"),
            "m: pytest answers 4 instead of failing: test_it.py::test_gone",
        ),
        (mutant("* 4", "* 3"), "m: found 0 times instead of once in code_.py: '* 4'"),
        (mutant("number", "figure"), "m: found 2 times instead of once in code_.py: 'number'"),
    ],
    ids=["survives", "names no test", "cannot be made", "can be made twice"],
)
def test_a_change_that_proves_nothing_is_told_of_by_name(tree: Path, change: Mutant, said: str) -> None:
    assert [said] == list(faults([change], tree))
    assert CODE == (tree / "code_.py").read_text()
