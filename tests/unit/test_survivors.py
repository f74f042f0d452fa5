"""What the mutation tool found is held against the survivors that are known, by what changed and not by its number."""

from pathlib import Path

import pytest

from scripts import survivors
from scripts.mutant_classes import Classes
from scripts.survivors import Change, change_of, examine, listed, report, statuses

DIFF = """# functions.a.x_f__mutmut_3: survived
--- functions/a.py
+++ functions/a.py
@@ -1,4 +1,4 @@
 def f(number: int) -> int:
-    return number + 1
+    return number - 1
"""
CHANGE = Change("functions.a.x_f", "return number + 1", "return number - 1")


def test_every_listed_survivor_has_a_reason() -> None:
    assert [] == [change for change, reason in listed().items() if len(reason) < 20]


def test_a_change_is_known_by_its_lines() -> None:
    assert CHANGE == change_of("functions.a.x_f__mutmut_3", DIFF)
    assert CHANGE == change_of("functions.a.x_f__mutmut_7", DIFF)


def test_a_known_survivor_is_passed_over() -> None:
    assert [] == list(report({"functions.a.x_f__mutmut_3": "survived"}, [CHANGE], {CHANGE: "equal"}))


def test_a_survivor_without_a_reason_is_written_as_the_list_has_it() -> None:
    (wrong,) = report({"functions.a.x_f__mutmut_3": "survived"}, [CHANGE], {})
    assert wrong.splitlines()[1:4] == [
        'function = "functions.a.x_f"',
        'before = "return number + 1"',
        'after = "return number - 1"',
    ]


def test_a_reason_whose_change_is_seen_by_now_and_a_mutant_that_was_not_tried_are_told_of() -> None:
    found = statuses("    functions.a.x_f__mutmut_1: no tests\n    functions.a.x_f__mutmut_2: timeout\nwords\n")
    told = list(report(found, [], {CHANGE: "equal"}))
    assert ["# no tests: functions.a.x_f__mutmut_1", f"# does not survive any more: {CHANGE}"] == told


PROVEN = Classes(frozenset({"functions/a.py"}), {})


def counted(most: int) -> Classes:
    return Classes(frozenset(), {"functions/a.py": most})


@pytest.mark.parametrize(
    ("status", "classes", "known", "answer", "said"),
    [
        ("survived", PROVEN, {}, 1, 'reason = ""'),
        ("survived", PROVEN, {CHANGE: "equal"}, 0, "0 to look at"),
        ("no tests", PROVEN, {}, 1, "# no tests: functions.a.x_f__mutmut_3"),
        ("timeout", PROVEN, {CHANGE: "equal"}, 1, "does not survive any more"),
        (None, PROVEN, {CHANGE: "equal"}, 1, "does not survive any more"),
        ("survived", counted(0), {}, 1, "1 without a reason, 0 are written down"),
        ("no tests", counted(0), {}, 1, "1 without a reason, 0 are written down"),
        ("survived", counted(1), {}, 0, "0 to look at"),
        ("survived", counted(1), {CHANGE: "equal"}, 0, '"functions/a.py" = 0'),
        ("not checked", counted(1), {}, 1, "# not checked: functions.a.x_f__mutmut_3"),
        (None, counted(1), {}, 0, '"functions/a.py" = 0'),
    ],
)
def test_a_night_is_held_against_what_is_written_down_of_each_file_it_tried(
    status: str | None,
    classes: Classes,
    known: dict[Change, str],
    answer: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # mutmut does not name what was killed: a file of which every change is seen is missing in its results.
    results = f"    functions.a.x_f__mutmut_3: {status}\n" if status else ""
    monkeypatch.setattr(survivors, "_mutmut", lambda _, word, *__: results if word == "results" else DIFF)
    monkeypatch.setattr(survivors, "listed", lambda: known)
    assert answer == examine(Path(), ["functions/a.py"], classes)
    assert said in capsys.readouterr().out
