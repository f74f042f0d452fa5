"""Make several definitions current at once, or none of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from functions.core.base.errors import DefinitionRefused, Fault, Outdated
from functions.core.definitions.checks import faults_in_shop
from functions.core.definitions.records import Address, Body, Definition
from functions.core.definitions.together import check_together
from functions.core.definitions.vocabulary.seen import Names
from functions.usecases import warn
from functions.usecases.context import Context
from functions.usecases.publish import bring_up, following, in_time, retry_publication, with_timelines

Texts = Mapping[Address, str]
Stored = dict[Address, Definition]


@dataclass(frozen=True, slots=True)
class DefinitionChange:
    """The effect on one text; ``definition`` is the current version, None if there is none yet."""

    kind: str
    id: str
    change: Literal["new", "changed", "unchanged"]
    definition: Definition | None
    warnings: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What publishing texts would change.

    revision     the latest publication when it was read
    changes      in the order of the texts
    definitions  every definition that would be current, borders included
    """

    revision: int
    changes: list[DefinitionChange]
    definitions: Stored


def compare(context: Context, texts: Texts) -> Comparison:
    """Check the texts and return what each would change; raises DefinitionRefused with every fault, or Oversize."""
    # Read first: what is published between the two is newer than what is compared with, and refused when it matters.
    revision = context.ports.definitions.revision()
    stored, names = _current(context), context.ports.names.all()
    bodies = _checked(context, _fresh(texts, stored), stored, names)
    drafts = {address: Definition(*address, 0, texts[address], body, "", 0) for address, body in bodies.items()}
    changes, definitions = [_change(address, texts[address], stored, stored) for address in texts], stored | drafts
    return Comparison(revision, _with_warnings(context, changes, definitions, names), definitions)


def publish_together(
    context: Context, texts: Texts, author: str, *, seen: int | None = None, send_backfilled: bool = False
) -> list[DefinitionChange]:
    """Check the texts against each other and store those that differ under one revision.

    Raises DefinitionRefused with every fault of every text, and then nothing is stored. A concurrent reader finds all
    of them or none. With ``send_backfilled`` the people whom new versions of segments bring in are treated as entering
    now. Raises Outdated if anything was published or withdrawn since the revision ``seen``, or Oversize once the answer
    is due: then nothing is stored either.
    """
    changes = retry_publication(lambda: _publish(context, texts, author, seen, send_backfilled))
    bring_up(context, [each.definition for each in changes if each.definition])
    return changes


def _with_warnings(
    context: Context, changes: Iterable[DefinitionChange], definitions: Stored, names: Names
) -> list[DefinitionChange]:
    """The changes with the warnings about each text."""
    return [replace(each, warnings=_warnings(context, (each.kind, each.id), definitions, names)) for each in changes]


def _warnings(context: Context, address: Address, definitions: Stored, names: Names) -> tuple[Fault, ...]:
    in_time(context)
    currency = context.settings.shop_currency
    return tuple(warn.of_definition(definitions[address], definitions.values(), names, currency))


def _publish(
    context: Context, texts: Texts, author: str, seen: int | None, send_backfilled: bool
) -> list[DefinitionChange]:
    """What became of each text; raises Conflict if anything was published in between."""
    names = context.ports.names.all()
    revision, stored = context.ports.definitions.revision(), _current(context)
    if seen not in (None, revision):
        since = "something was published or withdrawn since; check again"
        raise Outdated(Fault(since, "seen", suggestion=str(revision)))
    bodies = _checked(context, _fresh(texts, stored), stored, names)
    new_versions = [
        Definition(*address, 0, texts[address], body, author, context.now) for address, body in bodies.items()
    ]
    new_versions = [
        following(context, each, stored.get(each.address), send_backfilled=send_backfilled) for each in new_versions
    ]
    whole = with_timelines(context, new_versions, stored.values())
    # Whatever takes long comes before anything is stored.
    changes = _with_warnings(
        context,
        [_change(address, text, stored, stored) for address, text in texts.items()],
        stored | {each.address: each for each in whole},
        names,
    )
    in_time(context)
    published = context.ports.definitions.publish_together(whole, revision=revision)
    after = stored | {each.address: each for each in published}
    return [replace(each, definition=after[each.kind, each.id]) for each in changes]


def _checked(context: Context, texts: Texts, stored: Stored, names: Names) -> dict[Address, Body]:
    """The checked bodies of the texts, judged together with what is stored and by this shop's settings."""
    settings = context.settings
    bodies = check_together(texts, stored.values(), settings.log_retention_days, names, lambda: in_time(context))
    faults = [
        replace(fault, where="/".join(address))
        for address, body in bodies.items()
        for fault in faults_in_shop(address[0], texts[address], body, settings.shop_currency)
    ]
    if faults:
        raise DefinitionRefused(*faults)
    return bodies


def _current(context: Context) -> Stored:
    return {each.address: each for each in context.ports.definitions.current()}


def _fresh(texts: Texts, stored: Stored) -> dict[Address, str]:
    """The texts that differ from their current versions."""
    return {address: text for address, text in texts.items() if address not in stored or stored[address].text != text}


def _change(address: Address, text: str, before: Stored, after: Stored) -> DefinitionChange:
    if address not in before:
        return DefinitionChange(*address, "new", after.get(address))
    return DefinitionChange(*address, "unchanged" if before[address].text == text else "changed", after[address])
