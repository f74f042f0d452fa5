"""`segue token`: what it makes opens what its role may, and what it takes back opens nothing."""

import json

import pytest

from cli.__main__ import main
from functions import wiring
from tests.console import NOW, token


def made(capsys, *arguments):
    place = wiring.ports().settings.place("secret", "signing-key")
    assert 0 == main(["token", "--secret", place, "--subject", "ann", *arguments])
    return capsys.readouterr().out.strip()


def test_a_token_made_from_the_secret_opens_what_its_role_may(world, url, capsys, monkeypatch):
    monkeypatch.setattr("time.time", lambda: NOW)
    publishing, reading = made(capsys), made(capsys, "--role", "read", "--for", "30d")
    for each, status in ((publishing, 200), (reading, 403)):
        world.ask("GET", "/api/segments", token=each)
        world.ask("DELETE", "/api/tokens/other", token=each, status=status)
    assert publishing != made(capsys)


@pytest.mark.parametrize("by", ["token", "id"])
def test_a_token_is_taken_back_by_itself_or_by_its_id(world, url, capsys, by):
    stolen = token("read", id="stolen")
    which = stolen if by == "token" else "stolen"
    assert 0 == main(["token", "revoke", which])
    assert "took back the token stolen\n" == capsys.readouterr().out
    world.ask("GET", "/api/segments", token=stolen, status=401)
    world.ask("GET", "/api/segments")


def test_all_tokens_issued_until_now_are_taken_back(world, url, capsys):
    assert 0 == main(["token", "revoke", "--all", "--json"])
    assert {"issued_until": "2026-11-21T12:00:00Z"} == json.loads(capsys.readouterr().out)
    world.ask("GET", "/api/segments", status=401)
    world.ask("GET", "/api/segments", token=token("read", issued=NOW + 1))


@pytest.mark.parametrize("arguments", [["revoke"], ["revoke", "x", "--all"]])
def test_what_is_to_be_taken_back_is_said_once(url, capsys, arguments):
    assert 2 == main(["token", *arguments])
    assert "which one?" in capsys.readouterr().err
