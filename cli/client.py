"""The one place where the CLI speaks HTTP to a Segue host."""

import http.client
import json
import os
import urllib.error
import urllib.parse
import urllib.request
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cli.errors import CliError, RefusedByHost, Unauthorised

_TIMEOUT = 60
Query = Mapping[str, str | int | None] | None


@dataclass(frozen=True, slots=True)
class Client:
    """Calls of one host with one token."""

    url: str
    token: str = ""

    def get(self, path: str, query: Query = None) -> Any:
        """GET a path."""
        return self.call("GET", _with(path, query))

    def post(self, path: str, body: Mapping[str, Any], query: Query = None) -> Any:
        """POST a JSON body."""
        return self.call("POST", _with(path, query), json.dumps(body).encode(), {"Content-Type": "application/json"})

    def post_text(self, path: str, text: str, query: Query = None) -> Any:
        """POST a definition as it is written."""
        return self.call("POST", _with(path, query), text.encode(), {"Content-Type": "application/yaml"})

    def put(self, path: str, body: Mapping[str, Any]) -> Any:
        """PUT a JSON body."""
        return self.call("PUT", path, json.dumps(body).encode(), {"Content-Type": "application/json"})

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

    def call(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Any:
        """The answer's JSON; raises CliError, or RefusedByHost with the faults."""
        given = {**({"Authorization": f"Bearer {self.token}"} if self.token else {}), **(headers or {})}
        try:
            request = urllib.request.Request(self.url.rstrip("/") + path, body, given, method=method)
            with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise self._refusal(error) from None
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            raise CliError(
                f"nobody answers at {self.url} ({reason}); is it running? `make up` starts it here"
            ) from None
        except json.JSONDecodeError:
            raise self._stranger() from None
        except ValueError as error:
            raise CliError(f"{self.url} is not an address such as https://shop.example: {error}") from None

    def _refusal(self, error: urllib.error.HTTPError) -> CliError:
        try:
            faults = json.loads(error.read())["faults"]
        except (OSError, ValueError, KeyError, TypeError):
            faults = None
        if error.code == 401:
            return Unauthorised("the token is missing, expired or of another host; `segue token` makes one")
        if error.code >= 500:
            return CliError(f"the host cannot answer now ({error.code}); try again")
        return RefusedByHost(error.code, faults) if faults else self._stranger()

    def _stranger(self) -> CliError:
        return CliError(f"{self.url} answers, but not as a Segue host does; is the address right?")


def _with(path: str, query: Query) -> str:
    """The path with the query; values that are None are left out."""
    present = {name: value for name, value in (query or {}).items() if value is not None}
    return f"{path}?{urllib.parse.urlencode(present)}" if present else path


def add_host(parser: ArgumentParser) -> None:
    """The arguments that say which host to speak to."""
    parser.add_argument("--url", default=os.environ.get("SEGUE_URL"), help="the API's address (or SEGUE_URL)")
    parser.add_argument("--token", default=os.environ.get("SEGUE_TOKEN"), help="a bearer token (or SEGUE_TOKEN)")
    parser.add_argument(
        "--local", action="store_true", help=f"the local host, {local_url()} (PORT) unless --url says another"
    )


def local_url() -> str:
    """Where ``make up`` serves with the same ``PORT``."""
    return f"http://127.0.0.1:{os.environ.get('PORT') or 8787}"


def connect(args: Namespace) -> Client:
    """A client of the host that the arguments name."""
    if args.local:
        url = args.url or local_url()
        return Client(url, str(local_keys(url)["admin_token"]))
    if not args.url:
        raise CliError("which host? give --url and --token (or SEGUE_URL and SEGUE_TOKEN), or --local")
    return Client(args.url, args.token or "")


def local_keys(url: str) -> dict[str, Any]:
    """The keys of a local host."""
    try:
        keys = Client(url).get("/_local/keys")
    except RefusedByHost:
        keys = None
    if not isinstance(keys, dict) or "admin_token" not in keys:
        raise CliError(f"{url} is no local host; leave out --local and give --token")
    return keys


def quoted(segment: str) -> str:
    """Text as one segment of a path."""
    return urllib.parse.quote(segment, safe="")
