"""Files of any bytes: every row is taken whole or refused, nothing stops it, and the door takes what is sent."""

import json
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cli.errors import CliError, RefusedByHost
from cli.imports import batches
from cli.imports.door import Door
from cli.imports.importing import Import, Input
from cli.imports.layouts import choose
from cli.imports.options import Arguments
from cli.imports.parts import parts
from functions.core.base.errors import Refused
from functions.core.base.translation import Request
from functions.sources import segment
from functions.sources.bodies import read_json
from tests.unit.strategies.values import EXAMPLES

examples = settings(max_examples=EXAMPLES, deadline=None)

NOW = "2026-11-27T00:00:00.000Z"
CELLS = st.one_of(
    st.text(max_size=12),
    st.text(st.characters(codec=None), max_size=6),
    st.sampled_from(["ann@x.org", "1001", "2024-13-01", "1.3.2024", "1,299.90", "1e999", "-0", "9" * 400, "null", "0"]),
    st.sampled_from(["undefined", '"', '""', "'", "\x00", "\ufffd", "=1+1", "x" * 40_000, "yes", "EUR", "\r"]),
)
COLUMNS = "order,mail,when,total,currency,item,qty,say,points"
MAP = (
    "order_id=order,email=mail,time=when,total=total,currency=currency,product.name=item,product.quantity=qty,"
    "trait.say=say,trait.points:number=points,consent=answer"
)
# Of a row most is as it should be, so that what is odd reaches the messages.
GOOD = ("1001", "ann@x.org", "2024-03-01", "1.00", "EUR", "Ring", "1", "hello", "7", "yes")
ROWS = st.tuples(*(st.one_of(st.just(good), st.just(good), st.just(good), CELLS) for good in GOOD))
FIRST = "1,ann@x.org,2024-03-01,1.00,EUR,Ring,1,hello,7,yes\n"


def read(file: bytes, name: str, **said: object) -> tuple[list[batches.Item], int]:
    """What each row comes to, and how many lines there are."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(file)
        (part,) = parts(path, None)
        chosen = choose(part, Arguments(file=path, map=[MAP], kind="orders", **said))  # type: ignore[arg-type]
        assert chosen
        return list(Import.of([Input(part, chosen, part.size())], NOW).items()), part.size().lines


class Shop:
    """Takes a batch as the host does, whole or with every fault."""

    def __init__(self) -> None:
        self.taken = 0

    def call(self, method: str, path: str, **request: Any) -> None:
        """Read the request."""
        sent = Request(body=request["content"], route="batch", received=1_795_288_320, currency="EUR", trust="signed")
        try:
            told = segment.emit(sent, read_json(sent.body))
        except Refused as refused:
            raise RefusedByHost(refused.status, [asdict(each) for each in refused.faults]) from None
        assert not told.unclear
        self.taken += len(told.events)


def taken_by_the_door(items: list[batches.Item]) -> list[batches.Item]:
    """What the host refuses; all else it takes, and nothing of it names nobody."""
    shop = Shop()
    refused = [each for batch in batches.batches(items) for each in Door(shop).take(batch)]
    left = {(each.part, each.line) for each in refused}
    assert shop.taken == sum(len(each.messages) for each in items if (each.part, each.line) not in left)
    return refused


@given(st.lists(ROWS, max_size=8), st.booleans())
@examples
def test_every_row_of_csv_is_taken_whole_or_refused(rows, quoted):
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if quoted else text

    text = COLUMNS + ",answer\n" + FIRST + "".join(",".join(map(cell, row)) + "\n" for row in rows)
    try:
        items, _ = read(text.encode("utf-8", "surrogatepass"), "orders.csv")
    except CliError as error:
        # A column of answers that are none, or of dates whose order nobody told, is the mapping's fault.
        assert any(word in str(error) for word in ("consent=", "say --dates", "is not a", "is no"))
        return
    assert items[0].messages or items[0].refusal
    assert [] == taken_by_the_door(items)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), CELLS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=8,
)


NAMES = (*COLUMNS.split(","), "answer")
OBJECTS = st.fixed_dictionaries(
    {
        name: st.one_of(st.just(good), st.just(good), st.just(good), VALUES)
        for name, good in zip(NAMES, GOOD, strict=True)
    }
)


@given(st.lists(OBJECTS, max_size=8))
@examples
def test_every_line_of_json_is_taken_whole_or_refused(objects):
    first = dict(zip(NAMES, FIRST.strip().split(","), strict=True))
    try:
        items, _ = read("".join(json.dumps(each) + "\n" for each in [first, *objects]).encode(), "orders.ndjson")
    except CliError as error:
        assert any(word in str(error) for word in ("consent=", "say --dates", "is not a", "is no"))
        return
    taken_by_the_door(items)


@given(st.binary(max_size=300))
@examples
def test_any_bytes_behind_a_good_row_stop_nothing(tail):
    try:
        items, _ = read((COLUMNS + ",answer\n" + FIRST).encode() + tail, "orders.csv")
    except CliError:
        return
    assert items
    assert [] == taken_by_the_door(items)
