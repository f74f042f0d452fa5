"""Each night has its share of the files, none is forgotten, and a night is held against what is written down."""

import tomllib
from datetime import date

import pytest

from scripts.mutant_classes import ROOT, Classes, changed_files, file_of
from scripts.mutant_tests import imported, reaching_changes
from scripts.mutation import NIGHTS, chosen, of_night, share, with_choice
from scripts.survivors import Change, beyond, told

SIZES = changed_files()
WRITTEN = Classes.read()
CHANGE = Change("functions.usecases.wake.x_wake", "return 1", "return 2")


def test_the_shares_have_every_file_once_and_are_about_equal() -> None:
    shares = [share(SIZES, number) for number in range(NIGHTS)]
    assert sorted(SIZES) == sorted(name for each in shares for name in each)
    sums = [sum(SIZES[name] for name in each) for each in shares]
    assert max(sums) - min(sums) <= 2 * max(SIZES.values())


def test_fourteen_nights_in_a_row_go_through_all_files_and_each_through_the_proven_ones() -> None:
    nights = [of_night(WRITTEN, SIZES, date.fromordinal(date(2026, 1, 1).toordinal() + day)) for day in range(NIGHTS)]
    assert SIZES.keys() == {name for night in nights for name in night}
    assert all(WRITTEN.proven <= set(night) for night in nights)


def test_every_file_that_is_changed_is_written_down_once_and_no_other() -> None:
    rows = [*WRITTEN.proven, *WRITTEN.counted, *WRITTEN.waiting]
    assert sorted(SIZES) == sorted(rows), "tests/mutants/files.toml: prove or count each new file"


@pytest.mark.parametrize("name", ["functions/usecases/wake.py", "functions/core/segments/engine/__init__.py"])
def test_a_functions_file_is_found_by_its_module(name: str) -> None:
    module = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    assert name == file_of(f"{module}.x_some_function", ROOT)


def test_files_are_named_or_a_share_by_its_number_and_an_unknown_file_is_refused() -> None:
    assert ["functions/usecases/wake.py"] == chosen(["functions/usecases/wake.py"], WRITTEN, SIZES)
    assert share(SIZES, 3) == chosen(["3"], WRITTEN, SIZES)
    with pytest.raises(ValueError, match="not among the files that are changed"):
        chosen(["functions/handlers/api.py"], WRITTEN, SIZES)


def test_the_tool_is_told_of_the_files_and_of_the_tests_that_import_what_is_changed() -> None:
    told_of = with_choice((ROOT / "pyproject.toml").read_text("utf-8"), ["functions/core/a.py"], reaching_changes(ROOT))
    mutmut = tomllib.loads(told_of)["tool"]["mutmut"]
    assert ["functions/core/a.py"] == mutmut["only_mutate"]
    tests = {*mutmut["pytest_add_cli_args_test_selection"]}
    assert {"tests/unit/test_tick.py", "tests/flow/test_last_look.py", "tests/flow/test_pace.py"} <= tests


def test_a_test_is_run_that_reaches_what_is_changed_by_what_helps_it_and_none_that_starts_a_host() -> None:
    tests = reaching_changes(ROOT)
    assert "tests/unit/test_segments_exact_steps.py" in tests
    assert not any(each.startswith("functions.core") for each in _imports("tests/unit/test_segments_exact_steps.py"))
    hosts = [each for each in tests if any(module.startswith("local") for module in imported(ROOT, ROOT / each))]
    assert [] == [each for each in hosts if each.startswith("tests/flow/")]


def _imports(path: str) -> list[str]:
    return [line.split()[1] for line in (ROOT / path).read_text("utf-8").splitlines() if line.startswith("from ")]


def test_more_unseen_changes_than_written_down_are_wrong_and_fewer_are_told() -> None:
    unseen = {"functions/usecases/wake.py": [CHANGE, CHANGE]}
    one, three = (Classes(frozenset(), {"functions/usecases/wake.py": number}) for number in (1, 3))
    assert "# functions/usecases/wake.py: 2 without a reason, 1 are written down" == next(beyond(unseen, one))
    assert [] == list(told(unseen, one)) == list(beyond(unseen, three))
    assert ['"functions/usecases/wake.py" = 2'] == list(told(unseen, three))


def test_of_a_file_that_is_gone_through_for_the_first_time_the_number_is_told_and_nothing_is_wrong() -> None:
    unseen = {"functions/usecases/wake.py": [CHANGE]}
    waiting = Classes(frozenset(), {}, frozenset(unseen))
    assert [] == list(beyond(unseen, waiting))
    assert ['"functions/usecases/wake.py" = 1'] == list(told(unseen, waiting))


def test_a_file_of_which_nothing_is_written_down_may_have_no_unseen_change() -> None:
    unseen = {"functions/usecases/wake.py": [CHANGE]}
    none = Classes(frozenset(), {})
    assert "# functions/usecases/wake.py: 1 without a reason, 0 are written down" == next(beyond(unseen, none))
