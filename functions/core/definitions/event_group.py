"""The text format of named events: one id for all events that mean the same to a shop, from whichever channel.

id: bought
name: Bought something
description: On the web, in the app or at the till.    # optional
any of: [Order Completed, Store Purchase]
by: order_id               # optional, with unless or refunds: the property that joins both events
unless: [Order Cancelled]  # an event of the same order takes it back
refunds: [Order Refunded]  # these take it back once their amounts add up to its amount
amount: total              # the property with the amount, in both events; default: total
label: {past: bought, negative: did not buy}           # optional: the verb of sentences
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from functions.core.base import naming
from functions.core.base.errors import DefinitionRefused, Fault
from functions.core.base.keys import LONGEST_ID, NAMED, meant
from functions.core.base.spelling import nearest
from functions.core.definitions.document import checked
from functions.core.definitions.vocabulary.check import strictness
from functions.core.segments.language import fields, parser
from functions.core.segments.language.event_labels import BY_PROPERTY

MOST_EVENTS = 50
LONGEST_LABEL = 60
_WORDS = re.compile(r"[a-z][a-z'\-]*(?: [a-z0-9][a-z0-9'\-]*)*")
# Keywords with which a label may not begin.
TAKEN = frozenset({"not", "and", "or", "let", "trait", "whose", "score", "random", "rfm", "first", "last", "where"})
KEYS = ("id", "name", "description", "any of", "by", "unless", "refunds", "amount", "label", "strict")
# The keys of a label: texts, and mappings from property to text.
LABELS = ("past", "negative", "of", "several", "joined", *BY_PROPERTY)


def load_events(given: str | Mapping[str, Any]) -> dict[str, Any]:
    """The body of a definition of named events; raises DefinitionRefused with every fault and its position."""
    return checked(given, _body)


def _body(given: Mapping[str, Any], faults: list[Fault]) -> dict[str, Any]:
    for key in given:
        if key not in KEYS:
            faults.append(Fault(f"{key!r} is not part of named events", str(key), suggestion=meant(key, KEYS)))
    named = given.get("id")
    faults.extend(_id(named))
    faults.extend(naming.check(given))
    listed = _events(given, "any of", faults)
    body = {"id": named, "name": given.get("name") or named, "any of": listed}
    if given.get("description"):
        body["description"] = given["description"]
    if "label" in given:
        faults.extend(_label(given["label"]))
        body["label"] = given["label"]
    return body | _taken_back(given, listed, faults) | strictness(given, faults)


def _taken_back(given: Mapping[str, Any], names: list[str], faults: list[Fault]) -> dict[str, Any]:
    """The keys on taking occurrences back: the events, the joining property, and the property with the amount."""
    taken: dict[str, Any] = {key: _events(given, key, faults) for key in ("unless", "refunds") if key in given}
    for key, others in taken.items():
        for name in {*others} & {*names}:
            faults.append(Fault(f"{name!r} cannot take itself back", f"{key}[{others.index(name)}]"))
    for name in {*taken.get("unless", ())} & {*taken.get("refunds", ())}:
        faults.append(Fault(f"{name!r} takes an occurrence back at once, or by its amount", "refunds"))
    if taken and "by" not in given:
        faults.append(
            Fault("by which property is one joined with what takes it back?", "by", suggestion="by: order_id")
        )
    if "refunds" in taken:
        taken["amount"] = given.get("amount", "total")
    for key, wanted in (("by", bool(taken)), ("amount", "refunds" in taken)):
        if key in given:
            faults.extend(Fault(complaint, key, suggestion=hint) for complaint, hint in fields.single_path(given[key]))
            if not wanted:
                faults.append(Fault(f"{key} belongs to what takes an occurrence back", key, suggestion="unless"))
    return taken | ({"by": given["by"]} if "by" in given and taken else {})


def _label(given: Any) -> Iterator[Fault]:
    """Yield the faults of a label, whose wordings must be lower-case words for the language to parse them."""
    if not isinstance(given, Mapping) or not {"past", "negative"} <= given.keys():
        yield Fault(
            "a label says what somebody did and did not", "label", suggestion="{past: bought, negative: did not buy}"
        )
        return
    for key, words in given.items():
        if key not in LABELS:
            yield Fault(f"{key!r} is not part of a label", f"label.{key}", suggestion=nearest(key, LABELS))
        elif key in BY_PROPERTY:
            for path, verb in words.items() if isinstance(words, Mapping) else [("", None)]:
                yield from _words(verb, f"label.{key}.{path}")
        elif key == "joined":
            yield from (Fault(message, "label.joined", suggestion=hint) for message, hint in fields.single_path(words))
        else:
            yield from _words(words, f"label.{key}")


def _words(words: Any, where: str) -> Iterator[Fault]:
    if not isinstance(words, str) or not _WORDS.fullmatch(words) or len(words) > LONGEST_LABEL:
        message = f"a label is lower-case words, such as “did not buy”, of at most {LONGEST_LABEL} characters"
        lower = str(words).lower() if isinstance(words, str) else ""
        yield Fault(message, where, suggestion=lower if _WORDS.fullmatch(lower) else "bought")
    elif words.split()[0] in TAKEN:
        yield Fault(
            f"a label does not begin with {words.split()[0]!r}, which begins a condition of the language", where
        )


def _id(named: Any) -> Iterator[Fault]:
    if not isinstance(named, str) or not NAMED.fullmatch(named) or len(named) > LONGEST_ID:
        yield Fault(
            f"an id is lower-case words joined by hyphens, a letter first, at most {LONGEST_ID} characters", "id"
        )
    elif not _can_be_said(named):
        yield Fault(
            f"{named!r} is a word of the language, so that no condition could name it", "id", suggestion="bought"
        )


def _can_be_said(named: str) -> bool:
    """True if the language parses the word as the id of named events."""
    asked = {"op": "last", "events": [{"named": named}], "within": "1 day"}
    try:
        return parser.parse(parser.text(asked)) == asked
    except DefinitionRefused:
        return False


def _events(given: Mapping[str, Any], key: str, faults: list[Fault]) -> list[str]:
    names = given.get(key)
    if not isinstance(names, list) or not 1 <= len(names) <= MOST_EVENTS:
        hint = f"{key}: [Order Completed, Store Purchase]"
        faults.append(Fault(f"{key!r} is a list of 1 to {MOST_EVENTS} names of events", key, suggestion=hint))
        return []
    for index, name in enumerate(names):
        where = f"{key}[{index}]"
        faults.extend(
            Fault(f"the name of an event {complaint}", where, suggestion=hint) for complaint, hint in fields.text(name)
        )
        if name in names[:index]:
            faults.append(Fault(f"{name!r} stands here twice", where))
    return [name for name in names if isinstance(name, str)]
