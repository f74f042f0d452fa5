"""What a declared source may do, row by row: a signed one speaks as the server, a public one as the shop's page."""

import json
from typing import Any

import pytest

from functions.topology import DECLARED
from local.runtime.clock import rfc3339
from tests.declared import FORM
from tests.flow.host import Host
from tests.security.test_trust import ann, names

SECRETS = {"form": "a new secret of the form", "crm": "a secret of the crm"}
# The form of a CRM that the shop itself keeps, with accounts.
CRM = FORM.replace("id: form", "id: crm").replace("trust: public\n", "").replace(
    "user_id: account", "user_id: account, shopify: storefront"
)  # fmt: skip


@pytest.fixture(autouse=True)
def _published(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """A host that has both, and the secrets of both."""
    monkeypatch.setenv(f"SEGUE_SECRET_{DECLARED.upper()}", json.dumps(SECRETS))
    host: Host = request.getfixturevalue("host")
    for name, text in (("form", FORM), ("crm", CRM)):
        assert 200 == host.publish("sources", name, text).status


def tell(host: Host, source: str, **body: Any) -> None:
    """One delivery that says so; its id is its content."""
    content = {"id": str(sorted(body.items())), "at": rfc3339(host.clock()), **body}
    answer = host.request("POST", f"/hooks/{source}", content, {"X-Form-Token": SECRETS[source]})
    assert 200 == answer.status, answer.body
    host.settle()


def profile(host: Host, identifier: str) -> dict[str, Any]:
    found = host.profile(identifier)
    assert found
    return found


def test_a_signed_source_states_traits_and_consent_of_anybody(host: Host) -> None:
    ann(host)
    host.clock.advance("1m")
    tell(host, "crm", email="ann@x.org", name="Anna", account="ann")
    tell(host, "crm", email="bob@x.org", name="Bob", newsletter=True)
    assert "Anna" == profile(host, "email:ann@x.org")["traits"]["first_name"]
    assert "subscribed" in str(profile(host, "email:bob@x.org")["consent"])


def test_a_signed_source_joins_an_account_and_an_address(host: Host) -> None:
    tell(host, "crm", email="bob@x.org", account="bob")
    assert {"email:bob@x.org", "user_id:bob"} <= names(host, "user_id:bob")


def test_no_declared_source_makes_one_person_of_two_accounts(host: Host) -> None:
    tell(host, "crm", email="ann@x.org", account="a", storefront=1)
    tell(host, "crm", email="ann@x.org", account="b", storefront=1)
    assert "user_id:b" not in names(host, "user_id:a")


def test_a_public_source_changes_nothing_of_the_known_person(host: Host) -> None:
    before = ann(host)
    tell(host, "form", email="ann@x.org", name="Click http://evil.example")
    tell(host, "form", email="ann@x.org", account="ann", name="Eve")
    assert before == host.profile("email:ann@x.org")


def test_a_public_source_joins_nobody(host: Host) -> None:
    ann(host)
    tell(host, "form", email="eve@x.org", account="ann")
    assert "email:eve@x.org" not in names(host, "user_id:ann")
    assert host.profile("email:eve@x.org") is None


def test_a_yes_by_a_public_source_is_asked_back_and_by_a_signed_one_counts(host: Host) -> None:
    tell(host, "form", email="bob@x.org", newsletter=True)
    tell(host, "crm", email="cat@x.org", newsletter=True)
    asked = [(mail["to"], mail["cause"].partition("_")[0]) for mail in host.mailbox()]
    assert [("bob@x.org", "optin")] == asked
    assert host.profile("email:bob@x.org") is None


def test_the_word_of_a_form_is_the_publics_whoever_replays_it(host: Host) -> None:
    before = ann(host)
    tell(host, "form", at="soon", email="ann@x.org", name="Eve")
    trusting = FORM.replace("trust: public", "trust: signed").replace("    time: instant(at)\n", "")
    assert 200 == host.publish("sources", "form", trusting).status
    found = json.loads(host.api("POST", "quarantine/replay?source=form").body)
    assert [True] == [each["replayed"] for each in found["items"]]
    host.settle()
    assert before == host.profile("email:ann@x.org")
