"""Builds the adapters of a function from its environment, each at its first use; the only module that imports them all.

A Lambda process has one environment. The local host runs many functions in one process: ``use`` selects the
environment for the calls inside it.
"""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING

# The SDK is most of a cold start: imported with the handler, where Lambda lends a whole processor for it.
from functions.adapters.clients import Clients
from functions.core.base.rates import Rates
from functions.settings import Settings, read
from functions.telemetry import correlation_id, count, counts
from functions.topology import row_of
from functions.topology_rows import Grant
from functions.usecases.context import Context

if TYPE_CHECKING:
    from functions.adapters.dynamodb.backfills import DynamoBackfills
    from functions.adapters.dynamodb.calls import Calls
    from functions.adapters.dynamodb.counters import DynamoCounters
    from functions.adapters.dynamodb.declared_sources import DynamoDeclaredSources
    from functions.adapters.dynamodb.definitions import DynamoDefinitions
    from functions.adapters.dynamodb.erasures import DynamoErasures
    from functions.adapters.dynamodb.formats import DynamoFormats
    from functions.adapters.dynamodb.jobs import DynamoJobs
    from functions.adapters.dynamodb.ledger import DynamoLedger
    from functions.adapters.dynamodb.log import DynamoLog
    from functions.adapters.dynamodb.names import DynamoNames
    from functions.adapters.dynamodb.pace import DynamoPace
    from functions.adapters.dynamodb.people import DynamoPeople
    from functions.adapters.dynamodb.products import DynamoProducts
    from functions.adapters.dynamodb.quarantine import DynamoQuarantine
    from functions.adapters.dynamodb.revocations import DynamoRevocations
    from functions.adapters.dynamodb.runs import DynamoRuns
    from functions.adapters.dynamodb.ticks import DynamoTicks
    from functions.adapters.secrets import SecretsManager
    from functions.adapters.sender import RequestSender
    from functions.adapters.ses import SesMailer
    from functions.adapters.sqs import SqsQueues
    from functions.core.definitions.ruleset import Ruleset


def now() -> int:
    """The current time in seconds UTC; every function takes it from here."""
    return int(time.time())


class Wiring:
    """The adapters of one environment. A module is imported and a client created when its port is first used."""

    def __init__(self, environment: Mapping[str, str], clients: Clients) -> None:
        self._environment = environment
        self._clients = clients
        self._loaded: Ruleset | None = None
        self._etag = ""
        self._checked = 0
        self._format_held = False

    @cached_property
    def settings(self) -> Settings:
        return read(self._environment)

    @cached_property
    def log(self) -> "DynamoLog":
        from functions.adapters.dynamodb.log import DynamoLog

        shop = self.settings
        return DynamoLog(self._calls, shop.log_retention_days, correlation_id, most=shop.events_looked_at)

    @cached_property
    def people(self) -> "DynamoPeople":
        from functions.adapters.dynamodb.people import DynamoPeople

        return DynamoPeople(self._calls, self.settings.due_shards, correlation_id)

    @cached_property
    def runs(self) -> "DynamoRuns":
        from functions.adapters.dynamodb.runs import DynamoRuns

        return DynamoRuns(self._calls, self.settings.due_shards)

    @cached_property
    def ticks(self) -> "DynamoTicks":
        from functions.adapters.dynamodb.ticks import DynamoTicks

        return DynamoTicks(self._calls)

    @cached_property
    def ledger(self) -> "DynamoLedger":
        from functions.adapters.dynamodb.ledger import DynamoLedger

        return DynamoLedger(self._calls)

    @cached_property
    def definitions(self) -> "DynamoDefinitions":
        from functions.adapters.dynamodb.definitions import DynamoDefinitions

        return DynamoDefinitions(self._calls, count)

    @cached_property
    def declared_sources(self) -> "DynamoDeclaredSources":
        from functions.adapters.dynamodb.declared_sources import DynamoDeclaredSources

        return DynamoDeclaredSources(self._calls, now, self.settings.definitions_max_age)

    @cached_property
    def backfills(self) -> "DynamoBackfills":
        from functions.adapters.dynamodb.backfills import DynamoBackfills

        return DynamoBackfills(self._calls)

    @cached_property
    def formats(self) -> "DynamoFormats":
        from functions.adapters.dynamodb.formats import DynamoFormats

        return DynamoFormats(self._calls)

    @cached_property
    def jobs(self) -> "DynamoJobs":
        from functions.adapters.dynamodb.jobs import DynamoJobs

        return DynamoJobs(self._calls)

    @cached_property
    def quarantine(self) -> "DynamoQuarantine":
        from functions.adapters.dynamodb.quarantine import DynamoQuarantine

        return DynamoQuarantine(self._calls)

    @cached_property
    def counters(self) -> "DynamoCounters":
        from functions.adapters.dynamodb.counters import DynamoCounters

        return DynamoCounters(self._calls, count)

    @cached_property
    def pace(self) -> "DynamoPace":
        from functions.adapters.dynamodb.pace import DynamoPace

        return DynamoPace(self._calls)

    @cached_property
    def erasures(self) -> "DynamoErasures":
        from functions.adapters.dynamodb.erasures import DynamoErasures

        return DynamoErasures(self._calls, self.settings.log_retention_days)

    @cached_property
    def names(self) -> "DynamoNames":
        from functions.adapters.dynamodb.names import DynamoNames

        return DynamoNames(self._calls)

    @cached_property
    def products(self) -> "DynamoProducts":
        from functions.adapters.dynamodb.products import DynamoProducts

        return DynamoProducts(self._calls)

    @cached_property
    def rates(self) -> Rates:
        return Rates()

    @cached_property
    def revocations(self) -> "DynamoRevocations":
        from functions.adapters.dynamodb.revocations import DynamoRevocations

        return DynamoRevocations(self._calls)

    @cached_property
    def queues(self) -> "SqsQueues":
        from functions.adapters.sqs import SqsQueues

        return SqsQueues(lambda: self._clients.get("sqs"), partial(self.settings.place, "queue"), correlation_id)

    @cached_property
    def sender(self) -> "RequestSender":
        from functions.adapters.eventbridge import EventBridge
        from functions.adapters.sender import RequestSender

        bus = EventBridge(lambda: self._clients.get("events"), partial(self.settings.place, "bus"))
        return RequestSender(bus, local=lambda: self.settings.local_receivers == "yes")

    @cached_property
    def mailer(self) -> "SesMailer":
        from functions.adapters.ses import SesMailer

        return SesMailer(lambda: self._clients.get("sesv2"), self.settings.configuration_set)

    @cached_property
    def secrets(self) -> "SecretsManager":
        from functions.adapters.secrets import SecretsManager

        place, given = partial(self.settings.place, "secret"), partial(self.settings.has_place, "secret")
        return SecretsManager(lambda: self._clients.get("secretsmanager"), place, given, now)

    def ruleset(self, *, fresh: bool = False) -> "Ruleset":
        """The current definitions, compiled; looked up again if ``fresh`` or older than DEFINITIONS_MAX_AGE."""
        from functions.core.definitions.ruleset import load

        if self._loaded is None or fresh or now() - self._checked >= self.settings.definitions_max_age:
            self._checked = now()
            if published := self.definitions.published(self._etag):
                shop = self.settings.shop_timezone, self.settings.shop_currency
                self._loaded = load(published.definitions, published.revision, *shop)
                self._etag = published.etag
        assert self._loaded is not None
        return self._loaded

    def hold_format(self) -> None:
        """Ask once whether this release reads what is stored; raises StoredByNewer."""
        # Functions that only append to the log may not ask: every later release reads it, and senders may not repeat.
        if not self._format_held and self.settings.has_place("table", "formats"):
            from functions.usecases.hold_format import hold_format

            row = row_of(self._environment.get("FUNCTION"))
            writes = row is None or Grant("table", "formats", "append") in row.grants
            hold_format(self.formats, count, writes=writes)
            self._format_held = True

    def renew(self) -> None:
        """Drop cached secrets, and check for newer definitions, and what is stored, at the next use."""
        self.__dict__.pop("secrets", None)
        self._checked = 0
        self._format_held = False

    @cached_property
    def _calls(self) -> "Calls":
        from functions.adapters.dynamodb.calls import Calls

        return Calls(lambda: self._clients.get("dynamodb"), partial(self.settings.place, "table"))


_used: ContextVar[Wiring | None] = ContextVar("wiring", default=None)


def ports() -> Wiring:
    """The adapters of the environment selected by ``use``, else of the process's own."""
    return _used.get() or _own()


def ruleset(*, fresh: bool = False) -> "Ruleset":
    """The current definitions, compiled; with ``fresh`` the latest published ones."""
    return ports().ruleset(fresh=fresh)


def context(*, fresh: bool = False, lanes: int = 1) -> Context:
    """The context of a use case at this instant; its ruleset is loaded at first use and then stays the same.

    With ``fresh`` a loaded ruleset is used only after checking that it is the latest. ``lanes`` is how many people may
    be worked on at a time. Raises StoredByNewer.
    """
    used = ports()
    used.hold_format()
    return Context(used, used.settings, cache(lambda: used.ruleset(fresh=fresh)), now(), counts(), lanes=lanes)


@contextmanager
def use(environment: Mapping[str, str]) -> Iterator[Wiring]:
    """Make ``ports()`` return this environment's adapters inside the block; they are kept for the same environment."""
    token = _used.set(_of(tuple(sorted(environment.items()))))
    try:
        yield ports()
    finally:
        _used.reset(token)


def reset() -> None:
    """Drop every adapter and client, as in a new process."""
    for remembered in (clients, _own, _of):
        remembered.cache_clear()


def renew() -> None:
    """Refresh what may be stale after a restore from a snapshot: see functions/startup.py."""
    _own().renew()


@cache
def clients() -> Clients:
    """The AWS clients that all environments of this process share; patient unless somebody may wait for an answer."""
    row = row_of(os.environ.get("FUNCTION"))
    return Clients(patient=row is not None and not row.is_waited_for)


@cache
def _own() -> Wiring:
    return Wiring(os.environ, clients())


@cache
def _of(environment: tuple[tuple[str, str], ...]) -> Wiring:
    return Wiring(dict(environment), clients())
