"""An export in a running shop, while people become one, are erased and change their minds."""

import json

import pytest

from tests.flow.host import Host
from tests.flow.shop import ANN, BEN, customer, identify, order, redact, track

BUYERS = 'id: buyers\nname: Buyers\nwhen: did "Order Completed"\n'


@pytest.fixture
def shop(bare: Host) -> Host:
    """Ann, Ben, and a visitor who bought too."""
    assert bare.publish("segments", "buyers", BUYERS).status == 200
    for number, who in ((9001, ANN), (9002, BEN)):
        bare.webhook("customers/create", customer(who, consent="subscribed"))
        bare.webhook("orders/create", order(number, who))
    bare.segment("track", track("Order Completed", user="ann", order_id="o1", total=5))
    bare.settle()
    return bare


def job(host: Host) -> str:
    answer = host.api("POST", "segments/buyers/export", {"addresses": True, "format": "ndjson"})
    assert answer.status == 202
    found = json.loads(answer.body)["job"]
    assert 3 == host.result("GET", f"jobs/{found}?wait=25")["result"]["count"]
    return str(found)


def rows(host: Host, found: str) -> list[dict[str, object]]:
    page = host.result("GET", f"jobs/{found}/export")
    assert page["next"] is None
    return [json.loads(each) for each in page["rows"]]


def test_two_people_who_have_become_one_since_are_one_row(shop: Host) -> None:
    found = job(shop)
    assert 3 == len(rows(shop, found))
    shop.segment("identify", identify(user="ann", email=ANN.email))
    shop.settle()
    told = rows(shop, found)
    assert sorted([ANN.email, BEN.email]) == sorted(str(each["email"]) for each in told)


def test_whoever_was_erased_or_has_said_no_meanwhile_is_told_so(shop: Host) -> None:
    found = job(shop)
    shop.clock.advance("1m")
    shop.webhook("customers/redact", redact(ANN, 9001))
    shop.webhook("customers/update", customer(BEN, consent="unsubscribed"))
    shop.settle()
    told = {each["email"]: each["marketing"] for each in rows(shop, found)}
    assert {BEN.email: "unsubscribed", None: "none"} == told
    assert ANN.email not in json.dumps(shop.inner.rows("jobs", 1000), default=str)
