"""One webhook of a storefront: its body, who delivered it and when, and how it becomes an event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic

from functions.core.base import money
from functions.core.base.errors import NotUnderstood
from functions.core.base.events import Consent, Event
from functions.core.base.translation import Translation
from functions.sources.event_parts import compact, stamp
from functions.sources.payload import P


@dataclass(frozen=True, slots=True)
class Person:
    """The person that an event is about, with what the event says of them."""

    identifiers: tuple[str, ...]
    traits: Mapping[str, Any] = field(default_factory=dict)
    consent: Consent | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What an event reports: the natural key ("order:1001"), and the revision of the report in seconds UTC."""

    natural: str | None = None
    revision: int = 0


UNKEYED = Occurrence()


@dataclass(frozen=True, slots=True)
class Webhook(Generic[P]):
    """One webhook: its source, its topic, its body, and when it was delivered.

    ``message`` is the digest of the body, ``triggered`` when the storefront made it (milliseconds UTC; None if it does
    not say so), ``received`` when it came (seconds UTC), ``currency`` the shop's.
    """

    source: str
    topic: str
    body: P
    message: str
    triggered: int | None
    received: int
    currency: str

    def event(
        self,
        name: str,
        at: int | None,
        person: Person,
        properties: Mapping[str, Any],
        occurrence: Occurrence = UNKEYED,
        key: str = "",
    ) -> Event:
        """The event ``name`` at ``at`` (milliseconds UTC), or when the webhook was triggered if ``at`` is None.

        Its sort key is the same for every delivery of the body, whatever the headers say, which are not signed: the
        log has it once. Only a "no" without a date is dated by them also in its key, so that a second one counts.
        ``key`` makes it the same for every webhook that repeats a statement. Amounts in ``properties`` are in major
        units. Raises NotUnderstood without an identifier.
        """
        if not person.identifiers:
            raise NotUnderstood(f"{self.topic}: the body names nobody")
        moment = at if at is not None else self.triggered
        dated = moment if person.consent == "unsubscribed" else at
        return Event(
            name=name,
            time=self.received if moment is None else min(moment // 1000, self.received),
            received=self.received,
            identifiers=person.identifiers,
            sort=f"{stamp(dated)}#{key or f'{self.message}:{self.topic}:{name}'}",
            source=self.source,
            properties=money.normalise(compact(properties), self.currency),
            traits=person.traits,
            consent=person.consent,
            natural=occurrence.natural,
            revision=occurrence.revision,
        )

    def statement(
        self, consent: Consent | None, identifiers: tuple[str, ...], at: int | None, key: str = ""
    ) -> list[Event]:
        """A statement about marketing e-mail as an event of its own, at ``at`` (milliseconds UTC); none for None.

        Dated and keyed by itself, it is the same row of the log in every webhook that repeats it. It says nothing if it
        is about nobody.
        """
        if consent is None or not identifiers:
            return []
        person = Person(identifiers, consent=consent)
        return [self.event("Consent Changed", at, person, {"channel": "email"}, key=key)]


@dataclass(frozen=True, slots=True)
class Topic(Generic[P]):
    """The model of a topic's bodies, and their translation."""

    model: type[P]
    translate: Callable[[Webhook[P]], Translation]
