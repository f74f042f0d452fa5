"""The unsubscribe link through its handler, on tables in memory."""

import base64
import re

import pytest
from moto import mock_aws

from functions import wiring
from functions.core.base.events import Event
from functions.core.messages.unsubscribe import Claims, seal
from functions.core.profiles.records import ProfileAttributes, StoredState
from functions.core.timelines.consents import Statements
from functions.handlers.preferences import handler
from functions.topology import FUNCTIONS
from local.aws.resources import create, environment_of
from tests import aws
from tests.lambda_context import CONTEXT

NOW = 1_800_000_000
CLAIMS = Claims("p1", "ann@example.org", "cart-recovery_c1_1")
TOKEN = seal("key", CLAIMS)


@pytest.fixture(scope="module")
def environment():
    with pytest.MonkeyPatch.context() as patched, mock_aws():
        for name, value in {**aws.MOTO, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}.items():
            patched.setenv(name, value)
        wiring.reset()
        places = create(wiring.clients().get, values={"link-key": "key"})
        function = next(function for function in FUNCTIONS if function.name == "preferences")
        yield environment_of(function, places, {"SHOP_NAME": "Tom & Co"})
    wiring.reset()


@pytest.fixture
def ports(environment, monkeypatch):
    monkeypatch.setattr(wiring, "now", lambda: NOW)
    with wiring.use(environment) as used:
        yield used
        used.log.erase("email:ann@example.org")
        for profile in ("p1", "p2"):
            used.people.forget(profile, ())


def request(method, token=TOKEN, body=b"", kind="application/x-www-form-urlencoded"):
    return handler(
        {
            "requestContext": {"http": {"method": method}, "stage": "$default"},
            "rawPath": f"/u/{token}",
            "headers": {"content-type": kind},
            "body": base64.b64encode(body).decode(),
            "isBase64Encoded": True,
        },
        CONTEXT,
    )


def said(ports, address="email:ann@example.org"):
    return [(event.name, event.consent, event.identifiers) for event in ports.log.read(address)]


UNSUBSCRIBED = ("Email Unsubscribed", "unsubscribed", ("email:ann@example.org",))


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_never_changes_anything(ports, method):
    assert 200 == request(method)["statusCode"]
    assert [] == said(ports)


def test_the_page_shows_the_masked_address_and_the_shop_and_works_without_script(ports):
    answer = request("GET")
    assert "a•••@e•••.org" in answer["body"]
    assert "ann@example.org" not in answer["body"]
    assert "Tom &amp; Co" in answer["body"]
    assert "<script" not in answer["body"]
    assert ["unsubscribe"] == re.findall(r'name="action" value="(\w+)"', answer["body"])
    assert "no-store" == answer["headers"]["cache-control"]


def test_a_head_request_has_no_body(ports):
    assert "" == request("HEAD")["body"]


MULTIPART = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (b"List-Unsubscribe=One-Click", ""),
        (MULTIPART, 'multipart/form-data; boundary="x"'),
        (b"action=unsubscribe", "application/x-www-form-urlencoded"),
    ],
)
def test_a_post_unsubscribes_in_every_form_that_rfc_8058_allows(ports, body, kind):
    assert 200 == request("POST", body=body, kind=kind)["statusCode"]
    assert [UNSUBSCRIBED] == said(ports)


def test_the_event_names_the_message_that_carried_the_link(ports):
    request("POST", body=b"List-Unsubscribe=One-Click")
    (event,) = ports.log.read("email:ann@example.org")
    assert {"cause": "cart-recovery_c1_1", "flow": "cart-recovery"} == dict(event.properties)
    assert (NOW, NOW, "preferences") == (event.time, event.received, event.source)


def test_a_repeated_post_is_one_event(ports):
    for _ in range(3):
        assert 200 == request("POST", body=b"List-Unsubscribe=One-Click")["statusCode"]
    assert [UNSUBSCRIBED] == said(ports)


def test_an_unsubscribe_shows_at_once_before_it_is_folded(ports):
    request("POST", body=b"action=unsubscribe")
    answer = request("GET")
    assert "You are unsubscribed" in answer["body"]
    assert ["subscribe"] == re.findall(r'name="action" value="(\w+)"', answer["body"])


def test_subscribing_again_is_possible(ports, monkeypatch):
    request("POST", body=b"action=unsubscribe")
    monkeypatch.setattr(wiring, "now", lambda: NOW + 60)
    assert "You are subscribed" in request("POST", body=b"action=subscribe")["body"]
    assert ["Email Unsubscribed", "Email Resubscribed"] == [name for name, _, _ in said(ports)]
    assert "Unsubscribe?" in request("GET")["body"]


SAID = {"subscribed": Statements(subscribed=5), "unsubscribed": Statements(unsubscribed=5)}


def attributes(ports, profile, **said):
    consent = {name.replace("_", ":", 1): SAID[value] for name, value in said.items()}
    ports.people.save_attributes(ProfileAttributes(profile, frozenset(consent), consent=consent))


def test_a_new_yes_takes_back_the_no_of_the_persons_accounts(ports):
    attributes(ports, "p1", shopify_7="unsubscribed", user__id="subscribed")
    answer = request("POST", body=b"action=subscribe")
    assert "Welcome back" in answer["body"]
    assert [("email:ann@example.org",)] == [names for _, _, names in said(ports)]


def test_a_new_yes_does_not_speak_for_another_address(ports):
    attributes(ports, "p1", email_other="unsubscribed")
    answer = request("POST", body=b"action=subscribe")
    assert "Another address of yours has said no" in answer["body"]
    assert [("email:ann@example.org",)] == [names for _, _, names in said(ports)]


def test_the_page_knows_what_holds_after_a_merge(ports):
    ports.people.save_state(StoredState("p1", merged_into="p2"))
    attributes(ports, "p2", email_ann="unsubscribed")
    assert "You are unsubscribed" in request("GET")["body"]


def test_a_post_that_asks_for_neither_changes_nothing(ports):
    for body in (b"", b"action=maybe", b"List-Unsubscribe=No", b"\xff\xfe", b"a" * 20_000):
        assert 400 == request("POST", body=body)["statusCode"]
    assert [] == said(ports)


STRANGE = ["x", "u1.a.b", TOKEN[:-1], TOKEN + "A", seal("other", CLAIMS), "%00", "u1.é.é"]


def test_a_link_that_is_not_ours_is_not_found_and_says_nothing_more(ports):
    for token in STRANGE:
        answers = [request(method, token=token, body=b"List-Unsubscribe=One-Click") for method in ("GET", "POST")]
        assert [404, 404] == [answer["statusCode"] for answer in answers]
        assert not any("sign" in answer["body"] for answer in answers)
    assert [] == said(ports)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
def test_another_method_is_not_found_and_changes_nothing(ports, method):
    assert 404 == request(method, body=b"List-Unsubscribe=One-Click")["statusCode"]
    assert [] == said(ports)


def test_when_the_log_fails_the_answer_asks_to_come_back(environment):
    with wiring.use({**environment, "TABLE_LOG": "gone"}):
        answer = request("POST", body=b"List-Unsubscribe=One-Click")
    assert (503, "5") == (answer["statusCode"], answer["headers"]["retry-after"])


def test_what_the_log_says_of_the_person_beside_consent_does_not_matter(ports):
    viewed = Event("Page Viewed", NOW, NOW, ("email:ann@example.org",), "2027-01-15T08:00:00.000Z#1", "test")
    ports.log.append([viewed])
    assert "Unsubscribe?" in request("GET")["body"]
