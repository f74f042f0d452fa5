"""The command line against a host that answers as the API does."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cli import backfills, output
from cli.__main__ import main
from cli.main import names
from cli.spans import span
from tests.unit.scripted_host import STAYS, Host, Server

ROOT = Path(__file__).parent.parent.parent
TOLD = """in vip since 2026-02-01T00:00:00Z, until something happens (version 2)
  yes  not
    no   did "X" within 1 day  [counted 0; times none]
looked at: the newest 50 of 7,500 anonymous_id
left out at 100 traits: 7, which are in the log only
history:
  2026-01-01T00:00:00Z  entered: Order Completed (version 1)
  2026-01-02T00:00:00Z  left: time (version 1)
  2026-02-01T00:00:00Z  entered: definition (segments/vip version 2) (version 2)
"""


@pytest.fixture
def host(monkeypatch):
    monkeypatch.delenv("SEGUE_URL", raising=False)
    monkeypatch.delenv("SEGUE_TOKEN", raising=False)
    server = Server(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def folder(path, **files):
    for place, text in files.items():
        kind, _, name = place.partition("__")
        (path / kind).mkdir(exist_ok=True)
        (path / kind / f"{name}.yaml").write_text(text)
    return str(path)


def test_explain_finds_the_person_by_an_identifier(host, capsys):
    assert main(["explain", "email:ann@x.org", "vip", "--url", host.url, "--token", "T"]) == 0
    assert TOLD == capsys.readouterr().out
    assert main(["explain", "p1", "vip", "--json", "--url", host.url, "--token", "T"]) == 0
    assert STAYS == json.loads(capsys.readouterr().out)["history"]


def test_schemas_are_printed_or_written_without_a_host(tmp_path, capsys):
    assert main(["schema", "segments"]) == 0
    assert "Segue segment" == json.loads(capsys.readouterr().out)["title"]
    assert main(["schema", "--write", str(tmp_path / "schema")]) == 0
    assert ["conditions", "events", "flows", "rates", "scores", "segments", "sources", "templates"] == sorted(
        path.stem for path in (tmp_path / "schema").iterdir()
    )
    assert main(["schema"]) == main(["schema", "segment"]) == 2
    assert "segments" in capsys.readouterr().err


def test_preview_counts_or_shows_the_faults(host, capsys):
    assert main(["preview", 'did "X"', "--url", host.url, "--token", "T"]) == 0
    assert capsys.readouterr().out == "2 people\n  p1\n  p2\n"
    assert main(["preview", 'dit "X"', "--url", host.url, "--token", "T"]) == 1
    assert "condition:3:7: 'dit' is not known here (did you mean did?)\n" == capsys.readouterr().err


@pytest.mark.parametrize(("count", "said"), [(0, "0 people"), (1, "1 person"), (2, "2 people")])
def test_one_is_a_person(count, said):
    assert said == output.people(count)


def made(state, seen, done):
    finished = "2026-01-01T00:01:00Z" if state == "finished" else None
    return {
        "revision": 3,
        "cause": "segments/a version 1",
        "state": state,
        "began": "2026-01-01T00:00:00Z",
        "finished": finished,
        "lanes": {"done": done, "of": 8},
        "profiles": {"seen": seen, "about": 40},
    }


def test_push_waits_until_everybody_is_brought_up_and_shows_how_far_it_is(host, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(backfills, "POLL", 0.001)
    steps = [made("waiting", 0, 0), made("under way", 7, 2), made("under way", 7, 2), made("finished", 41, 8)]
    host.passes = [[step] for step in steps]
    assert main(["push", folder(tmp_path, segments__a="x"), "--yes", "--wait", "--url", host.url, "--token", "T"]) == 0
    assert [
        "segments/a version 1: waiting, 0 of about 40 people, 0 of 8 lanes, asked for 2026-01-01T00:00:00Z",
        "segments/a version 1: under way, 7 of about 40 people, 2 of 8 lanes, asked for 2026-01-01T00:00:00Z",
        "segments/a version 1: finished, 41 people, 8 of 8 lanes, finished 2026-01-01T00:01:00Z",
    ] == capsys.readouterr().out.splitlines()[2:]


def test_push_says_plainly_that_a_backfill_stays_unfinished(host, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(backfills, "POLL", 0.001)
    monkeypatch.setattr(backfills, "PATIENCE", 0.01)
    host.passes = [[made("under way", 7, 2)]]
    assert main(["push", folder(tmp_path, segments__a="x"), "--yes", "--wait", "--url", host.url, "--token", "T"]) == 1
    told = capsys.readouterr().err
    assert "the backfill for segments/a version 1 stays unfinished" in told
    assert "backfills-dead" in told


def test_push_has_nothing_to_wait_for_where_no_backfill_was_asked_for(host, tmp_path):
    assert main(["push", folder(tmp_path, templates__a="x"), "--yes", "--wait", "--url", host.url, "--token", "T"]) == 0


def test_the_command_backfills_prints_the_latest_ones(host, capsys):
    host.passes = [[made("finished", 41, 8), made("replaced", 7, 2)]]
    assert main(["backfills", "--limit", "2", "--url", host.url, "--token", "T"]) == 0
    assert "/api/backfills?limit=2" == host.asked[-1]
    assert ["finished", "replaced"] == [line.split()[3].rstrip(",") for line in capsys.readouterr().out.splitlines()]


def test_the_token_of_the_local_host_is_printed_alone(host, capsys):
    assert main(["token", "--local", "--url", host.url]) == 0
    assert capsys.readouterr().out == "T\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["pull"], "which host?"),
        (["pull", "--url", "http://127.0.0.1:1", "--token", "T"], "nobody answers at http://127.0.0.1:1"),
        (["pull", "--url", "shop.example", "--token", "T"], "shop.example is not an address"),
        (["push", "/nowhere", "--local"], "/nowhere does not exist"),
        (["check", "/nowhere"], "/nowhere does not exist"),
        (["count", "/nowhere", "--events", "/nowhere.csv"], "/nowhere does not exist"),
        (
            ["trigger", "shopify", "orders/create", "--file", "/nowhere", "--show"],
            "/nowhere: No such file or directory",
        ),
        (["token"], "which secret?"),
        (["token", "--secret", "x", "--days", "0"], "--days"),
        (["psuh"], "there is no command 'psuh'; did you mean `segue push`?"),
        (["schema", "segment"], "did you mean segments?"),
        (["count", "definitions", "--events", "/nowhere.csv"], "/nowhere.csv does not exist"),
        (["count", "definitions", "--events", "definitions"], "definitions is not a file"),
        (["trigger", "shopfy"], "did you mean shopify?"),
        (["trigger", "shopfy", "orders/create", "--local"], "did you mean shopify?"),
        (["delete", "flows", "gone", "--local"], "id: there is no flow 'gone'"),
        (["quarantine", "show", "--local"], "which one?"),
        (["replay", "shopify", "--local"], "which ones?"),
    ],
)
def test_what_is_wrong_is_said_without_a_trace(host, capsys, monkeypatch, arguments, says):
    monkeypatch.setenv("PORT", str(host.server_port))
    monkeypatch.setattr("sys.argv", ["segue"])
    assert main(arguments) == 2
    assert says in capsys.readouterr().err


def test_a_span_may_be_written_as_everywhere_and_what_is_none_is_said(capsys):
    assert main(["token", "--secret", "x", "--for", "soon"]) == 2
    assert "write 30s, 15m, 24h or 2d" in capsys.readouterr().err
    assert {"24h": 86_400, "2d": 172_800, "1h30m": 5_400, "3 days": 259_200} == {
        text: span(text) for text in ("24h", "2d", "1h30m", "3 days")
    }


def test_the_local_host_is_where_port_says(host, capsys, monkeypatch):
    monkeypatch.setenv("PORT", str(host.server_port))
    assert main(["token", "--local"]) == 0
    assert capsys.readouterr().out == "T\n"


def test_a_wrong_token_is_said_to_be_wrong(host, capsys):
    assert main(["backfills", "--url", host.url, "--token", "stale"]) == 2
    assert "the token is missing, expired or of another host" in capsys.readouterr().err


def test_a_server_that_is_no_segue_host_is_said_to_be_none(host, capsys):
    assert main(["quarantine", "--url", f"{host.url}/elsewhere", "--token", "T"]) == 2
    assert "not as a Segue host does" in capsys.readouterr().err


def started(*arguments, flags=(), **options):
    return subprocess.Popen(
        [sys.executable, *flags, "-m", "cli", *arguments], stderr=subprocess.PIPE, text=True, cwd=ROOT, **options
    )


def test_a_reader_who_has_enough_ends_the_command_quietly():
    process = started("schema", "segments", stdout=subprocess.PIPE)
    process.stdout.close()
    assert ("", 141) == (process.stderr.read(), process.wait())


@pytest.mark.parametrize("argument", ["check", "--help"])
def test_a_python_without_the_packages_is_told_where_they_are(argument):
    process = started(argument, flags=("-S",))
    told = process.stderr.read()
    assert (2, 1) == (process.wait(), len(told.splitlines()))
    assert "lacks" in told
    assert ".venv/bin/segue" in told


def test_an_interruption_ends_the_command_with_its_code(host, monkeypatch):
    monkeypatch.setattr("cli.commands.token.connect", lambda _args: (_ for _ in ()).throw(KeyboardInterrupt))
    assert main(["token", "--local", "--url", host.url]) == 130


def test_every_file_of_the_folder_of_commands_is_one_with_a_sentence_and_a_help(capsys):
    assert {"check", "push", "tail", "trigger", "quarantine", "replay"} <= set(names())
    for name in names():
        assert main([name, "--help"]) == 0
        assert "Usage:" in capsys.readouterr().out


@pytest.mark.parametrize(("command", "state"), [("pause", "paused"), ("drain", "draining"), ("resume", "active")])
def test_a_flow_is_turned_off_and_on(host, capsys, command, state):
    assert 0 == main([command, "try", "--url", host.url, "--token", "T"])
    assert [("PUT", "/api/flows/try/state", {"state": state})] == host.asked
    assert f"flows/try is {state}, by version 2\n" == capsys.readouterr().out


def test_a_definition_is_withdrawn_or_the_places_are_named_that_refer_to_it(host, capsys):
    assert 0 == main(["delete", "flows", "old", "--url", host.url, "--token", "T"])
    assert "flows/old is withdrawn, as version 4\n" == capsys.readouterr().out
    assert 1 == main(["delete", "templates", "used", "--url", host.url, "--token", "T"])
    assert "flows/try: steps[0].send:3:7: flow 'try' refers to it\nnothing was withdrawn\n" == capsys.readouterr().err
