"""The command line against a host that answers as the API does."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from cli import backfills
from cli.__main__ import main

FAULT = {"line": 3, "column": 7, "message": "'dit' is not known here", "suggestion": "did", "where": "when"}


LEAF = {
    "op": "did",
    "text": 'did "X" within 1 day',
    "holds": False,
    "until": None,
    "facts": {"counted": 0, "times": []},
}
TREE = {
    "op": "not",
    "text": 'not did "X" within 1 day',
    "holds": True,
    "until": None,
    "facts": {},
    "of": [LEAF],
}
EDIT = {"kind": "segments", "id": "vip", "version": 2}
STAYS = [
    {
        "entered": "2026-01-01T00:00:00Z",
        "left": "2026-01-02T00:00:00Z",
        "cause": "Order Completed",
        "left_by": "time",
        "version": 1,
        "left_version": 1,
        "edits": [],
        "left_edits": [],
    },
    {
        "entered": "2026-02-01T00:00:00Z",
        "left": None,
        "cause": "definition",
        "left_by": None,
        "version": 2,
        "left_version": None,
        "edits": [EDIT],
        "left_edits": [],
    },
]
TOLD = """in vip since 2026-02-01T00:00:00Z, until something happens (version 2)
  yes  not
    no   did "X" within 1 day  [counted 0; times none]
history:
  2026-01-01T00:00:00Z  entered: Order Completed (version 1)
  2026-01-02T00:00:00Z  left: time (version 1)
  2026-02-01T00:00:00Z  entered: definition (segments/vip version 2) (version 2)
"""


class Host(BaseHTTPRequestHandler):
    """Takes a definition that says nothing of ``refused``, and a flow only after its template."""

    def do_PUT(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append(self.path)
        if self.headers.get("Authorization") != "Bearer T":
            return self._answer(401, {"error": "unauthorized", "faults": []})
        if "needs" in text and f"/api/definitions/{text.split()[1]}" not in self.server.saved:
            return self._answer(422, {"error": "refused", "faults": [{"line": 1, "column": 1, "message": "not there"}]})
        if "refused" in text:
            return self._answer(422, {"error": "refused", "faults": [FAULT]})
        path, _, query = self.path.partition("?")
        self.server.saved[path] = text
        told = "silent" if "current" in text else "send"
        return self._answer(200, {"id": "x", "kind": "y", "version": 4} | ({"backfilled": told} if query else {}))

    def do_GET(self):
        path = self.path.partition("?")[0]
        self.server.asked.append(self.path)
        kind = path.removeprefix("/api/definitions/")
        if kind in ("segments", "scores", "events", "flows", "templates"):
            names = [each.split("/")[-1] for each in self.server.saved if each.split("/")[-2] == kind]
            return self._answer(200, {"definitions": [{"id": name} for name in names]})
        if path in self.server.saved:
            return self._answer(200, {"text": self.server.saved[path]})
        if path == "/api/backfills":
            found = self.server.passes.pop(0) if len(self.server.passes) > 1 else self.server.passes[0]
            return self._answer(200, {"backfills": found})
        answers = {
            "/_local/keys": {"admin_token": "T"},
            "/api/profiles": {"id": "p1"},
            "/api/profiles/p1/explain/vip": {
                "holds": True,
                "until": None,
                "since": "2026-02-01T00:00:00Z",
                "version": 2,
                "tree": TREE,
                "history": STAYS,
            },
        }
        return self._answer(200, answers[path]) if path in answers else self._answer(500, {})

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "dit" in asked["when"]:
            return self._answer(422, {"error": "refused", "faults": [FAULT]})
        return self._answer(200, {"count": 2, "sample": ["p1", "p2"]})

    def _answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        """Quiet."""


@pytest.fixture
def host(monkeypatch):
    monkeypatch.delenv("SEGUE_URL", raising=False)
    monkeypatch.delenv("SEGUE_TOKEN", raising=False)
    server = HTTPServer(("127.0.0.1", 0), Host)
    server.saved, server.asked, server.passes = {}, [], [[]]
    server.url = f"http://127.0.0.1:{server.server_port}"
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


def test_push_finds_the_order_in_which_each_definition_finds_what_it_needs(host, tmp_path, capsys):
    place = folder(
        tmp_path, flows__f="needs templates/t", templates__t="x", segments__a="needs segments/b", segments__b="x"
    )
    assert main(["push", place, "--url", host.url, "--token", "T"]) == 0
    assert [path.split("/")[-1] for path in host.asked] == ["t", "a", "b", "f", "a"]
    assert f"{tmp_path}/segments/a.yaml: version 4" in capsys.readouterr().out


def test_push_prints_the_faults_of_a_refused_definition_as_compilers_do(host, tmp_path, capsys):
    place = folder(tmp_path, segments__bad="refused", segments__good="x")
    assert main(["push", place, "--local", "--url", host.url]) == 1
    told = capsys.readouterr()
    assert f"{tmp_path}/segments/bad.yaml:3:7: 'dit' is not known here (did you mean 'did'?)\n" == told.err
    assert "good.yaml: version 4" in told.out


def test_pull_writes_what_push_saved_and_says_only_what_changed(host, tmp_path, capsys):
    place = folder(tmp_path, segments__a="id: a\n")
    main(["push", place, "--url", host.url, "--token", "T"])
    capsys.readouterr()
    assert main(["pull", str(tmp_path / "copy"), "--url", host.url, "--token", "T"]) == 0
    assert (tmp_path / "copy/segments/a.yaml").read_text() == "id: a\n"
    assert "a.yaml" in capsys.readouterr().out
    main(["pull", str(tmp_path / "copy"), "--url", host.url, "--token", "T"])
    assert capsys.readouterr().out == ""


def test_explain_finds_the_person_by_an_identifier(host, capsys):
    assert main(["explain", "email:ann@x.org", "vip", "--url", host.url, "--token", "T"]) == 0
    assert TOLD == capsys.readouterr().out
    assert main(["explain", "p1", "vip", "--json", "--url", host.url, "--token", "T"]) == 0
    assert STAYS == json.loads(capsys.readouterr().out)["history"]


def test_schemas_are_printed_or_written_without_a_host(tmp_path, capsys):
    assert main(["schema", "segments"]) == 0
    assert "Segue segment" == json.loads(capsys.readouterr().out)["title"]
    assert main(["schema", "--write", str(tmp_path / "schema")]) == 0
    assert ["conditions", "events", "flows", "scores", "segments", "templates"] == sorted(
        path.stem for path in (tmp_path / "schema").iterdir()
    )
    assert main(["schema"]) == main(["schema", "segment"]) == 2
    assert "segments" in capsys.readouterr().err


def test_preview_counts_or_shows_the_faults(host, capsys):
    assert main(["preview", 'did "X"', "--url", host.url, "--token", "T"]) == 0
    assert capsys.readouterr().out == "2 people\n  p1\n  p2\n"
    assert main(["preview", 'dit "X"', "--url", host.url, "--token", "T"]) == 1
    assert "condition:3:7: 'dit' is not known here (did you mean 'did'?)\n" == capsys.readouterr().err


def test_push_asks_for_segments_alone_that_whom_they_bring_in_is_written_to(host, tmp_path, capsys):
    place = folder(tmp_path, templates__t="x", segments__a="x", segments__b="current", flows__f="x")
    assert main(["push", place, "--send-backfilled", "--url", host.url, "--token", "T"]) == 0
    asked = {path.partition("/definitions/")[2] for path in host.asked}
    assert {"templates/t", "segments/a?backfilled=send", "segments/b?backfilled=send", "flows/f"} == asked
    said = capsys.readouterr().out
    assert "a.yaml: version 4, those whom it brings in enter now\n" in said
    assert "b.yaml: version 4, which is current already and was published without" in said


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
    assert main(["push", folder(tmp_path, segments__a="x"), "--wait", "--url", host.url, "--token", "T"]) == 0
    assert [
        "segments/a version 1: waiting, 0 of about 40 people, 0 of 8 lanes, asked for 2026-01-01T00:00:00Z",
        "segments/a version 1: under way, 7 of about 40 people, 2 of 8 lanes, asked for 2026-01-01T00:00:00Z",
        "segments/a version 1: finished, 41 people, 8 of 8 lanes, finished 2026-01-01T00:01:00Z",
    ] == capsys.readouterr().out.splitlines()[1:]


def test_push_says_plainly_that_a_pass_stays_unfinished(host, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(backfills, "POLL", 0.001)
    monkeypatch.setattr(backfills, "PATIENCE", 0.01)
    host.passes = [[made("under way", 7, 2)]]
    assert main(["push", folder(tmp_path, segments__a="x"), "--wait", "--url", host.url, "--token", "T"]) == 1
    told = capsys.readouterr().err
    assert "the pass for segments/a version 1 stays unfinished" in told
    assert "backfills-dead" in told


def test_push_has_nothing_to_wait_for_where_no_pass_was_asked_for(host, tmp_path):
    assert main(["push", folder(tmp_path, templates__a="x"), "--wait", "--url", host.url, "--token", "T"]) == 0


def test_backfills_prints_the_latest_passes(host, capsys):
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
        (["push", "/nowhere", "--local"], "/nowhere is not a folder"),
        (["token"], "which secret?"),
        (["token", "--secret", "x", "--days", "0"], "--days"),
    ],
)
def test_what_is_wrong_is_said_without_a_trace(host, capsys, arguments, says):
    assert main(arguments) == 2
    assert says in capsys.readouterr().err


def test_a_wrong_token_is_said_to_be_wrong(host, tmp_path, capsys):
    assert main(["push", folder(tmp_path, segments__a="x"), "--url", host.url, "--token", "stale"]) == 2
    assert "the token is missing, expired or of another host" in capsys.readouterr().err
