"""A shop's tables on moto, a clock, and the API in front of them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

import time_machine
from moto import mock_aws

from functions import wiring
from functions.core.base.events import Event
from functions.core.base.tokens import ApiToken, Role, mint
from functions.handlers import api, backfill
from functions.usecases.fold import fold
from local.aws.moto_patches import tuned
from local.aws.resources import create
from tests import aws
from tests.api_document import validate
from tests.lambda_context import CONTEXT
from tests.queues import taken
from tests.requests import gateway

NOW = int(datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp())
HOUR, DAY = 3600, 86400
SIGNING = "signing-" + "k" * 32

BUYERS = 'id: buyers\nname: Buyers\nwhen: did "Order Completed" within 30 days\nannounce: true\n'
BIG = 'id: big\nname: Big buyers\nwhen: sum of total over "Order Completed" within 30 days > 100\nannounce: true\n'
CALM = 'id: calm\nname: Calm\nwhen: not in segment "buyers"\nannounce: true\n'


def token(role: Role, **claims: Any) -> str:
    """A token of the shop for 30 days; ``claims`` say otherwise."""
    said = {"id": role, "subject": "ann", "issued": NOW, "expires": NOW + 30 * DAY, **claims}
    return mint(SIGNING, wiring.ports().settings.place("secret", "signing-key"), ApiToken(role=role, **said))


class World:
    """A shop's tables, the clock, and the API in front of them."""

    def __init__(self, clock):
        self.clock = clock
        self.token = token("publish")

    @property
    def ports(self):
        return wiring.ports()

    def context(self, **changes):
        """What a use case works with now, by the latest definitions; with these fields changed."""
        return replace(wiring.context(fresh=True), **changes)

    def ask(self, method, path, body=b"", token=None, status=200, content="application/json", **query):
        """The answer's JSON; checked for its status and against the document."""
        raw = body.encode() if isinstance(body, str) else body
        raw = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
        headers = {"Content-Type": content, "Authorization": f"Bearer {token or self.token}"}
        event = gateway(method, path, raw, headers) | {"rawQueryString": urlencode(query)}
        answer = api.handler(event, CONTEXT)
        value = json.loads(answer["body"])
        assert (status, value) == (answer["statusCode"], value)
        validate(method, path, status, value)
        self.headers = answer["headers"]
        return value

    def save(self, text, kind="segments", **more):
        """Publish; the id is in the text."""
        name = text.split("\n")[0].partition(": ")[2]
        return self.ask("PUT", f"/api/definitions/{kind}/{name}", text, content="application/yaml", **more)

    def now(self):
        """What the clock says."""
        return wiring.now()

    def tell(self, *events):
        """Append to the log and fold."""
        self.ports.log.append(events)
        assert fold(self.context(), events) == {}

    def queued(self):
        """What the queue of backfills holds and lets go now, taken from it, in order of revision and lane."""
        return sorted(
            map(json.loads, taken("backfills")), key=lambda body: (body.get("revision", 0), body.get("lane", 0))
        )

    def go_on(self, *bodies, lambda_context=CONTEXT):
        """One invocation of the backfill for each message."""
        for body in bodies:
            record = {"messageId": "1", "body": json.dumps(body)}
            assert {"batchItemFailures": []} == backfill.handler({"Records": [record]}, lambda_context)

    def run_backfills(self):
        """Go on with what is queued until nothing is."""
        while bodies := self.queued():
            self.go_on(*bodies)

    def states(self):
        """The stored state of each living profile."""
        ruleset = wiring.ruleset(fresh=True)
        return {
            stored_state.profile: ruleset.state(stored_state)
            for stored_states, _ in self.ports.people.pages()
            for stored_state in stored_states
        }

    def log(self, *events):
        """Append without folding."""
        self.ports.log.append(events)

    def members(self, segment, **query):
        return self.ask("GET", f"/api/segments/{segment}/members", **query)["members"]


def event(name, who, ago=0, number=0, at=None, **more):
    """An event that happened ``ago`` seconds before NOW."""
    time = at if at is not None else NOW - ago
    sort = f"{datetime.fromtimestamp(time, UTC):%Y-%m-%dT%H:%M:%S}.000Z#{name}-{number}-{time}"
    return Event(name=name, time=time, received=time, identifiers=(who,), sort=sort, source="segment", **more)


def order(who, ago=0, total=5000, number=0, **more):
    return event("Order Completed", who, ago, number, properties={"total": total, "currency": "EUR"}, **more)


ANN, BOB = "email:ann@x.org", "email:bob@x.org"


def both(written, **more):
    """An event that names Ann's address and her account."""
    time = int(datetime.fromisoformat(f"{written}+00:00").timestamp())
    return Event("Identified", time, time, (ANN, "user_id:1"), f"{written}.000Z#i", "segment", **more)


# The shop that the storefront calls by this domain.
SHOP = "corner-shop.myshopify.com"
SETTINGS = {**aws.MOTO, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


@cache
def start() -> None:
    """Forget the clients of other tests, once: making them anew for each test takes longer than the test."""
    wiring.reset()


@contextmanager
def opened(max_age: int = 0) -> Iterator[World]:
    """An empty shop at NOW; the environment must point at moto."""
    start()
    with time_machine.travel(NOW, tick=False) as clock, mock_aws(), tuned():
        places = create(wiring.clients().get, values={"signing-key": SIGNING})
        with wiring.use(places | {"DEFINITIONS_MAX_AGE": str(max_age), "SHOP_DOMAIN": SHOP, "SCAN_SEGMENTS": "3"}):
            yield World(clock)
