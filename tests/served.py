"""The API and the webhooks' door behind HTTP on a free port, for what speaks HTTP to them."""

import contextvars
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from functions import wiring
from functions.handlers import api, collect
from local.runtime.clock import rfc3339
from tests.console import World
from tests.lambda_context import CONTEXT
from tests.requests import gateway


class _Host(HTTPServer):
    """A server with what answers for it."""

    answer: Callable[[str, dict], tuple[int, str]]
    context: contextvars.Context


class _Door(BaseHTTPRequestHandler):
    """Hands each request to the handler that API Gateway would call."""

    server: _Host

    def _take(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path, _, query = self.path.partition("?")
        event = gateway(self.command, path, body, dict(self.headers)) | {"rawQueryString": query}
        status, text = self.server.context.copy().run(self.server.answer, path, event)
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST = do_PUT = do_DELETE = _take  # noqa: N815 (the names that http.server calls)

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@contextmanager
def served(world: World, **secrets: str) -> Iterator[str]:
    """The address of a host that answers for the world, ``/_local/keys`` and ``/_local/clock`` included.

    ``secrets`` are those of webhooks: ``served(world, shopify="hush")``.
    """
    server_key = wiring.ports().secrets.get("server-key")[0]

    def answer(path: str, event: dict) -> tuple[int, str]:
        if path == "/_local/keys":
            return 200, json.dumps({"admin_token": world.token, "server_key": server_key, "webhooks": secrets})
        if path == "/_local/clock":
            return 200, json.dumps({"now": rfc3339(world.now())})
        found = (collect if path.startswith(("/hooks", "/v1")) else api).handler(event, CONTEXT)
        return found["statusCode"], found["body"]

    server = _Host(("127.0.0.1", 0), _Door)
    server.answer, server.context = answer, contextvars.copy_context()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
