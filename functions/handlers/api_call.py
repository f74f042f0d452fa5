"""A request of the API, decoded: what its functions are given, and how they read its parts."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from functions.core.base import rfc3339
from functions.core.base.errors import Fault, Malformed
from functions.core.definitions.ruleset import Loaded
from functions.core.ports import Ports
from functions.settings import Settings


@dataclass(frozen=True, slots=True)
class Call:
    """One authorised request. ``author`` is the token's subject."""

    ports: Ports
    settings: Settings
    now: int
    author: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    definitions: Callable[[], Loaded]

    @property
    def loaded(self) -> Loaded:
        """The definitions as they are at this moment, compiled."""
        return self.definitions()

    def text(self) -> str:
        """The body as text; raises Malformed."""
        try:
            return self.body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Malformed(Fault(f"byte {error.start} is not UTF-8", where="body")) from None

    def json(self) -> Mapping[str, Any]:
        """The body as a JSON object; raises Malformed."""
        try:
            value = json.loads(self.text(), parse_float=Decimal)
        except json.JSONDecodeError as error:
            fault = Fault(f"not JSON: {error.msg}", where="body", line=error.lineno, column=error.colno)
            raise Malformed(fault) from None
        except (RecursionError, ValueError):
            raise Malformed(Fault("nested too deeply, or a number of thousands of digits", where="body")) from None
        if not isinstance(value, dict):
            raise Malformed(Fault("not a JSON object", where="body"))
        return value

    def at(self) -> int:
        """The instant that the query asks about; now without one."""
        return rfc3339.parse(self.query["at"], "at") if "at" in self.query else self.now

    def whole(self, name: str, default: int, most: int) -> int:
        """A whole number of the query from 1 to ``most``; raises Malformed."""
        written = self.query.get(name, str(default))
        if not written.isascii() or not written.isdigit() or not 1 <= int(written[:9]) <= most or len(written) > 9:
            raise Malformed(Fault(f"not a whole number from 1 to {most}", where=name, suggestion=str(default)))
        return int(written)

    def choice(self, name: str, options: Sequence[str]) -> str:
        """One of the options, the first without one; raises Malformed."""
        written = self.query.get(name, options[0])
        if written not in options:
            raise Malformed(Fault(f"not one of {', '.join(options)}", where=name, suggestion=options[0]))
        return written

    def flag(self, name: str) -> bool:
        """A yes or no of the query, no without one; raises Malformed."""
        written = self.query.get(name, "false")
        if written not in ("true", "false"):
            raise Malformed(Fault("neither true nor false", where=name))
        return written == "true"
