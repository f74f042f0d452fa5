"""Events of a body by the mapping of its source."""

from collections import Counter
from typing import Any, NamedTuple

from functions.core.base.errors import Fault, NotUnderstood
from functions.core.base.events import Event
from functions.core.base.identity import is_address, namespace
from functions.core.base.translation import Request, Translation
from functions.core.base.trust import Trust, is_trusted
from functions.core.mappings.mapping import SourceMapping
from functions.core.mappings.records import MappedEvent
from functions.core.mappings.translation import translate
from functions.sources.declared.verify import ID
from functions.sources.event_parts import message_id, natural, stamp, visitor_names

# The topic of a body that the source has no use for.
IGNORED = "ignored"


class Declared(NamedTuple):
    """What a source's events need: its name, its mapping, whose word they are, whether its sender signs an id."""

    name: str
    mapping: SourceMapping
    is_public: bool
    signs_id: bool


def emit(declared: Declared, request: Request, body: Any) -> Translation:
    """All events of the body, or none: raises NotUnderstood with every fault."""
    mapped = translate(declared.mapping, body, request.headers, request.currency)
    if mapped.faults:
        raise NotUnderstood("; ".join(map(_words, mapped.faults)))
    if mapped.ignored:
        return Translation(unused=IGNORED)
    # Standard Webhooks signs the id of the delivery; no other scheme signs a header.
    signed = request.headers.get(ID) if declared.signs_id else None
    delivery = message_id(mapped.identity or signed, request.body)
    told: Counter[str] = Counter()
    events = []
    for event in mapped.events:
        told[event.name] += 1
        several = f":{told[event.name]}" if told[event.name] > 1 else ""
        events.append(_event(declared, event, f"{delivery}:{message_id(event.name)}{several}", request))
    return Translation(tuple(events))


def _words(fault: Fault) -> str:
    return f"{fault.where}: {fault.message}" if fault.where else fault.message


def _event(declared: Declared, mapped: MappedEvent, key: str, request: Request) -> Event:
    # A request in quarantine keeps the trust under which it came, and the definition may have lowered it since.
    trust: Trust = "public" if declared.is_public else request.trust
    identifiers, claims = (mapped.identifiers, ()) if is_trusted(trust) else _claimed(mapped.identifiers)
    return Event(
        name=mapped.name,
        time=request.received if mapped.at is None else min(mapped.at // 1000, request.received),
        received=request.received,
        identifiers=identifiers,
        sort=f"{stamp(mapped.at)}#{key}",
        source=declared.name,
        properties=mapped.properties,
        traits=mapped.traits,
        consent=mapped.consent,
        natural=natural(mapped.name, mapped.properties),
        trust=trust,
        claims=claims,
    )


def _claimed(named: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The identifiers of a visitor and those that they claim: accounts and addresses prove nothing."""
    devices = tuple(name for name in named if namespace(name) == "anonymous_id")
    accounts = tuple(name for name in named if namespace(name) == "user_id")
    claims = (*accounts, *filter(is_address, named))
    if not (devices or claims):
        raise NotUnderstood("the public names people by email, user_id or anonymous_id, and the body names nobody so")
    return visitor_names(devices, accounts, claims), claims
