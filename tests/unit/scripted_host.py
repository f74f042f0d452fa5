"""A host that answers what it is told to."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

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
BOUND = {"limit": "traits", "most": 100, "unit": "traits", "left_out": 7, "rest": "are in the log only"}
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


class Host(BaseHTTPRequestHandler):
    """Answers what it was told to, to whoever has the token."""

    server: "Server"

    def do_GET(self):
        path = self.path.partition("?")[0]
        self.server.asked.append(self.path)
        if path.startswith("/elsewhere"):
            return self._answer(404, {"detail": "Not Found"})
        if path.startswith("/api") and self.headers.get("Authorization") != "Bearer T":
            return self._answer(401, {"error": "unauthorized", "faults": []})
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
                "bounds": [BOUND],
                "looked_at": {"anonymous_id": {"looked_at": 50, "of": 7500}},
                "next": None,
            },
        }
        return self._answer(200, answers[path]) if path in answers else self._answer(500, {})

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.startswith("/api/definitions"):
            return self._answer(
                200, {"definitions": [{**each, "change": "unchanged"} for each in asked["definitions"]]}
            )
        if "dit" in asked["when"]:
            return self._answer(422, {"error": "refused", "faults": [FAULT]})
        return self._answer(200, {"count": 2, "sample": ["p1", "p2"]})

    def do_PUT(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(("PUT", self.path, asked))
        return self._answer(200, {"id": "try", "kind": "flows", "version": 2, **asked})

    def do_DELETE(self):
        self.server.asked.append(("DELETE", self.path))
        if "gone" in self.path:
            fault = {"where": "id", "message": "there is no flow 'gone'"}
            return self._answer(404, {"error": "not_found", "faults": [fault]})
        if "used" in self.path:
            place = {"line": 3, "column": 7, "where": "flows/try: steps[0].send", "message": "flow 'try' refers to it"}
            return self._answer(409, {"error": "in_use", "faults": [place], "referrers": []})
        return self._answer(200, {"id": "old", "kind": "flows", "version": 4, "withdrawn": True})

    def _answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        """Quiet."""


class Server(HTTPServer):
    """What it was asked, and what it answers of backfills, in turn."""

    def __init__(self, *args):
        super().__init__(*args)
        self.asked: list[Any] = []
        self.passes: list[list[Any]] = [[]]
        self.url = f"http://127.0.0.1:{self.server_port}"
