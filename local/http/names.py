"""The names that the page shows for definitions and people."""

from collections.abc import Iterable, Mapping
from typing import Any

from functions import wiring
from functions.core.base.money import MONEY
from functions.core.profiles.records import ProfileAttributes
from functions.core.scores.link import tier_segments
from local.runtime.clock import rfc3339
from local.runtime.host import Host

# People of a list, and identifiers that a search looks through, newest first.
SHOWN = 100
LOOKED_AT = 1_000
_FULL = ("first_name", "last_name")


def names(host: Host) -> dict[str, Any]:
    """The names of all published definitions by kind and id, with tiers as segments, and the money properties."""
    names_by_kind: dict[str, dict[str, str]] = {}
    for each in published(host):
        names_by_kind.setdefault(each.kind, {})[each.id] = each.body.get("name") or each.id
        tiers = tier_segments(each.body) if each.kind == "scores" else {}
        names_by_kind.setdefault("segments", {}).update({name: body["name"] for name, body in tiers.items()})
    return {"currency": host.currency, "money": sorted(MONEY), **names_by_kind}


def flows(host: Host) -> dict[str, Any]:
    """Every flow's checked definition."""
    return {"flows": [{"id": each.id, "json": each.body} for each in published(host) if each.kind == "flows"]}


def published(host: Host) -> list[Any]:
    """Every current definition."""
    with host.functions.environment("api"):
        return wiring.ports().definitions.current()


def people(host: Host, profiles: Iterable[str]) -> dict[str, Any]:
    """The people by the given profile ids; a merged profile as its winner, unknown ones left out."""
    ids = list(dict.fromkeys(profiles))
    with host.functions.environment("api"):
        _, states, all_attributes, _ = wiring.ports().people.load((), ids, with_attributes=True)
        merged = {each.profile: each.merged_into for each in states.values() if each.merged_into}
        if merged:
            all_attributes |= wiring.ports().people.load((), merged.values(), with_attributes=True)[2]
    stored = {profile: all_attributes.get(merged.get(profile) or profile) for profile in ids}
    return {profile: person(attributes) for profile, attributes in stored.items() if attributes is not None}


def latest(host: Host, sought: str = "") -> dict[str, Any]:
    """The newest people, or those with ``sought`` in a name or identifier; ``more`` if some are not shown."""
    rows = host.rows("identifiers", LOOKED_AT)
    first_seen: dict[str, int] = {}
    for row in rows:
        profile, first = row["p"]["S"], int(row["f"]["N"])
        first_seen[profile] = min(first, first_seen.get(profile, first))
    newest = sorted(first_seen, key=lambda profile: (-first_seen[profile], profile))
    named = people(host, newest if sought else newest[: SHOWN + 1])
    fitting = [each for each in newest if each in named and _fits(named[each], sought.casefold())]
    shown = [named[each] | {"first_seen": rfc3339(first_seen[each])} for each in fitting[:SHOWN]]
    return {"people": shown, "more": len(fitting) > SHOWN or len(rows) == LOOKED_AT}


def person(attributes: ProfileAttributes) -> dict[str, Any]:
    """A person's name, address and all identifiers."""
    traits = {name: trait.value for name, trait in attributes.traits.items()}
    addresses = [name.partition(":")[2] for name in sorted(attributes.identifiers) if name.startswith("email:")]
    return {
        "id": attributes.profile,
        "name": _full(traits) or next(iter(addresses), "") or min(attributes.identifiers, default=""),
        "address": next(iter(addresses), None),
        "identifiers": sorted(attributes.identifiers),
    }


def _full(traits: Mapping[str, Any]) -> str:
    parts = (str(traits[part]).strip() for part in _FULL if traits.get(part))
    return " ".join(parts) or str(traits.get("name") or "").strip()


def _fits(person: Mapping[str, Any], sought: str) -> bool:
    return any(sought in text.casefold() for text in (person["name"], *person["identifiers"]))
