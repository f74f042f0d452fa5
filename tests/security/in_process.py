"""The real handlers in front of a shop in memory, with the shipped definitions: thousands of requests in seconds."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import quote

import pytest

from cli.folder import find
from functions import wiring
from functions.core.base.tasks import Task
from functions.core.base.tasks.erasures import EraseEmptyProfiles, ErasePeople, EraseShop
from functions.core.base.tokens import ApiToken, mint
from functions.core.definitions.ruleset import Ruleset, load
from functions.handlers import api, audience, collect, feedback, preferences
from functions.settings import Settings, read
from functions.usecases import erase
from functions.usecases.publish_together import publish_together
from local.http.publish import DEFINITIONS
from tests.fakes.definitions import FakeDefinitions
from tests.flow.in_memory_app import SETTINGS, InMemoryApp
from tests.lambda_context import CONTEXT
from tests.requests import NOW, gateway

SIGNING = "signing-" + "k" * 32
# Where the signing key lies, which is the audience of tokens; and the life of a token, in seconds.
PLACE, LIFE = "signing-key", 7 * 86_400


@dataclass
class Shop(InMemoryApp):
    """A shop in memory whose clock stands at NOW, and its doors."""

    now: int = NOW
    token: str = field(default_factory=lambda: mint(SIGNING, PLACE, ApiToken("t1", "ann", "publish", NOW, NOW + LIFE)))
    settings: Settings = field(default_factory=lambda: read({**SETTINGS, "SECRET_SIGNING_KEY": PLACE}), kw_only=True)

    def _do(self, task: Task) -> None:
        match task:
            case ErasePeople():
                erase.erase_people(self.context, task.identifiers)
            case EraseEmptyProfiles():
                erase.erase_empty_profiles(self.context, task.identifiers)
            case EraseShop():
                # Everybody in portions, which tests of erasures follow.
                pass
            case _:
                super()._do(task)

    def ask(self, event: dict[str, Any]) -> tuple[int, str, dict[str, str]]:
        """Status, body and headers of what the door of the path answers; UTF-8 holds the body."""
        path = event["rawPath"]
        doors = {"/api": api, "/v1/audience": audience, "/u/": preferences, "/confirm/": preferences}
        door = next((door for begin, door in doors.items() if path.startswith(begin)), collect)
        answer = door.handler(event, CONTEXT)
        answer["body"].encode()
        return answer["statusCode"], answer["body"], answer["headers"]

    def show(self, path: str) -> Any:
        """The JSON of ``GET /api/…``, which must be there."""
        status, body, _ = self.ask(gateway("GET", f"/api/{path}", b"", {"authorization": f"Bearer {self.token}"}))
        assert status == 200, (path, status, body)
        return json.loads(body)

    def report(self, event: Any) -> Any:
        """What feedback makes of an event of SES."""
        return feedback.handler(event, CONTEXT)

    @property
    def written(self) -> tuple[Any, ...]:
        """Everything that a request may write, to compare before and after."""
        queued = [task for _, _, task in self._queue]
        return list(self.log.events), dict(self.quarantine.rows), dict(self.products.rows), queued

    def read_everybody(self) -> None:
        """Ask the API for all that it shows of everybody."""
        for profile, state in list(self.people.states.items()):
            if state.merged_into:
                continue
            for part in ("", "/events", "/messages", "/runs", "/explain/high-value", "/explain/cart-abandoned"):
                self.show(f"profiles/{profile}{part}")
        for name in list(self.people.pointers)[:3]:
            status, body, _ = self.ask(
                gateway("GET", "/api/profiles", b"", {"authorization": f"Bearer {self.token}"})
                | {"rawQueryString": f"identifier={quote(name)}"}
            )
            assert status in (200, 400, 404), body
        for path in ("segments", "messages", "quarantine", "segments/high-value/members"):
            self.show(path)


@cache
def _shipped() -> tuple[FakeDefinitions, Ruleset]:
    """The shipped definitions, checked and compiled once."""
    app = InMemoryApp(now=NOW)
    texts = {(each.kind, each.id): each.text() for each in find([DEFINITIONS])}
    publish_together(app.context, texts, "test")
    return app.definitions, load(app.definitions.current(), app.definitions.revision())


@contextmanager
def opened() -> Iterator[Shop]:
    """An empty shop with the shipped definitions, behind the real handlers."""
    definitions, ruleset = _shipped()
    with doors_of(Shop(definitions=definitions, ruleset=ruleset)) as shop:
        yield shop


@contextmanager
def doors_of(shop: Shop) -> Iterator[Shop]:
    """The shop behind the real handlers."""
    shop.secrets.values["signing-key"] = (SIGNING,)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "ports", lambda: shop)
        patch.setattr(wiring, "now", lambda: shop.now)
        patch.setattr(wiring, "context", lambda *, fresh=False: shop.context)
        yield shop
