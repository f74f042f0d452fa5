"""Erased stays erased: what was said of somebody before their erasure never comes back, whoever repeats it and how."""

import json
from typing import Any

import pytest

from functions.adapters.packing import unpack
from tests.flow.crash_stories.story import unfinished
from tests.flow.host import Host
from tests.flow.shop import ANN, BEN, customer, identify, order, read, redact

ADDRESS = f"email:{ANN.email}"


def erase(host: Host) -> None:
    """Ann is erased, as the storefront asks."""
    host.webhook("customers/redact", redact(ANN, 9001))
    host.settle()


def traces(host: Host) -> list[str]:
    """The rows that hold Ann's address, her name or her account, of every table but that of what was not understood."""
    tables = ("log", "identifiers", "profiles", "messages", "runs", "erasures", "names", "jobs")
    rows = [json.dumps(row, default=str) for name in tables for row in host.inner.rows(name, 1000)]
    return [row for row in rows if any(word in row for word in (ANN.email, ANN.name, f"shopify:{ANN.id}"))]


def test_no_job_names_somebody_who_was_erased_after_it_had_found_them(bare: Host) -> None:
    bare.publish("segments", "buyers", 'id: buyers\nname: Buyers\nwhen: did "Order Completed"\n')
    bare.webhook("customers/create", customer(ANN))
    bare.webhook("orders/create", order(9001, ANN))
    bare.webhook("orders/create", order(9002, BEN))
    found: Any = bare.profile(ADDRESS)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("functions.usecases.questions.MOMENT", 0)
        job = json.loads(bare.api("GET", "segments/buyers/members").body)["job"]
        preview = json.loads(bare.api("POST", "preview", {"when": 'did "Order Completed"'}).body)["job"]
    rebuild = json.loads(bare.api("POST", "rebuilds").body)["job"]
    assert found["id"] in read(bare.api("GET", f"jobs/{job}?wait=25"))["result"]["members"]
    assert found["id"] in read(bare.api("GET", f"jobs/{preview}?wait=25"))["result"]["sample"]
    bare.settle()
    assert "done" == read(bare.api("GET", f"jobs/{rebuild}"))["state"]
    erase(bare)
    told = read(bare.api("GET", f"jobs/{job}"))["result"]
    assert (2, 1) == (told["count"], len(told["members"]))
    assert found["id"] not in told["members"]
    assert found["id"] not in read(bare.api("GET", f"jobs/{preview}"))["result"]["sample"]
    # What is packed in a row is no text to search in.
    parts = [row for row in bare.inner.rows("jobs", 1000) if row["pk"]["S"] == f"job#{rebuild}" and "f" in row]
    assert {""} == {unpack(row["b"]["B"])["last"] for row in parts}
    assert [] == traces(bare)


@pytest.mark.parametrize("later", ["1m", "2d"])
def test_an_old_webhook_byte_for_byte_restores_nothing(bare: Host, later: str) -> None:
    told, bought = json.dumps(customer(ANN, consent="subscribed")).encode(), json.dumps(order(9001, ANN)).encode()
    bare.webhook("customers/create", told)
    bare.webhook("orders/create", bought)
    assert bare.profile(ADDRESS)
    erase(bare)
    bare.clock.advance(later)
    bare.webhook("customers/create", told)
    bare.webhook("orders/create", bought)
    assert bare.profile(ADDRESS) is None
    assert [] == traces(bare)


def test_an_old_message_of_an_sdk_restores_nothing(bare: Host) -> None:
    told = identify(user="ann", email=ANN.email, first_name=ANN.name, consent="subscribed")
    bare.segment("identify", {**told, "sentAt": told["timestamp"]})
    bare.segment("identify", identify(user="ann", email=ANN.email))
    erase(bare)
    bare.clock.advance("2d")
    bare.segment("identify", {**told, "sentAt": told["timestamp"]})
    bare.segment("import", {"batch": [{**told, "type": "identify", "messageId": "another"}]})
    assert bare.profile(ADDRESS) is None
    assert [] == traces(bare)


def test_a_message_that_names_an_erased_and_a_living_person_falls_away_whole(bare: Host) -> None:
    bare.webhook("customers/create", customer(ANN))
    bare.segment("identify", identify(user="ben", email=BEN.email))
    joined = identify(user="ben", email=ANN.email, first_name=ANN.name)
    bare.clock.advance("1m")
    erase(bare)
    before = bare.profile("user_id:ben")
    bare.segment("identify", joined)
    assert bare.profile(ADDRESS) is None
    assert before == bare.profile("user_id:ben")
    assert [] == traces(bare)


def test_an_event_that_is_in_the_stream_when_its_person_is_erased_falls_away(bare: Host) -> None:
    bare.webhook("customers/create", customer(ANN))
    bare.settle()
    # Nothing of these two is worked on before both are taken.
    bare.webhook("orders/create", order(9001, ANN))
    bare.webhook("customers/redact", redact(ANN, 9001))
    bare.settle()
    assert [] == traces(bare)


def test_a_request_replayed_from_quarantine_restores_nothing(bare: Host) -> None:
    bare.webhook("customers/create", customer(ANN))
    bare.webhook("customers/update", customer(ANN, consent="subscribed"), shop_domain="other-shop.myshopify.com")
    (item,) = read(bare.api("GET", "quarantine"))["items"]
    erase(bare)
    bare.api("POST", f"quarantine/shopify/{item['id']}/replay")
    assert bare.profile(ADDRESS) is None


def test_a_new_order_after_the_erasure_is_a_new_person_without_the_old_yes(bare: Host) -> None:
    bare.webhook("customers/create", customer(ANN, consent="subscribed"))
    yes = customer(ANN, consent="subscribed")
    bare.clock.advance("1m")
    erase(bare)
    bare.clock.advance("1h")
    bare.webhook("orders/create", {**order(9002, ANN), "customer": yes})
    person = bare.profile(ADDRESS)
    assert person is not None
    assert "none" == person["consent"]["marketing"]
    assert 1 == read(bare.api("GET", f"profiles/{person['id']}/events"))["count"]


def test_a_no_outlives_the_erasure_as_a_hash_and_a_later_yes_outweighs_it(bare: Host) -> None:
    bare.webhook("customers/create", customer(ANN, consent="unsubscribed"))
    bare.clock.advance("1m")
    erase(bare)
    erase(bare)
    assert [] == traces(bare)
    bare.clock.advance("1h")
    bare.webhook("orders/create", {**order(9002, ANN), "customer": {**customer(ANN), "email_marketing_consent": None}})
    person: Any = bare.profile(ADDRESS)
    assert "unsubscribed" == person["consent"]["marketing"]
    bare.webhook("customers/update", customer(ANN, consent="subscribed"))
    person = bare.profile(ADDRESS)
    assert "subscribed" == person["consent"]["marketing"]


def test_an_open_of_an_old_mail_brings_nobody_back(host: Host) -> None:
    host.webhook("customers/create", customer(ANN, consent="subscribed"))
    host.webhook("orders/create", order(9001, ANN))
    host.clock.advance("2d")
    (mail, *_) = host.mailbox()
    erase(host)
    for happened in ("open", "click", "complaint"):
        host.local("POST", f"mailbox/{mail['id']}/{happened}")
    host.clock.advance("1h")
    assert host.profile(ADDRESS) is None
    assert [] == traces(host)
    assert {"given up": [], "waiting": []} == unfinished(host)


def test_an_open_of_a_mail_of_somebody_who_is_known_counts(host: Host) -> None:
    host.webhook("customers/create", customer(ANN, consent="subscribed"))
    host.webhook("orders/create", order(9001, ANN))
    host.clock.advance("2d")
    (mail, *_) = host.mailbox()
    host.local("POST", f"mailbox/{mail['id']}/open")
    person: Any = host.profile(ADDRESS)
    events = read(host.api("GET", f"profiles/{person['id']}/events"))["events"]
    assert "Email Opened" in [event["event"] if "event" in event else event["name"] for event in events]
