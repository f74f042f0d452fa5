"""Tasks on a queue: what is written is read again, also what the release before wrote, and nothing else is."""

import json
from dataclasses import MISSING, fields
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.core.base import tasks
from functions.core.base.errors import Malformed
from functions.core.base.task_codec import decode, encode, kinds
from functions.core.base.tasks import Task
from functions.core.base.tasks.refolds import RefoldReceived
from functions.core.base.tasks.wakes import WakeProfile
from functions.core.scores.tally import Tally
from functions.handlers import wake
from functions.topology import FUNCTIONS, QUEUES
from functions.topology_rows import QueueMessages
from tests.lambda_context import CONTEXT

GOLDEN = Path(__file__).parents[1] / "golden" / "tasks"
TASKS = {queue.name: kinds(queue.name) for queue in QUEUES if not queue.of_ses}
KINDS = [kind for known in TASKS.values() for kind in known]
TEXT = st.text(min_size=1)
WHOLE = st.integers(-(2**60), 2**60)
VALUES: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    str | None: st.none() | TEXT,
    int: WHOLE,
    int | None: st.none() | WHOLE,
    bool: st.booleans(),
    tuple[str, ...]: st.lists(TEXT).map(tuple),
}


def golden(name: str) -> list[dict[str, Any]]:
    return json.loads((GOLDEN / name).read_text())


def written(body: Any) -> str:
    return body if isinstance(body, str) else json.dumps(body)


def some(kind: type[Task]) -> st.SearchStrategy[Task]:
    return st.builds(kind, **{each.name: VALUES[each.type] for each in fields(kind)})


@given(st.one_of(*map(some, KINDS)))
def test_what_is_written_is_read_again_and_holds_ascii_alone(task):
    assert encode(task).isascii()
    assert task == decode(task.QUEUE, encode(task))


def test_a_task_is_told_by_its_mark_whatever_stands_there():
    task = RefoldReceived(since=0, until=0)
    assert task == decode("refolds", encode(task))


@pytest.mark.parametrize("case", golden("read.json"), ids=lambda case: case["task"])
def test_a_message_of_the_release_before_is_read(case):
    assert case["task"] == repr(decode(case["queue"], json.dumps(case["body"])))


@pytest.mark.parametrize("case", golden("read.json"), ids=lambda case: case["task"])
def test_the_release_before_reads_what_this_one_writes(case):
    """It reads keys by their names and takes what is null for absent."""
    body = json.loads(encode(decode(case["queue"], json.dumps(case["body"]))))
    assert case["body"] == {name: body[name] for name in case["body"]}
    more = {name for name in body if name not in case["body"]}
    assert not any(body[name] for name in more - {"of"})


@pytest.mark.parametrize("case", golden("read.json"), ids=lambda case: case["task"])
def test_a_key_of_the_release_behind_is_passed_over(case):
    assert case["task"] == repr(decode(case["queue"], json.dumps({**case["body"], "colour": "red"})))


@pytest.mark.parametrize("case", golden("refused.json"), ids=lambda case: written(case["body"]))
def test_a_refusal_names_every_fault_and_no_value(case):
    with pytest.raises(Malformed) as refused:
        decode(case["queue"], written(case["body"]))
    assert case["faults"] == str(refused.value).split("; ")


def test_every_queue_of_the_topology_has_its_tasks_and_every_task_its_queue():
    modules = {each.name: import_module(f"{tasks.__name__}.{each.name}") for each in iter_modules(tasks.__path__)}
    assert TASKS.keys() == modules.keys()
    assert all(kind.QUEUE == queue for queue, known in TASKS.items() for kind in known)
    named = [each for module in modules.values() for each in vars(module).values()]
    assert {Task, *KINDS} == {each for each in named if isinstance(each, type) and issubclass(each, Task)}
    read = {
        trigger.queue for function in FUNCTIONS for trigger in function.triggers if isinstance(trigger, QueueMessages)
    }
    assert read == TASKS.keys() | {queue.name for queue in QUEUES if queue.of_ses}


def test_one_task_of_a_queue_has_no_mark_and_stands_last_and_the_others_are_told_apart():
    for known in TASKS.values():
        marks = [kind.MARK for kind in known]
        assert ("", len(marks)) == (marks[-1], len(set(marks)))


def test_a_mark_is_no_other_field_of_its_queue():
    """Or a task would be taken for another one by one of its own values."""
    for known in TASKS.values():
        for kind in known:
            others = {
                each.metadata.get("key", each.name) for other in known if other is not kind for each in fields(other)
            }
            assert kind.MARK not in others


def test_a_message_that_is_no_task_is_kept_back_alone(world):
    bodies = {"m1": "no JSON", "m2": json.dumps({"who": "ann"}), "m3": encode(WakeProfile("p1"))}
    event = {"Records": [{"messageId": name, "body": body} for name, body in bodies.items()]}
    assert {"batchItemFailures": [{"itemIdentifier": name} for name in ("m1", "m2")]} == wake.handler(event, CONTEXT)


def test_fields_without_a_default_come_first():
    """``decode`` asks for those that have none."""
    for kind in KINDS:
        needed = [each.default is MISSING for each in fields(kind)]
        assert needed == sorted(needed, reverse=True)


@pytest.mark.parametrize("text", ["no tally", "!!!", "c$}?", Tally().packed()[:-1]])
def test_a_refresh_whose_tally_cannot_be_read_is_kept_back(text):
    with pytest.raises(Malformed, match="tally: is no tally"):
        Tally.unpacked(text)
