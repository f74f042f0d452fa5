"""The steps that every request of every source goes through: verify, parse, emit."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from functions.core.base import json_text
from functions.core.base.errors import BadCredential, BadSignature, Fault, Malformed, NotFound, NotUnderstood, Oversize
from functions.core.base.identity import NAMESPACES
from functions.core.base.translation import Request, Translation
from functions.core.base.trust import Trust
from functions.core.ports import Secrets
from functions.sources.bodies import inflate, read_json, without, write_json

# A row of the log may hold 400 KB; what a source emits is checked when the body is anywhere near it.
ROW_BYTES = 350_000
# A number as short as ``1e23`` is stored with all its digits.
_GROWS = 8

Verify = Callable[[Request, Sequence[str]], None]
Check = Callable[[Request], None]
Emit = Callable[[Request, Any], Translation]


def _anything(_request: Request) -> None:
    """Accept any headers."""


def _never(_request: Request) -> bool:
    """A sender that tries no addresses."""
    return False


@dataclass(frozen=True, slots=True)
class Source:
    """One sender: everything that is known about it.

    name     the word in paths, events and quarantine
    label    what people call it
    secret   the secret that ``verify`` is given; empty for a sender that AWS itself vouches for
    public_secret  a key that everybody can read, which makes a request ``public``; empty if there is none
    identity_secret  the secret that signs what a public request says of its person; empty if there is none
    visit_secret  the secret of tokens in links of e-mails that a public request hands on; empty if there is none
    verify   raises BadSignature or BadCredential unless one of the secret's values made the request
    emit     what the parsed body means; raises Malformed with every fault, or NotUnderstood
    limit    bytes of a body, unpacked
    namespaces  the kinds of identifiers that its events have, of those in ``core/base/identity.py``
    keeps    headers that ``emit`` reads, hence kept in quarantine
    credentials  fields of the body, wherever in it, that prove the sender, hence never kept
    check    raises Malformed for headers without which no body can be understood
    is_ping  whether the request is the sender's unsigned try of the address, which says nothing and is answered 200
    routes   its doors: the values of ``Request.route`` that it takes
    hook     whether it has a path under ``/hooks``
    strict   whether a body that is not JSON is the sender's fault (400); else it goes to quarantine
    reader   the module that ``emit`` imports with the first body, if there is one; a snapshot has it loaded
    """

    name: str
    label: str
    secret: str
    verify: Verify
    emit: Emit
    limit: int
    namespaces: tuple[str, ...]
    keeps: tuple[str, ...] = ()
    check: Check = _anything
    is_ping: Callable[[Request], bool] = _never
    routes: frozenset[str] = frozenset({""})
    hook: bool = False
    strict: bool = False
    reader: str = ""
    public_secret: str = ""
    credentials: frozenset[str] = frozenset()
    identity_secret: str = ""
    visit_secret: str = ""

    def __post_init__(self) -> None:
        if unknown := set(self.namespaces) - NAMESPACES.keys():
            words, namespaces = ", ".join(sorted(unknown)), ", ".join(NAMESPACES)
            raise ValueError(
                f"source {self.name!r} names people by {words}; NAMESPACES in core/base/identity.py has {namespaces}"
            )

    def prove(self, request: Request, secrets: Secrets) -> Request:
        """The request with the trust that its sender proved.

        Raises NotFound for a route that the source does not have, Oversize, BadSignature or BadCredential.
        """
        if request.route not in self.routes:
            raise NotFound(Fault("no such path", "path"))
        if len(request.body) > self.limit:
            raise Oversize(Fault(f"more than {self.limit} bytes", "body"))
        try:
            trust = self._trust(request, secrets.get)
        except (BadCredential, BadSignature):
            # One of the secrets may just have been rotated.
            trust = self._trust(request, secrets.refresh)
        identity, visit = (_keys(secrets, name) for name in (self.identity_secret, self.visit_secret))
        return replace(request, trust=trust, identity_keys=identity, visit_keys=visit)

    def _trust(self, request: Request, read: Callable[[str], Sequence[str]]) -> Trust:
        if self.public_secret:
            with suppress(BadCredential):
                self.verify(request, read(self.public_secret))
                return "public"
        self.verify(request, read(self.secret) if self.secret else ())
        return "signed"

    def translate(self, request: Request) -> Translation:
        """Translate a request that was proven genuine.

        Raises Malformed for faults of the sender, and NotUnderstood for what belongs in quarantine.
        """
        self.check(request)
        plain = replace(request, body=inflate(request.body, self.limit))
        translation = self.emit(plain, self._parse(plain.body))
        if len(plain.body) > ROW_BYTES // _GROWS:
            _check_rows(translation)
        return translation

    def without_credentials(self, body: bytes) -> bytes:
        """The body of a request that was translated, unpacked and without what proved its sender."""
        if not self.credentials:
            return body
        plain = inflate(body, self.limit)
        content = read_json(plain)
        kept = without(content, self.credentials)
        return plain if kept == content else write_json(kept)

    def _parse(self, body: bytes) -> Any:
        try:
            return read_json(body)
        except Malformed as error:
            if self.strict:
                raise
            raise NotUnderstood(str(error)) from error


def _keys(secrets: Secrets, name: str) -> Callable[[], Sequence[str]]:
    """Reads the accepted values of a secret when it is called; none for an empty name."""
    return partial(secrets.get, name) if name else tuple


def _check_rows(translation: Translation) -> None:
    for event in translation.events:
        if json_text.size([event.properties, event.traits]) > ROW_BYTES:
            raise NotUnderstood(f'the event "{event.name}" is larger than a row of the log')
