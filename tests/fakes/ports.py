"""Every port, as the wiring would hand them to a use case."""

from dataclasses import dataclass, field

from functions.core.base.rates import Rates
from functions.core.definitions.ruleset import Ruleset
from functions.settings import Settings, read
from functions.usecases.context import Context
from functions.usecases.hold_format import hold_format
from tests.fakes.backfills import FakeBackfills
from tests.fakes.counters import FakeCounters
from tests.fakes.declared_sources import FakeDeclaredSources
from tests.fakes.definitions import FakeDefinitions
from tests.fakes.erasures import FakeErasures
from tests.fakes.formats import FakeFormats
from tests.fakes.jobs import FakeJobs
from tests.fakes.ledger import FakeLedger
from tests.fakes.log import FakeLog
from tests.fakes.mailer import FakeMailer
from tests.fakes.names import FakeNames
from tests.fakes.pace import FakePace
from tests.fakes.people import FakePeople
from tests.fakes.products import FakeProducts
from tests.fakes.quarantine import FakeQuarantine
from tests.fakes.queues import FakeQueues
from tests.fakes.revocations import FakeRevocations
from tests.fakes.runs import FakeRuns
from tests.fakes.secrets import FakeSecrets
from tests.fakes.sender import FakeSender
from tests.fakes.ticks import FakeTicks
from tests.fakes.unreachable import Unreachable


def some_secrets() -> FakeSecrets:
    """The secrets of a shop; a write key and a webhook secret have been rotated."""
    return FakeSecrets(
        write_key=("WK", "WK-before"),
        server_key=("SK",),
        identity_key=("IK",),
        shopify=("hush", "hush-before"),
        woocommerce=("hush", "hush-before"),
        stripe=("hush", "hush-before"),
        declared=('{"till": "a secret of the till", "form": ["a new secret of the form", "the one before it"]}',),
        signing_key=("signing",),
        link_key=("linking",),
        erasure_salt=("salt",),
    )


@dataclass(kw_only=True)
class FakePorts:
    """An AWS that one test has to itself, with the settings beside."""

    log: FakeLog = field(default_factory=FakeLog)
    people: FakePeople = field(default_factory=FakePeople)
    runs: FakeRuns = field(default_factory=FakeRuns)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    definitions: FakeDefinitions = field(default_factory=FakeDefinitions)
    backfills: FakeBackfills = field(default_factory=FakeBackfills)
    formats: FakeFormats = field(default_factory=FakeFormats)
    jobs: FakeJobs = field(default_factory=FakeJobs)
    queues: FakeQueues = field(default_factory=FakeQueues)
    sender: FakeSender = field(default_factory=FakeSender)
    mailer: FakeMailer = field(default_factory=FakeMailer)
    quarantine: FakeQuarantine = field(default_factory=FakeQuarantine)
    products: FakeProducts = field(default_factory=FakeProducts)
    counters: FakeCounters = field(default_factory=FakeCounters)
    pace: FakePace = field(default_factory=FakePace)
    names: FakeNames = field(default_factory=FakeNames)
    rates: Rates = field(default_factory=Rates)
    revocations: FakeRevocations = field(default_factory=FakeRevocations)
    ticks: FakeTicks = field(default_factory=FakeTicks)
    secrets: FakeSecrets = field(default_factory=some_secrets)
    settings: Settings = field(default_factory=lambda: read({}))

    @property
    def declared_sources(self) -> FakeDeclaredSources:
        """They are published with the definitions, and so read from there."""
        return FakeDeclaredSources(self.definitions)

    @property
    def erasures(self) -> FakeErasures:
        """Marks are read with people, and so kept beside them."""
        return self.people.erasures

    def hold_format(self) -> None:
        """Ask each time: fakes are no process."""
        hold_format(self.formats, lambda _: None)

    def lose(self, port: str) -> None:
        """Let every call of the port fail from now on."""
        setattr(self, port, Unreachable())

    @property
    def context(self) -> Context:
        """What a use case works with that asks for neither definitions nor the time."""
        return self.at(0)

    def at(self, now: int) -> Context:
        """What a use case works with at the instant if it asks for no definitions."""
        return Context(self, self.settings, _not_asked_for, now)


def _not_asked_for() -> Ruleset:
    raise AssertionError("a use case asks for definitions, and its test has none")
