"""Batches of an import: whole rows, what the host refuses dropped by name, what it cannot take now sent again."""

import base64
import json

import httpx
import pytest

from cli.client import Client
from cli.errors import CliError
from cli.imports import batches
from cli.imports.batches import Item
from cli.imports.door import PAUSES, Door
from functions.sources import segment
from functions.sources.bodies import write_json
from functions.sources.segment.batch import MESSAGES
from functions.sources.tabular.messages import BYTES
from functions.sources.tabular.records import Refusal


def item(line, *names):
    return Item("f.csv", line, tuple(write_json({"messageId": name}) for name in names))


class Shop:
    """A host that refuses messages by their ids, after so many answers of another kind."""

    def __init__(self, *before, refuses=()):
        self.before, self.refuses = list(before), refuses
        self.taken: list[str] = []
        self.pauses: list[float] = []
        self.asked: list[httpx.Request] = []
        client = Client("https://shop.example", key="secret")
        headers = dict(client._http.headers)
        client._http = httpx.Client(base_url=client.url, headers=headers, transport=httpx.MockTransport(self.answer))
        self.client, self.door = client, Door(client, self.pauses.append)

    def answer(self, request):
        self.asked.append(request)
        if self.before:
            told = self.before.pop(0)
            if isinstance(told, Exception):
                raise told
            return told
        batch = json.loads(request.content)["batch"]
        faults = [
            {"where": f"batch[{place}].properties.total", "message": "must be an amount"}
            for place, each in enumerate(batch)
            if each["messageId"] in self.refuses
        ]
        if faults:
            return httpx.Response(400, json={"error": "malformed", "faults": faults})
        self.taken += [each["messageId"] for each in batch]
        return httpx.Response(200, json={"success": True})


def test_history_is_sent_under_the_server_key_as_what_it_is():
    shop = Shop()
    assert [] == shop.door.take([item(2, "a"), item(3, "b")])
    (request,) = shop.asked
    assert "Basic " + base64.b64encode(b"secret:").decode() == request.headers["authorization"]
    assert json.loads(request.content)["historical"] is True
    assert ["a", "b"] == shop.taken


def test_all_messages_of_a_row_that_the_host_refuses_are_left_out_and_the_others_taken():
    shop = Shop(refuses=("c", "e"))
    refused = shop.door.take([item(2, "a"), item(3, "b", "c"), Item("f.csv", 4), item(5, "d"), item(6, "e")])
    why = "the host refuses it: properties.total: must be an amount"
    assert [Item("f.csv", line, refusal=Refusal(line, why)) for line in (3, 6)] == refused
    assert ["a", "d"] == shop.taken


def test_what_the_host_refuses_without_a_name_is_searched_for():
    shop = Shop(refuses=("c",))
    answer = shop.answer

    def nameless(request):
        told = answer(request)
        fault = {"where": "body", "message": "nested deeper than 24 levels"}
        return told if told.is_success else httpx.Response(400, json={"faults": [fault]})

    shop.client._http = httpx.Client(base_url="https://shop.example", transport=httpx.MockTransport(nameless))
    refused = shop.door.take([item(line, name) for line, name in enumerate("abcdefg", 2)])
    assert [(4, "the host refuses it: body: nested deeper than 24 levels")] == [
        (each.line, each.refusal.reason) for each in refused if each.refusal
    ]
    assert [*"abdefg"] == sorted(shop.taken)


def test_a_batch_of_which_the_host_refuses_everything_ends():
    shop = Shop(refuses=("a",))
    assert [2] == [each.line for each in shop.door.take([item(2, "a")])]
    assert [] == shop.taken
    assert 1 == len(shop.asked)


BUSY = httpx.Response(503, json={"error": "unavailable"})


@pytest.mark.parametrize("trouble", [BUSY, httpx.ConnectError("refused"), httpx.ReadTimeout("slow")])
def test_what_the_host_cannot_take_now_is_sent_again_later(trouble):
    shop = Shop(trouble, trouble)
    assert [] == shop.door.take([item(2, "a")])
    assert ["a"] == shop.taken
    assert list(PAUSES[:2]) == shop.pauses
    assert 1 == len({request.content for request in shop.asked})


def test_a_host_that_never_comes_back_ends_the_import_with_how_to_go_on():
    shop = Shop(*[BUSY] * 99)
    with pytest.raises(CliError, match="--resume goes on"):
        shop.door.take([item(2, "a")])
    assert list(PAUSES) == shop.pauses


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (httpx.Response(401, json={"error": "unauthorized", "faults": []}), "does not take the server key"),
        (
            httpx.Response(400, json={"faults": [{"where": "historical", "message": "needs the server key"}]}),
            "takes no imports under this key: historical: needs the server key",
        ),
    ],
)
def test_what_is_wrong_with_no_row_stops_the_import_at_once(answer, says):
    shop = Shop(answer)
    with pytest.raises(CliError, match=says) as stopped:
        shop.door.take([item(2, "a")])
    assert "secret" not in str(stopped.value)
    assert [] == shop.taken


def test_batches_hold_whole_rows_and_stay_within_what_the_door_takes():
    large = [Item("f.csv", line, (b"x" * BYTES,) * 4) for line in range(40)]
    small = [item(line, "a", "b") for line in range(3_000)]
    refused = [Item("f.csv", line, refusal=Refusal(line, "no")) for line in range(5_000)]
    everything = [*large, *small, *refused]
    made = list(batches.batches(everything))
    assert everything == [each for batch in made for each in batch]
    for batch in made:
        messages = [message for each in batch for message in each.messages]
        assert len(messages) <= MESSAGES
        assert len(batches.body(messages)) <= segment.BATCH_BYTES
