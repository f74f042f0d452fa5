"""The past of a shop imported from a file: nothing is sent, profiles and segments are right, also in parts."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.__main__ import main
from cli.client import Client
from cli.imports import batches
from local.runtime.clock import rfc3339
from tests.flow.host import URL, Host
from tests.flow.shop import ANN, customer, order
from tests.notes import note

DAY = 86_400
FLOWS = {
    "at-once": "start: {event: Order Completed}\nsteps: [{send: note}]",
    "regulars": "start: {segment: regular}\nsteps: [{send: note}]",
}
REGULAR = 'id: regular\nname: Regular\nwhen: did "Order Completed" at least 12 times\n'
WORDS = ("--yes", "--json", "--local", "--url", URL, "--map", "order_id=number,currency=:USD")


@pytest.fixture
def shop(host: Host, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A shop with flows that orders start, to which the command line speaks."""
    assert 200 == host.publish("templates", "note", note(words="Hello")).status
    assert 200 == host.publish("segments", "regular", REGULAR).status
    for name, body in FLOWS.items():
        assert 200 == host.publish("flows", name, f"id: {name}\nname: {name}\n{body}\n").status
    host.webhook("customers/create", customer(ANN, consent="subscribed"))
    host.clock.advance("1m")

    def answer(request: httpx.Request) -> httpx.Response:
        told = host.request(request.method, request.url.raw_path.decode(), request.content, request.headers)
        return httpx.Response(told.status, content=told.body)

    monkeypatch.setattr("httpx.Client", partial(httpx.Client, transport=httpx.MockTransport(answer)))
    monkeypatch.setattr("sys.argv", ["segue"])
    return host


@pytest.fixture
def past(shop: Host, tmp_path: Path) -> Path:
    """Three years of orders of Ann, one in thirty days, and of forty others, one in a year; some cannot be taken."""
    now = shop.clock()
    rows = [f"a{ago},{ANN.email},{rfc3339(now - ago * DAY - 60)},20.00" for ago in range(0, 3 * 365, 30)]
    rows += [f"o{who}-{year},u{who}@x.org,{rfc3339(now - year * 365 * DAY - who)},9.50"
             for who in range(40) for year in (1, 2, 3)]  # fmt: skip
    rows += [f"bad,{ANN.email},yesterday,1.00", f"later,{ANN.email},{rfc3339(now + DAY)},1.00", "torn"]
    path = tmp_path / "orders.csv"
    path.write_text("number,email,time,total\n" + "\n".join(rows) + "\n")
    return path


def imported(path: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """What the import says that it did."""
    assert 3 == main(["import", str(path), *WORDS, *words])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def everybody(shop: Host) -> Any:
    """All that is known of everybody, and who is a regular customer."""
    people = [ANN.email, *(f"u{who}@x.org" for who in range(40))]
    return [shop.profile(f"email:{address}") for address in people], shop.members("regular")


def test_three_years_of_orders_are_known_and_nothing_is_sent(
    shop: Host, past: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = imported(past, capsys)
    assert (157, 157, 3) == (told["taken"], told["messages"], told["refused"])
    profiles, regulars = everybody(shop)
    assert None not in profiles
    assert [profiles[0]["id"]] == regulars
    reasons = past.with_name("orders.csv.refused.csv").read_text()
    assert "is not a date" in reasons and "lies in the future" in reasons and "has 1 columns" in reasons
    shop.clock.advance("20d")
    assert [] == shop.mailbox()
    shop.webhook("orders/create", order(9001, ANN))
    shop.settle()
    assert ["at-once"] == [mail["cause"].partition("_")[0] for mail in shop.mailbox()]


def test_the_same_file_twice_changes_nothing(shop: Host, past: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = imported(past, capsys)
    before = everybody(shop)
    assert told == imported(past, capsys)
    assert before == everybody(shop)


def _broken_off(after: int) -> Callable[..., Any]:
    """A call of the host that ends the command at a batch: what was sent may have been taken."""
    left, call = [after], Client.call

    def broken(self: Client, method: str, path: str, **more: Any) -> Any:
        told = call(self, method, path, **more)
        left[0] -= path == "/v1/batch"
        if not left[0]:
            raise KeyboardInterrupt
        return told

    return broken


@pytest.mark.parametrize("after", [1, 3])
def test_an_interrupted_import_comes_to_the_same(
    shop: Host, past: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(batches, "MESSAGES", 40)
    with monkeypatch.context() as patched:
        patched.setattr(Client, "call", _broken_off(after))
        assert 130 == main(["import", str(past), *WORDS])
    capsys.readouterr()
    told = imported(past, capsys, *(["--resume"] if after > 1 else []))
    resumed = everybody(shop), past.with_name("orders.csv.refused.csv").read_text()
    assert told == imported(past, capsys)
    assert resumed == (everybody(shop), past.with_name("orders.csv.refused.csv").read_text())
    assert (157, 3, 1) == (told["taken"], told["refused"], len(resumed[0][1]))
