"""The release before reads what this one writes, or nobody could go back to it.

Its readers lie packed in ``tests/golden/release_before.zip``. They run in a process of their own, and say of whatever
this release stores or queues what this release says of it; what they do not know of, they pass over.
"""

import json
import random
import subprocess
import sys
import zipfile
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.definitions import ruleset
from bench.state import NOW as THEN
from bench.state import history
from functions.adapters.dynamodb import bundle
from functions.adapters.dynamodb.rows import bundle_parts
from functions.core.base.task_codec import encode
from functions.core.profiles.state import pack
from functions.core.segments import engine
from scripts import release_before
from tests.unit import reading_before
from tests.unit.random_rows import RANDOM
from tests.unit.stored_rows import NOW, RECORDS
from tests.unit.test_stored_rows import ONLY_READ, WRITERS
from tests.unit.test_tasks import KINDS, some

ROOT = Path(__file__).parents[2]
READERS = ROOT / release_before.PLACE


def read_before(given: list[Any], readers: Path = READERS) -> list[Any]:
    """What the packed readers say of each."""
    done = subprocess.run(
        [sys.executable, reading_before.__file__],
        input=json.dumps(given),
        env={"PYTHONPATH": str(readers), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert str(readers) in answer["from"]
    return list(answer["answers"])


def agrees(before: Any, now: Any) -> bool:
    """True if all that the release before says of it is what this one says; this one may say more."""
    if isinstance(before, dict) and isinstance(now, dict):
        return all(name in now and agrees(each, now[name]) for name, each in before.items())
    if isinstance(before, list) and isinstance(now, list):
        return len(before) == len(now) and all(map(agrees, before, now))
    return bool(before == now)


def compare(given: list[Any], readers: Path = READERS) -> list[str]:
    """What the release before says otherwise, in words."""
    wrong = []
    for each, before in zip(given, read_before(given, readers), strict=True):
        now = reading_before.answer(*each)
        assert "error" not in now, now
        unknown = before.get("read", "") is None
        if not unknown and not ("read" in before and agrees(before["read"], now["read"])):
            wrong.append(f"{each[0]} {each[1] if each[0] in ('row', 'task') else ''}: {before} instead of {now}")
    return wrong


def jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: jsonable(each) for name, each in value.items()}
    if isinstance(value, list):
        return [jsonable(each) for each in value]
    return b64encode(value).decode() if isinstance(value, bytes) else value


def row(kind: str, record: Any) -> list[Any]:
    return ["row", kind, jsonable(WRITERS[kind](record))]


def state(person: int, events: int) -> list[Any]:
    catalogue = ruleset(20, 2).catalogue
    folded = engine.apply(
        engine.fresh(catalogue), list(history(random.Random(person), person, events)), catalogue, THEN
    )
    return ["state", pack(folded).hex(), sorted(catalogue.names.items())]


def a_bundle(definitions: list[Any]) -> list[Any]:
    name, parts = bundle.write(definitions, NOW)
    return ["bundle", list(name), [jsonable(bundle_parts.to_item(each)) for each in parts]]


def test_every_kind_of_row_of_this_release_is_read() -> None:
    written = [
        row(kind, record)
        for kind, records in RECORDS.items()
        for name, record in records.items()
        if (kind, name) not in ONLY_READ
    ]
    assert [] == compare(written)


def test_states_and_bundles_of_this_release_are_read() -> None:
    written = [state(person, events) for person, events in ((1, 5), (2, 60), (3, 400))]
    assert [] == compare([*written, a_bundle(list(RECORDS["definitions"].values()))])


@settings(max_examples=3)
@given(st.data())
def test_whatever_this_release_stores_and_queues_is_read(data: st.DataObject) -> None:
    written = [row(kind, data.draw(random_record)) for kind, random_record in RANDOM.items() for _ in range(5)]
    tasks = [data.draw(some(kind)) for kind in KINDS for _ in range(3)]
    written += [["task", task.QUEUE, encode(task)] for task in tasks]
    written.append(a_bundle(data.draw(st.lists(RANDOM["definitions"], max_size=4))))
    assert [] == compare(written)


@pytest.mark.parametrize(
    ("module", "old", "new", "kind"),
    [
        ("runs", "from_item(item", "from_item_of_before(item", "runs"),
        ("counters", '"h"', '"hour"', "counters"),
        ("identifiers", "string(item", "integer(item", "identifiers"),
    ],
    ids=["a reader that is not there", "another attribute", "another type"],
)
def test_a_changed_format_is_noticed(tmp_path: Path, module: str, old: str, new: str, kind: str) -> None:
    changed = tmp_path / "changed.zip"
    name = f"functions/adapters/dynamodb/rows/{module}.py"
    with zipfile.ZipFile(READERS) as before, zipfile.ZipFile(changed, "w") as after:
        for each in before.namelist():
            text = before.read(each).decode()
            assert each != name or old in text
            after.writestr(each, text.replace(old, new) if each == name else text)
    wrong = compare([row(kind, record) for record in RECORDS[kind].values()], changed)
    assert wrong
    assert all(each.startswith(f"row {kind}") for each in wrong)


def test_the_packed_readers_are_those_of_a_release_and_read_by_themselves(tmp_path: Path) -> None:
    """All that they import lies beside them, and the same modules make the same file."""
    assert release_before.packed(ROOT) == release_before.packed(ROOT)
    with zipfile.ZipFile(READERS) as archive:
        names = archive.namelist()
    assert {f"functions/adapters/dynamodb/rows/{kind}.py" for kind in ("events", "states", "messages")} <= set(names)
    assert not [name for name in names if "handlers" in name or "usecases" in name]
