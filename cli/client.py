"""The HTTP client of a Segue host; all requests of the command line go through it."""

import base64
import json
import os
import time
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import ACCEPTED, TOO_MANY_REQUESTS, UNAUTHORIZED
from typing import TYPE_CHECKING, Any, Self

from cli.errors import CliError, RefusedByHost, Unauthorised, Unavailable
from cli.options import Host

if TYPE_CHECKING:
    import httpx

_TIMEOUT = 60
# How often a request is sent that the host answers 429, and the longest wait between two (seconds).
_TRIES, _LONGEST_WAIT = 6, 60
# How long the host waits for a job before it says how far it is (seconds).
_LOOK = 5
_YAML = {"Content-Type": "application/yaml"}
Query = Mapping[str, str | int | None] | None


class Client:
    """Calls of one host with one token, or a key of events, over one connection; a context manager that closes it."""

    def __init__(self, url: str, token: str = "", key: str = "") -> None:
        import httpx  # a tenth of a second, which help, usage and files do not need

        self.url, self.token = url, token
        # Told how many people a job has evaluated, of about how many.
        self.moved: Callable[[int, int], None] = lambda *_: None
        with _translated(url):
            self._http = httpx.Client(
                base_url=url, headers=_authorization(token, key), timeout=_TIMEOUT, follow_redirects=True
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str, query: Query = None) -> Any:
        """GET a path."""
        return self.call("GET", path, params=_present(query))

    def post(self, path: str, body: Mapping[str, Any], query: Query = None) -> Any:
        """POST a JSON body."""
        return self.call("POST", path, json=body, params=_present(query))

    def post_text(self, path: str, text: str, query: Query = None) -> Any:
        """POST a definition as it is written."""
        return self.call("POST", path, content=text.encode(), headers=_YAML, params=_present(query))

    def put(self, path: str, body: Mapping[str, Any]) -> Any:
        """PUT a JSON body."""
        return self.call("PUT", path, json=body)

    def delete(self, path: str) -> Any:
        """DELETE a path."""
        return self.call("DELETE", path)

    def pages(self, path: str, name: str, query: Mapping[str, str | int | None]) -> Iterator[Any]:
        """The entries under ``name`` of every page, in order."""
        following: str | None = None
        while True:
            page = self.get(path, {**query, "next": following})
            yield from page[name]
            if (following := page["next"]) is None:
                return

    def call(self, method: str, path: str, **request: Any) -> Any:
        """The answer's JSON, as soon as a job has it; ``request`` is what httpx takes.

        Raises CliError, or RefusedByHost with the faults.
        """
        for left in reversed(range(_TRIES)):
            with _translated(self.url):
                answer = self._http.request(method, path, **request)
            if answer.status_code != TOO_MANY_REQUESTS or not left:
                break
            time.sleep(_pause(answer))
        if answer.status_code == ACCEPTED:
            return self._result(self._content(answer)["job"])
        if answer.is_success:
            return self._content(answer)
        raise self._refusal(answer)

    def _result(self, job_id: str) -> Any:
        """What the job answers, once it has ended."""
        while (job := self.get(f"/api/jobs/{quoted(job_id)}", {"wait": _LOOK}))["state"] in ("queued", "running"):
            self.moved(*_progress(job["progress"]))
        if job["state"] != "done":
            why = f": {job['fault']}" if job["fault"] else ""
            raise CliError(f"the job {job_id} is {job['state']}{why}; ask again")
        return job["result"]

    def _content(self, answer: "httpx.Response") -> Any:
        def known(pairs: list[tuple[str, Any]]) -> "_Answer":
            return _Answer(self.url, pairs)

        try:
            value = json.loads(answer.content, object_pairs_hook=known)
        except ValueError:
            raise _stranger(self.url) from None
        if not isinstance(value, dict):
            raise _stranger(self.url)
        return value

    def _refusal(self, answer: "httpx.Response") -> CliError:
        if answer.status_code == UNAUTHORIZED:
            return Unauthorised("the token is missing, expired or of another host; `segue token` makes one")
        if answer.status_code == TOO_MANY_REQUESTS:
            return Unavailable("the host takes no more requests for now; try again later")
        if answer.is_server_error:
            return Unavailable(f"the host cannot answer now ({answer.status_code}); try again")
        try:
            faults = answer.json()["faults"]
        except (ValueError, KeyError, TypeError):
            faults = None
        return RefusedByHost(answer.status_code, faults) if faults else _stranger(self.url)


def _progress(progress: Mapping[str, Any]) -> tuple[int, int]:
    """How far a job is, in people, or in segments of the scan if it is about no people."""
    people, segments = progress["people"], progress["segments"]
    return (people["seen"], people["about"]) if people["about"] else (segments["done"], segments["of"])


def _pause(answer: "httpx.Response") -> int:
    """How long the host asks to wait, in seconds; API Gateway's own refusal says nothing."""
    after = answer.headers.get("retry-after", "")
    return min(int(after), _LONGEST_WAIT) if after.isascii() and after.isdigit() else 1


class _Answer(dict[str, Any]):
    """A JSON object of an answer; a key that every Segue host gives and this one does not is the host's fault."""

    def __init__(self, url: str, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self._url = url

    def __missing__(self, key: str) -> Any:
        raise _stranger(self._url)


def _stranger(url: str) -> CliError:
    return CliError(f"{url} answers, but not as a Segue host does; is the address right?")


@contextmanager
def _translated(url: str) -> Iterator[None]:
    """What httpx raises, as CliError."""
    import httpx

    try:
        yield
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise CliError(f"{url} is not an address such as https://shop.example: {error}") from None
    except httpx.ReadTimeout:
        raise Unavailable(f"{url} gave no answer within {_TIMEOUT} seconds; try again") from None
    except httpx.RequestError as error:
        reason = str(error) or type(error).__name__
        raise Unavailable(f"nobody answers at {url} ({reason}); is it running? `make up` starts it here") from None


def _authorization(token: str, key: str) -> dict[str, str]:
    if key:
        return {"Authorization": f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}"}
    if not token:
        return {}
    if not (token.isascii() and token.isprintable()):
        raise CliError("the token has characters that no token has; `segue token` makes one")
    return {"Authorization": f"Bearer {token}"}


def _present(query: Query) -> dict[str, str | int]:
    return {name: value for name, value in (query or {}).items() if value is not None}


def local_url() -> str:
    """Where ``make up`` serves with the same ``PORT``."""
    return f"http://127.0.0.1:{os.environ.get('PORT') or 8787}"


def connect(host: Host) -> Client:
    """A client of the host that the arguments name."""
    if host.local:
        url = host.url or local_url()
        return Client(url, str(local_keys(url)["admin_token"]))
    if not host.url:
        raise CliError("which host? give --url and --token (or SEGUE_URL and SEGUE_TOKEN), or --local")
    return Client(host.url, host.token or "")


def local_keys(url: str) -> dict[str, Any]:
    """The keys of a local host."""
    try:
        with Client(url) as client:
            keys = client.get("/_local/keys")
    except RefusedByHost:
        keys = None
    if not isinstance(keys, dict) or "admin_token" not in keys:
        raise CliError(f"{url} is no local host; leave out --local and give --token")
    return keys


def quoted(segment: str) -> str:
    """Text as one segment of a path."""
    return urllib.parse.quote(segment, safe="")
