"""A token can be taken back, alone or with all others, and ends with the key that signed it."""

from dataclasses import replace

from functions.settings import variable
from functions.usecases.authorise import KEY
from local.runtime.clock import now
from tests.flow.host import Host
from tests.security.tokens import ask, fault, signed, some_token


def test_a_token_that_is_taken_back_opens_nothing_from_then_on_and_others_do(bare: Host) -> None:
    host, token = bare, some_token()
    stolen, other = signed(host, token), signed(host, replace(token, id="other"))
    assert 200 == ask(host, stolen).status
    assert 200 == host.api("DELETE", "tokens/mine").status
    assert "this token was taken back" == fault(ask(host, stolen))["message"]
    assert 200 == ask(host, other).status


def test_all_tokens_issued_until_an_instant_are_taken_back_at_once(bare: Host) -> None:
    host, token = bare, some_token()
    before = str(host.keys["admin_token"])
    assert 400 == ask(host, before, "DELETE", "/api/tokens").status
    assert 400 == ask(host, before, "DELETE", "/api/tokens?issued_until=2999-01-01T00:00:00Z").status
    assert 200 == ask(host, before, "DELETE", "/api/tokens?issued_until=now").status
    assert 401 == ask(host, before).status
    assert 401 == ask(host, signed(host, token)).status
    assert 200 == ask(host, signed(host, replace(token, issued=now() + 1))).status


def test_a_token_made_with_the_key_before_a_rotation_is_good_until_the_next(bare: Host) -> None:
    host, token = bare, some_token()
    before = signed(host, token)
    for status in (200, 401):
        place = host.inner.cloud.environment[variable("secret", KEY)]
        secrets = host.inner.cloud.clients.get("secretsmanager")
        secrets.put_secret_value(SecretId=place, SecretString=f"{host.inner.secret(KEY)}-next")
        host.clock.advance("11s")
        assert 200 == ask(host, str(host.inner.token("publish"))).status
        assert status == ask(host, before).status
