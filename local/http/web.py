"""The local host's HTTP server: API Gateway's part, ``/_local/*`` and the page."""

import asyncio
import mimetypes
from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.http import guard
from local.http.control import Control
from local.runtime.host import LARGEST, Host
from local.runtime.lambda_events import LocalAnswer, LocalRequest, plain_answer
from local.runtime.worker import Worker

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
PAGE = Path(__file__).parent / "page"
# Segment's SDK for browsers, where `npm ci` has installed it.
SDK = Path(__file__).parents[2] / "node_modules/@segment/analytics-next/dist/umd/index.js"
# Stands in a page of the shop for the public write key, which in a real one its template writes there.
WRITE_KEY = b"{write_key}"

# Nothing is fetched from elsewhere, the pictures of e-mails included.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self' 'unsafe-inline'",
        "form-action 'none'",
        "base-uri 'none'",
    )
)


class HttpClient:
    """Passes each request to the worker and waits for its answer."""

    def __init__(self, host: Host, worker: Worker) -> None:
        self._host = host
        self._worker = worker
        self._control = Control(host)
        self._key = host.secret("write-key").encode()

    async def answer(self, http: HttpRequest) -> Response:
        """Answer one request."""
        path = http.scope.get("raw_path", http.url.path.encode()).partition(b"?")[0].decode("ascii", "replace")
        if refused := guard.refusal(self._host.url, path, http.headers):
            return JSONResponse(refused, HTTPStatus.FORBIDDEN)
        if http.method in ("GET", "HEAD") and (file := _page_file(path)):
            return _file(file, self._key)
        body = await _read(http)
        if body is None:
            return _response(plain_answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE))
        client = http.client.host if http.client else "127.0.0.1"
        request = LocalRequest(http.method, path, http.url.query, tuple(http.headers.items()), body, client)
        if path == "/_local/clock" and http.method == "GET":
            # It reads nothing that the worker writes, and is asked while a long move is under way.
            return _response(self._control.answer(request))
        if path == "/_local/clock" and http.method == "POST":
            return _response(await asyncio.wrap_future(self._worker.submit_slices(self._control.moving(request))))
        reply = self._control.answer if path.startswith("/_local/") else self._host.request
        return _response(await asyncio.wrap_future(self._worker.submit(lambda: reply(request))))


def application(host: Host, worker: Worker) -> Starlette:
    """The application that uvicorn serves."""
    return Starlette(routes=[Route("/{path:path}", HttpClient(host, worker).answer, methods=METHODS)])


async def _read(http: HttpRequest) -> bytes | None:
    """The request's body; None if it is larger than API Gateway accepts."""
    body = bytearray()
    async for chunk in http.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return bytes(body)


def _response(answer: LocalAnswer) -> Response:
    response = Response(answer.body, answer.status)
    for name, value in answer.headers:
        if name != "content-length":
            response.headers.append(name, value)
    return response


_NAMED = {
    "/": PAGE / "index.html",
    "/favicon.ico": PAGE / "favicon.svg",
    "/page/shop/": PAGE / "shop/index.html",
    "/page/sdk.js": SDK,
}


def _page_file(path: str) -> Path | None:
    """The file of the page for the path; None for any other path."""
    if named := _NAMED.get(path):
        return named if named.is_file() else None
    if not path.startswith("/page/"):
        return None
    target = (PAGE / path.removeprefix("/page/")).resolve()
    return target if target.is_relative_to(PAGE) and target.is_file() else None


def _file(file: Path, key: bytes) -> Response:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    headers = {"cache-control": "no-cache", "content-security-policy": POLICY, "x-content-type-options": "nosniff"}
    content = file.read_bytes()
    return Response(
        content.replace(WRITE_KEY, key) if file.suffix == ".html" else content, media_type=kind, headers=headers
    )
