"""The names of a person for which their attributes have no room, in rows of their own.

Folding an event needs none of them. Whatever asks for all of a person does: their history in the log, the division of
people, an erasure. Attributes that were completed here are for reading; they have no room in a row.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from functions.core.profiles.bounds import has_links
from functions.core.profiles.looked_at import lookable
from functions.core.profiles.records import Link, LinkKind, ProfileAttributes
from functions.usecases.context import Context

# The metric of limits that people reached.
LIMITS_REACHED = "ProfileLimitsReached"


def complete(context: Context, attributes: ProfileAttributes) -> ProfileAttributes:
    """The attributes with every name that was left out of them."""
    return _joined(context, attributes, lambda whole: whole.identifiers)


def looked_at(context: Context, attributes: ProfileAttributes) -> ProfileAttributes:
    """The attributes with all profiles and, of the identifiers that were left out, those that are looked at."""
    return _joined(context, attributes, lookable)


def with_profiles(context: Context, attributes: ProfileAttributes) -> ProfileAttributes:
    """The attributes with all profiles that were absorbed or divided from this one: messages and runs lie there."""
    return _joined(context, attributes, lambda _: frozenset())


def _joined(
    context: Context, attributes: ProfileAttributes, wanted: Callable[[ProfileAttributes], frozenset[str]]
) -> ProfileAttributes:
    """The attributes with what was left out of them, and those of the identifiers that are ``wanted`` of all."""
    if not has_links(attributes):
        return attributes
    links = context.ports.people.links(attributes.profile)
    whole = replace(
        attributes,
        absorbed=attributes.absorbed | _names(links, "absorbed"),
        parted=attributes.parted | _names(links, "parted"),
        visited=attributes.visited | _names(links, "visited"),
        identifiers=attributes.identifiers | _names(links, "identifiers"),
        since={**{link.name: link.since for link in links if link.since}, **attributes.since},
    )
    own = attributes.identifiers | _own(context, whole, wanted(whole) - attributes.identifiers)
    return replace(whole, identifiers=own, since={name: whole.since[name] for name in own if name in whole.since})


def _names(links: Iterable[Link], kind: LinkKind) -> frozenset[str]:
    return frozenset(link.name for link in links if link.kind == kind)


def _own(context: Context, attributes: ProfileAttributes, names: frozenset[str]) -> frozenset[str]:
    """Those of the identifiers that still are the person's: a division may have given others to somebody else."""
    if not names:
        return frozenset()
    pointers = context.ports.people.load(sorted(names), (), fresh=True).pointers
    profiles = {attributes.profile, *attributes.absorbed}
    return frozenset(name for name, pointer in pointers.items() if not pointer.public and pointer.profiles & profiles)


def unlink(context: Context, before: ProfileAttributes, after: ProfileAttributes) -> None:
    """Delete the links of names that a division gave to somebody else, lest they outlast an erasure of that person."""
    if not has_links(before):
        return
    left = {(link.kind, link.name) for link in after.leaving}
    kept = {"identifiers": after.identifiers, "visited": after.visited}
    stale = [
        link
        for link in context.ports.people.links(after.profile)
        if link.kind in kept and link.name not in kept[link.kind] and (link.kind, link.name) not in left
    ]
    context.ports.people.unlink(after.profile, stale)


def count(context: Context, before: ProfileAttributes | None, after: ProfileAttributes) -> None:
    """Count the limits of the person that were reached between both."""
    context.counts[LIMITS_REACHED] += len(after.limits - (before.limits if before else frozenset()))


def write(context: Context, attributes: ProfileAttributes, absorbed: Iterable[ProfileAttributes] = ()) -> None:
    """Write what the attributes leave out, before they are written themselves, and what the absorbed had left out."""
    names = {*attributes.leaving}
    for other in absorbed:
        if has_links(other):
            names.update(context.ports.people.links(other.profile))
    if names:
        context.ports.people.link(attributes.profile, names)
