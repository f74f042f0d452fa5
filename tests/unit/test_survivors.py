"""What the mutation tool found is held against the survivors that are known, by what changed and not by its number."""

from scripts.survivors import Change, change_of, listed, report, statuses

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
