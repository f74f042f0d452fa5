"""What an erasure does with events that name another person's address.

An event with an account and somebody else's address is about the account, but lies in the log under the address.
"""

from collections.abc import Iterator
from dataclasses import replace

from functions.core.base.identity import anchor, are_two_people, is_address
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.bounds import has_links
from functions.core.profiles.records import Link, ProfileAttributes
from functions.usecases.context import Context
from functions.usecases.stored_profiles import read


def erase(context: Context, attributes: ProfileAttributes, names: frozenset[str]) -> int:
    """Delete the person's events that lie under other people's addresses; return how many they were."""
    events = (event for name in sorted(attributes.visited - names) for event in context.ports.log.read(name))
    return context.ports.log.remove([each for each in events if profile_attributes.belongs(attributes, each)])


def end(context: Context, names: frozenset[str]) -> None:
    """Take these identifiers, which are erased, out of the profiles of others whose events name them."""
    others = frozenset(_others(context, names))
    stored = read(context, others, with_attributes=True, fresh=True)
    for profile in sorted({profile for name in others if (profile := stored.profile_of(name))}):
        attributes = stored.attributes_of(profile)
        if has_links(attributes):
            context.ports.people.unlink(profile, [Link("visited", name) for name in names])
        if attributes.visited & names:
            context.ports.people.save_attributes(replace(attributes, visited=attributes.visited - names))


def names_of_others(context: Context, own: frozenset[str], names: frozenset[str]) -> frozenset[str]:
    """Those of the names whose people cannot be the one with ``own``: they have another account."""
    stored = read(context, names, with_attributes=True, fresh=True)
    return frozenset(
        name
        for name in names
        if are_two_people(own, {name, *stored.attributes_of(stored.profile_of(name) or "").identifiers})
    )


def _others(context: Context, names: frozenset[str]) -> Iterator[str]:
    """The accounts of others whose events lie under one of these addresses."""
    for name in sorted(filter(is_address, names)):
        for event in context.ports.log.read(name):
            if (whose := anchor(event.identifiers)) not in names:
                yield whose
