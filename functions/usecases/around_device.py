"""Read everything around some events: the logs of everybody whom their identifiers join, and what is stored of them."""

from dataclasses import replace

from functions.core.base.errors import TooLong
from functions.core.base.events import Event
from functions.core.profiles.stored import StoredProfiles
from functions.usecases import links
from functions.usecases.context import Context
from functions.usecases.stored_profiles import read


def read_around(context: Context, new_events: list[Event]) -> tuple[dict[str, Event], StoredProfiles]:
    """The events of everybody around the new events, by id, and all that is stored of these people.

    Follows identifiers until no new one is found. Stored rows are read before the log, and only once: a concurrent fold
    raises their version, so that nothing is written without its events. Raises TooLong if the log of one of the
    identifiers has more events than are read.
    """
    events = {event.id: event for event in new_events}
    whole = StoredProfiles({}, {}, {})
    visited: set[str] = set()
    while fresh := _names(events, whole) - visited:
        whole.add(_complete(context, read(context, fresh, with_attributes=True, fresh=True)))
        # A public device's events say nothing about these people, and are too many.
        partitions, complete = context.ports.log.read_newest(sorted(fresh - whole.public()))
        if not complete:
            # What is known of the people is computed anew from all of it, or not at all.
            raise TooLong("repartition")
        for partition in partitions.values():
            events.update({event.id: event for event in partition})
        visited |= fresh
    return events, whole


def _complete(context: Context, stored: StoredProfiles) -> StoredProfiles:
    attributes = {profile: links.complete(context, each) for profile, each in stored.attributes.items()}
    return replace(stored, attributes=attributes)


def _names(events: dict[str, Event], whole: StoredProfiles) -> set[str]:
    names = {name for attributes in whole.attributes.values() for name in attributes.identifiers | attributes.visited}
    names |= {account for pointer in whole.pointers.values() for account in pointer.accounts}
    return names | {name for event in events.values() for name in event.identifiers}
