"""Steps keep their identities from version to version."""

from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.errors import DefinitionRefused
from functions.core.definitions.checks import check
from functions.core.definitions.records import Definition
from functions.core.definitions.together import check_together
from functions.core.flows.step_ids import following, identified
from tests.unit.strategies import thorough

BODY = "<mj-section><mj-column><mj-text>B</mj-text></mj-column></mj-section>"
NOTE = f"id: {{id}}\nname: N\nkind: marketing\nsubject: S\nbody: {BODY}\ntext: T\n"


def wait(hours, **more):
    return {"do": "wait", "span": hours * 3600, **more}


def send(template, **more):
    return {"do": "send", "template": template, **more}


def ask(word, **more):
    return {"do": "check", "when": {"op": "did", "events": [word]}, **more}


def ids(body):
    return [step["id"] for step in body["steps"]]


def versions(*several):
    """The ids of each version, published one after the other."""
    body, found = None, []
    for steps in several:
        body = identified({"steps": steps}, body)
        found.append(ids(body))
    return found


def test_a_step_that_is_inserted_or_removed_before_others_changes_none_of_them():
    first, more, fewer = versions(
        [wait(1), send("a"), wait(24), send("b")],
        [wait(1), ask("x"), send("a"), wait(24), send("b")],
        [wait(24), send("b")],
    )
    assert ["wait-1", "a", "wait-2", "b"] == first
    assert ["wait-1", "check-1", "a", "wait-2", "b"] == more
    assert ["wait-2", "b"] == fewer


def test_a_wait_or_check_that_is_changed_where_it_stands_is_the_same_step():
    first, second = versions([wait(1), ask("x"), send("a")], [wait(3), ask("y"), send("a")])
    assert first == second


def test_an_id_beside_a_step_holds_whatever_the_step_says():
    first, second = versions([wait(1, id="pause"), send("a", id="hello")], [send("b", id="hello"), wait(9, id="pause")])
    assert ["pause", "hello"] == first
    assert ["hello", "pause"] == second


def test_an_id_that_is_no_longer_written_stays():
    assert [["hello"], ["hello"]] == versions([send("a", id="hello")], [send("a")])


def test_an_id_that_was_given_once_is_given_to_no_other_step():
    _, _, third = versions([wait(1), send("a")], [send("a")], [send("a"), wait(5)])
    assert ["a", "wait-2"] == third


def test_the_steps_of_versions_of_before_are_known_by_their_numbers():
    old = {"steps": [wait(1), send("a"), wait(2), send("b")]}
    assert ["check-1", "1", "3"] == ids(identified({"steps": [ask("x"), send("a"), send("b")]}, old))


def test_a_run_at_a_step_that_is_gone_goes_on_at_the_next_that_is_left():
    old = ["w", "a", "v", "b"]
    assert "a" == following(old, ["x", "a", "b"], "w")
    assert "b" == following(old, ["b", "a"], "v")
    assert following(old, ["w", "a"], "v") is None
    assert following(old, old, "") is None


kinds = st.one_of(
    st.integers(1, 3).map(wait),
    st.sampled_from("xyz").map(ask),
    st.sampled_from("abcde").map(send),
)
several = st.lists(kinds, min_size=1, max_size=6).map(
    lambda steps: [step for place, step in enumerate(steps) if step["do"] != "send" or step not in steps[:place]]
)


@thorough
@given(st.lists(several, min_size=2, max_size=4))
def test_ids_are_unique_and_of_a_template_always_the_same(edits):
    body, of_template = None, {}
    for steps in edits:
        before, body = body, identified({"steps": steps}, body)
        assert len(set(ids(body))) == len(steps)
        sent = {step["template"]: step["id"] for step in body["steps"] if step["do"] == "send"}
        steps_before: list[dict[str, str]] = before["steps"] if before else []
        known = {step["template"]: step["id"] for step in steps_before if step["do"] == "send"}
        assert all(known[template] == sent[template] for template in known.keys() & sent.keys())
        of_template.update(sent)
        assert identified({"steps": steps}, body)["steps"] == body["steps"]


def refused(steps):
    notes = [Definition("templates", name, 1, "", {"id": name}, "ann", 0) for name in ("a", "b")]
    try:
        check("flows", "f", f"id: f\nname: F\nstart: {{event: X}}\nsteps:\n{steps}", notes)
    except DefinitionRefused as error:
        return [(fault.line, fault.message, fault.suggestion) for fault in error.faults]
    return []


def test_a_template_that_is_sent_twice_and_an_id_that_stands_twice_are_refused_in_their_place():
    assert [] == refused("  - send: a\n    id: one\n  - send: b\n    id: two\n")
    (fault,) = refused("  - send: a\n  - wait: 1 hour\n  - send: a\n")
    assert (7, "a-2") == (fault[0], fault[2])
    assert "step 1 sends this template" in fault[1]
    (fault,) = refused("  - send: a\n    id: one\n  - send: b\n    id: one\n")
    assert (8, "step 1 has this id", "one-2") == fault
    (fault,) = refused("  - send: a\n    id: One Two\n")
    assert (6, "one-two") == (fault[0], fault[2])


def test_the_steps_of_a_new_flow_that_is_published_with_others_have_the_same_ids_as_alone():
    flow = "id: f\nname: F\nstart: {event: X}\nsteps:\n  - wait: 1 hour\n  - send: a\n"
    texts = {("templates", "a"): NOTE.format(id="a"), ("flows", "f"): flow}
    assert ["wait-1", "a"] == ids(check_together(texts, [])["flows", "f"])
