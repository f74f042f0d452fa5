"""The one place where the CLI speaks HTTP to a Segue API."""

import json
import os
import urllib.error
import urllib.parse
import urllib.request
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LOCAL = "http://127.0.0.1:8787"
_TIMEOUT = 60
Query = Mapping[str, str | int | None] | None


class CliError(Exception):
    """What the person at the terminal must know; printed without a trace."""


class RefusedByHost(CliError):
    """The host answered 4xx; carries the faults that it named."""

    def __init__(self, status: int, faults: list[dict[str, Any]]) -> None:
        super().__init__(f"refused ({status}): " + "; ".join(str(fault.get("message")) for fault in faults))
        self.status = status
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Client:
    """Calls of one host with one token."""

    url: str
    token: str = ""

    def get(self, path: str, query: Query = None) -> Any:
        """GET a path."""
        return self._call("GET", _with(path, query))

    def put(self, path: str, text: str, query: Query = None) -> Any:
        """PUT the text of a definition."""
        return self._call("PUT", _with(path, query), text.encode(), "application/yaml")

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """POST a JSON body."""
        return self._call("POST", path, json.dumps(body).encode(), "application/json")

    def _call(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if kind:
            headers["Content-Type"] = kind
        request = urllib.request.Request(self.url.rstrip("/") + path, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise _refusal(error) from None
        except (urllib.error.URLError, TimeoutError) as error:
            reason = getattr(error, "reason", error)
            raise CliError(
                f"nobody answers at {self.url} ({reason}); is it running? `make up` starts it here"
            ) from None
        except json.JSONDecodeError:
            raise CliError(f"{self.url} answers, but it is not a Segue API") from None


def _with(path: str, query: Query) -> str:
    """The path with the query; values that are None are left out."""
    present = {name: value for name, value in (query or {}).items() if value is not None}
    return f"{path}?{urllib.parse.urlencode(present)}" if present else path


def _refusal(error: urllib.error.HTTPError) -> CliError:
    try:
        faults = json.loads(error.read())["faults"]
    except (ValueError, KeyError, TypeError):
        faults = []
    if error.code == 401:
        return CliError("the token is missing, expired or of another host; `python -m cli token` makes one")
    if error.code >= 500:
        return CliError(f"the host cannot answer now ({error.code}); try again")
    return RefusedByHost(error.code, faults)


def add_host(parser: ArgumentParser) -> None:
    """The arguments that say which host to speak to."""
    parser.add_argument("--url", default=os.environ.get("SEGUE_URL"), help="the API's address (or SEGUE_URL)")
    parser.add_argument("--token", default=os.environ.get("SEGUE_TOKEN"), help="a bearer token (or SEGUE_TOKEN)")
    parser.add_argument("--local", action="store_true", help=f"the local host, {LOCAL} unless --url says another")


def connect(args: Namespace) -> Client:
    """A client of the host that the arguments name."""
    if args.local:
        url = args.url or LOCAL
        return Client(url, Client(url).get("/_local/keys")["admin_token"])
    if not args.url:
        raise CliError("which host? give --url and --token (or SEGUE_URL and SEGUE_TOKEN), or --local")
    return Client(args.url, args.token or "")


def quoted(segment: str) -> str:
    """Text as one segment of a path."""
    return urllib.parse.quote(segment, safe="")
