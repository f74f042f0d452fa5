"""The check of a definition to be published, among those that will be current with it.

What is particular to a kind is in its record (``definitions.kinds``).
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

from functions.core.base.errors import DefinitionRefused, Fault, Malformed
from functions.core.base.keys import ID_SAYS, is_id
from functions.core.base.limits import MOST_FAULTS
from functions.core.base.spelling import nearest
from functions.core.definitions.candidate import Candidate
from functions.core.definitions.document import Document, read
from functions.core.definitions.kinds import KINDS
from functions.core.definitions.loading import with_id
from functions.core.definitions.records import Address, Body, Definition
from functions.core.definitions.registry import kind_of
from functions.core.definitions.shop import named_events
from functions.core.definitions.vocabulary.check import Vocabulary
from functions.core.scores.link import unknown_tiers
from functions.core.segments.language import named
from functions.core.segments.language.event_labels import event_of_verb, labels_of


def check(
    kind: str,
    name: str,
    text: str,
    current: Iterable[Definition],
    retention_days: int | None = None,
    known_names: Vocabulary | None = None,
) -> dict[str, Any]:
    """Return the checked body of a text to be published; raises DefinitionRefused with every fault and its position.

    With ``retention_days``, the log's retention, conditions that look back further are refused. With ``known_names``,
    unknown event, property and trait names are refused where the definition is strict. Raises NotFound for an unknown
    kind and Malformed for an invalid id.
    """
    record = kind_of(kind)
    if not is_id(name):
        raise Malformed(Fault(ID_SAYS, "id"))
    current = [each for each in current if each.kind in KINDS]
    full = with_id(text, name)
    document = read(full)
    faults = [] if document.body["id"] == name else [_other_id(document, name)]
    try:
        body = record.load(full, retention_days, labels_of(named_events(current)))
    except DefinitionRefused as refused:
        rest = [each for each in refused.faults if not faults or each.where != "id"]
        raise DefinitionRefused(*_in_order([*faults, *rest])) from None
    candidate = _candidate((kind, name), body, document, current)
    faults += record.judge(body, document, known_names, current).faults if known_names else []
    unknown = islice(chain(_missing(candidate), _unknown_tiers(candidate)), MOST_FAULTS)
    faults += [*unknown, *record.clashes(candidate)]
    if faults := faults or list(record.check(candidate)):
        raise DefinitionRefused(*_in_order(faults))
    return record.completed(body, next((each.body for each in current if each.address == (kind, name)), None))


def faults_in_shop(kind: str, text: str, body: Body, currency: str) -> list[Fault]:
    """The faults of a definition that is right by itself, in a shop that counts in this currency."""
    return list(kind_of(kind).in_shop(body, read(text), currency))


def _candidate(address: Address, body: Body, document: Document, current: list[Definition]) -> Candidate:
    others = {each.address: each.body for each in current if each.address != address}
    return Candidate(address[0], body, document, current, others, _with_defined({**others, address: body}))


def _with_defined(written: Mapping[Address, Body]) -> dict[Address, Body]:
    """The definitions, together with those that they define, such as the segments of tiers."""
    defined = [kind_of(kind).defines(body) for (kind, _), body in written.items()]
    return {address: body for bodies in defined for address, body in bodies.items()} | dict(written)


def _in_order(faults: Iterable[Fault]) -> list[Fault]:
    return sorted(faults, key=lambda fault: (fault.line or 0, fault.column or 0))


def _other_id(document: Document, name: str) -> Fault:
    return document.place(Fault("this is not the id in the path", "id", suggestion=name))


def _missing(candidate: Candidate) -> Iterator[Fault]:
    """Yield a fault for each reference to a definition that there is not, with the most similar one."""
    for kind, names in kind_of(candidate.kind).references(candidate.body).items():
        existing = candidate.of_kind(kind)
        for other in sorted(names - existing.keys()):
            message = named.message(other) if kind == "events" else f"there is no {kind_of(kind).one} {other!r}"
            hint = nearest(other, [each for each in existing if each != candidate.id])
            if hint is None and kind == "events":
                hint = event_of_verb(other, labels_of(candidate.groups))
            yield candidate.document.mention(other, message, hint)


def _unknown_tiers(candidate: Candidate) -> Iterator[Fault]:
    for tier, fault in unknown_tiers(candidate.body, candidate.of_kind("scores")):
        yield candidate.document.mention(tier, fault.message, fault.suggestion)
