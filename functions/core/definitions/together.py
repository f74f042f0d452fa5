"""Checking definitions to be published together: each against all that will then be current, in any order."""

from collections.abc import Callable, Iterable, Mapping

from functions.core.base.errors import DefinitionRefused, Fault, Refused
from functions.core.definitions.checks import check
from functions.core.definitions.loading import with_id
from functions.core.definitions.records import Address, Body, Definition
from functions.core.definitions.registry import kind_of
from functions.core.definitions.shop import named_events
from functions.core.definitions.vocabulary.check import vocabulary
from functions.core.definitions.vocabulary.seen import Names
from functions.core.segments.language.event_labels import labels_of


def check_together(
    texts: Mapping[Address, str],
    current: Iterable[Definition],
    retention_days: int | None = None,
    names: Names | None = None,
    in_time: Callable[[], None] = lambda: None,
) -> dict[Address, Body]:
    """Return the checked bodies by (kind, id); raises DefinitionRefused with all faults, ``where`` being kind/id.

    With ``names``, those seen in events, unknown names are faults where a definition is strict. A definition that
    refers to one with faults of its own is not checked further, since its faults would only follow from those.
    ``in_time`` is called before each text, and raises if there is no time for another.
    """
    stored = {each.address: each for each in current}
    bodies, faults = _alone(texts, (each for key, each in stored.items() if key not in texts), retention_days, in_time)
    definitions = stored | _drafts(texts, bodies)
    wrong = set(texts) - set(bodies)
    for address, body in list(bodies.items()):
        in_time()
        if wrong & _needed(address[0], body):
            continue
        try:
            others = [each for other, each in definitions.items() if other != address]
            # Its current version, if any, so that a flow's steps keep their ids.
            beside = [*others, *([stored[address]] if address in stored else [])]
            known_names = vocabulary(others, names) if names is not None else None
            bodies[address] = check(*address, texts[address], beside, retention_days, known_names)
        except Refused as refused:
            faults += _placed(address, refused)
    if faults:
        raise DefinitionRefused(*faults)
    return bodies


def _alone(
    texts: Mapping[Address, str],
    others: Iterable[Definition],
    retention_days: int | None,
    in_time: Callable[[], None],
) -> tuple[dict[Address, Body], list[Fault]]:
    """The bodies and faults of the texts, each loaded alone; events come first, since others may use their labels."""
    bodies: dict[Address, Body] = {}
    faults: list[Fault] = []
    groups = dict(named_events(others))
    for (kind, name), text in sorted(texts.items(), key=lambda item: item[0][0] != "events"):
        in_time()
        try:
            bodies[kind, name] = kind_of(kind).load(with_id(text, name), retention_days, labels_of(groups))
            groups |= {name: bodies[kind, name]} if kind == "events" else {}
        except Refused as refused:
            faults += _placed((kind, name), refused)
    return bodies, faults


def _drafts(texts: Mapping[Address, str], bodies: Mapping[Address, Body]) -> dict[Address, Definition]:
    return {
        (kind, name): Definition(kind, name, 0, texts[kind, name], body, "", 0) for (kind, name), body in bodies.items()
    }


def _needed(kind: str, body: Body) -> set[Address]:
    return {(of, name) for of, names in kind_of(kind).references(body).items() for name in names}


def _placed(address: Address, refused: Refused) -> list[Fault]:
    where = "/".join(address)
    return [Fault(each.message, where, each.line, each.column, each.suggestion) for each in refused.faults]
