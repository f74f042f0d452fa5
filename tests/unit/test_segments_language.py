"""Text and JSON say the same; whatever is written gets an answer, never a crash."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.errors import DefinitionRefused
from functions.core.segments import engine
from functions.core.segments.language import parser
from functions.core.segments.language.check import DEEPEST, LARGEST, check
from functions.core.segments.language.describe import sentence
from tests.unit.strategies import at_most, conditions

relaxed = at_most(150)
WORDS = st.sampled_from(
    ["did", "not", "and", "or", "(", ")", '"A"', "within", "2", "hours", "where", "total", ">", "5,000", "trait", "in",
     "segment",
     "sum", "of", "over", "then", "for", "by", "at", "least", "times", ",", "any", "exists", "#", "\n", "ü", '"']
)  # fmt: skip


@relaxed
@given(conditions({"vip"}))
def test_json_becomes_text_becomes_the_same_json(node):
    if check(node):
        return
    text = parser.text(node)
    assert node == parser.parse(text)
    assert text == parser.text(parser.parse(text))
    assert sentence(node)


@relaxed
@given(st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=40))
def test_any_text_is_understood_or_refused_with_its_place(text):
    try:
        _, faults = parser.read(text)
    except DefinitionRefused as refused:
        faults = list(refused.faults)
        assert faults
    for fault in faults:
        assert fault.message
        assert min(fault.line or 0, fault.column or 0) >= 1


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["and", "did", "1 day"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["op", "of", "events", "where", "within", "and", "property", "count"]), inner)
    ),
    max_leaves=8,
)
OPS = st.sampled_from(
    ["did", "sum", "then not", "trait", "in segment", "first", "last", "and", "or", "not", "nonsense"]
)


KEYS = st.sampled_from(
    ["of", "events", "where", "within", "count", "not", "for", "by", "trait", "compare", "value", "segment"]
)
nodes = st.builds(lambda op, node: {"op": op, **node}, OPS, st.dictionaries(KEYS, json_values, max_size=5))


@relaxed
@given(nodes | json_values)
def test_any_json_is_refused_with_its_faults_or_compiles(node):
    if check(node, {"vip"}):
        return
    engine.compile_catalogue({"s": node, "vip": {"op": "did", "events": ["A"]}})
    assert node == parser.parse(parser.text(node))


def test_conditions_nest_as_deep_as_is_said_and_no_deeper():
    node: dict[str, Any] = {"op": "did", "events": ["A"]}
    for _ in range(DEEPEST - 1):
        node = {"op": "not", "of": node}
    assert [] == check(node)
    (fault,) = check({"op": "not", "of": node})
    assert f"more than {DEEPEST} deep" in fault.message
    many = "(" * 5000 + 'did "A"' + ")" * 5000
    assert {"op": "did", "events": ["A"]} == parser.parse(many)


def test_a_window_that_reaches_back_beyond_the_log_is_refused_when_the_retention_is_given():
    text = (
        'let A = did "A" within 800 days\n'
        'A or sum of n over "A" between 900 days and 1 day ago > 1 or last "A" within 730 days'
    )
    node = parser.parse(text)
    assert [] == check(node)
    assert [] == check(parser.parse("trait since within the last 900 days"), None, 730)
    one, other = check(node, None, 730)
    assert ("when.names.A.within", "730 days") == (one.where, one.suggestion)
    assert "the log keeps 730 days" in other.message


def test_names_may_not_make_a_small_text_a_huge_condition():
    lines = ['let A0 = did "A" or did "B"', *(f"let A{n} = A{n - 1} or A{n - 1}" for n in range(1, 30)), "A29"]
    with pytest.raises(DefinitionRefused, match=f"there may be {LARGEST}"):
        parser.parse("\n".join(lines))


def test_what_was_expected_is_told_in_words_of_the_language():
    with pytest.raises(DefinitionRefused) as refused:
        parser.parse('did "A" and dit "B"')
    message = refused.value.faults[0].message
    assert "expected a condition, such as “ordered in the last 30 days”" in message
    assert not set(message) & set("?\\*[]")
