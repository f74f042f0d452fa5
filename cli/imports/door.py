"""The door that takes batches of history: what it refuses by name is dropped, what it cannot take now sent again."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from cli.client import Client, local_keys, local_url
from cli.errors import CliError, RefusedByHost, Unauthorised, Unavailable
from cli.imports.batches import Item, body
from cli.imports.options import Arguments
from functions.sources.tabular.records import Refusal

_PLACE = re.compile(r"batch\[(\d+)\]\.?(.*)")
_JSON = {"Content-Type": "application/json"}
# Seconds between the tries of a batch that the host cannot take: five minutes in all.
PAUSES = (1, 2, 4, 8, 15, 30, 60, 60, 60, 60)


class Caller(Protocol):
    """Something that sends requests to a host: ``cli.client.Client``."""

    def call(self, method: str, path: str, **request: Any) -> Any:
        """The answer's JSON; raises CliError."""


@dataclass(frozen=True, slots=True)
class Door:
    """Takes batches under the server key."""

    client: Caller
    pause: Callable[[float], None] = field(default=time.sleep)

    def take(self, items: Sequence[Item]) -> list[Item]:
        """Send the items' messages; returns those that the host refuses, as such, and has taken nothing of.

        Raises CliError if it takes none for a reason that is no row's.
        """
        refused: list[Item] = []
        waiting = [[each for each in items if each.messages]]
        while waiting:
            batch = waiting.pop()
            if not batch:
                continue
            wrong = self._send(batch)
            if wrong is None:
                # Something in it, which the host does not name, spoils the whole body.
                middle = len(batch) // 2
                waiting += [batch[middle:], batch[:middle]]
            elif wrong:
                refused += [_refused(batch[place], why) for place, why in wrong.items()]
                waiting.append([each for place, each in enumerate(batch) if place not in wrong])
        return refused

    def _send(self, items: Sequence[Item]) -> dict[int, str] | None:
        """Why the host takes none of the batch, by the places of items; empty if it took all, None if it names none."""
        request = body(message for each in items for message in each.messages)
        for seconds in (*PAUSES, None):
            try:
                self.client.call("POST", "/v1/batch", content=request, headers=_JSON)
                return {}
            except Unavailable as error:
                if seconds is None:
                    raise CliError(f"{error}; --resume goes on from the last row that was taken") from None
                self.pause(seconds)
            except Unauthorised:
                raise CliError("the host does not take the server key; is it this shop's?") from None
            except RefusedByHost as error:
                return _by_item(items, error)
        return {}


def _by_item(items: Sequence[Item], error: RefusedByHost) -> dict[int, str] | None:
    owners = [place for place, each in enumerate(items) for _ in each.messages]
    found: dict[int, str] = {}
    for fault in error.faults:
        match = _PLACE.fullmatch(fault.get("where") or "")
        if match and int(match[1]) < len(owners):
            what = f"{match[2]}: {fault['message']}" if match[2] else str(fault["message"])
            found.setdefault(owners[int(match[1])], what)
    if found:
        return found
    if any(fault.get("where") != "body" for fault in error.faults):
        raise CliError(f"the host takes no imports under this key: {error}")
    return {0: str(error)} if len(items) == 1 else None


def _refused(item: Item, why: str) -> Item:
    return Item(item.part, item.line, refusal=Refusal(item.line, f"the host refuses it: {why}"))


def address(args: Arguments) -> str:
    """Of the host that the arguments name; raises CliError if they name none."""
    url = args.url or (local_url() if args.local else "")
    if not url:
        raise CliError("which host? give --url and --key (or SEGUE_URL and SEGUE_SERVER_KEY), or --local")
    return url


def connected(args: Arguments, url: str) -> Client:
    """A client with the server key of the arguments, or of the local host."""
    key = str(local_keys(url)["server_key"]) if args.local else args.key
    if not key:
        raise CliError("which key? give --key (or SEGUE_SERVER_KEY): the secret that the output ServerKeySecret names")
    return Client(url, key=key)
