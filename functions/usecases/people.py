"""Find a person and show everything that is known of them now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from functions.core.answers import pages
from functions.core.answers.left_out import left_out, left_out_of_days, left_out_of_state
from functions.core.answers.views import event_view, instant, looked_at_view, message_view, run_view, scores_view
from functions.core.base.errors import Fault, Malformed, NotFound
from functions.core.base.events import Event
from functions.core.base.identity import NAMESPACES, identifier
from functions.core.base.instants import holds, until
from functions.core.flows.records import Run
from functions.core.messages.records import Message
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles import bounds, daily
from functions.core.profiles.looked_at import passed_over
from functions.core.profiles.records import ProfileAttributes, StoredState
from functions.core.profiles.state import State
from functions.core.profiles.stored import StoredProfiles
from functions.core.segments import engine
from functions.core.segments.engine import limits, snapshot
from functions.core.timelines.consents import Statements
from functions.usecases import links, profile_update
from functions.usecases.context import Context
from functions.usecases.members import around
from functions.usecases.stored_profiles import of_profile, read


@dataclass(frozen=True, slots=True)
class StoredProfile:
    """A living profile as stored: its state and its attributes."""

    stored_state: StoredState
    attributes: ProfileAttributes


def by_identifier(context: Context, written: str) -> StoredProfile:
    """Find who has the identifier, ``namespace:value``; raises Malformed or NotFound."""
    name = name_of(written)
    stored = read(context, [name], with_attributes=True, fresh=True)
    return _living(stored, stored.profile_of(name))


def name_of(written: str) -> str:
    """The identifier as it is stored; raises Malformed."""
    space, _, value = written.partition(":")
    # A plus sign that was not escaped in a query arrives as a space.
    name = identifier(space, value.replace(" ", "+") if space == "email" else value) if space in NAMESPACES else None
    if name is None:
        raise Malformed(
            Fault("not an identifier: namespace:value", "identifier", suggestion=f"one of {', '.join(NAMESPACES)}")
        )
    return name


def by_id(context: Context, profile: str) -> StoredProfile:
    """The profile of that id, or the one that it was merged into; raises NotFound."""
    stored = of_profile(context, profile)
    return _living(stored, stored.living(profile))


def _living(stored: StoredProfiles, profile: str | None) -> StoredProfile:
    if profile is None or profile not in stored.states:
        raise NotFound(Fault("nobody has this", "profile"))
    return StoredProfile(stored.states[profile], stored.attributes_of(profile))


def state_now(context: Context, person: StoredProfile) -> State:
    """The state with every timeline and membership brought up to ``now``; nothing is written."""
    state = context.ruleset.state(person.stored_state)
    state = profile_update.complete(context, state, person.attributes, person.stored_state, ())
    return engine.advance(state, context.ruleset.catalogue, context.now)


def view(context: Context, person: StoredProfile) -> dict[str, Any]:
    """The person as the API shows them."""
    state, attributes = state_now(context, person), person.attributes
    return {
        "id": attributes.profile,
        "identifiers": sorted(attributes.identifiers),
        "traits": {name: attributes.traits[name].value for name in sorted(attributes.traits)},
        "segments": list(_segments(context, person, state)),
        "scores": scores_view(
            context.ruleset.measures, snapshot.Snapshot(state, context.ruleset.catalogue, context.now)
        ),
        "consent": _consent(attributes),
        "bounds": bounds_of(context, person),
        "first_seen": instant(attributes.first_seen),
        "looked_at": looked_at_view(passed_over(links.complete(context, attributes))),
    }


def bounds_of(context: Context, person: StoredProfile) -> list[dict[str, Any]]:
    """What is left out of the person at a limit; the log and the links are read only if something is."""
    state, catalogue = context.ruleset.state(person.stored_state), context.ruleset.catalogue
    halved = state.halvings and left_out_of_state(
        catalogue.halved(state.halvings).cap, len(limits.full(state, catalogue))
    )
    return [*_bounds_of(context, person.attributes), *(halved or [])]


def _bounds_of(context: Context, attributes: ProfileAttributes) -> list[dict[str, Any]]:
    if not attributes.limits:
        return []
    names = context.ports.people.links(attributes.profile) if bounds.has_links(attributes) else []
    events = profile_update.history(context, attributes) if attributes.limits - bounds.LINKED else []
    days = daily.LIMIT in attributes.limits and left_out_of_days(*_left_out_of_days(context, attributes))
    return [*left_out(attributes, events, names), *(days or [])]


def _left_out_of_days(context: Context, attributes: ProfileAttributes) -> tuple[int, int]:
    """How many events count in a day, and how many of those that are looked at do not."""
    most, logged = context.settings.events_per_day, profile_update.whole_history(context, attributes).events
    return most, len(logged) - len(daily.counted(logged, most))


def _segments(context: Context, person: StoredProfile, state: State) -> Iterator[dict[str, Any]]:
    verdicts = engine.evaluate(state, context.ruleset.catalogue, context.now)
    inside = sorted(name for name, verdict in verdicts.items() if holds(verdict))
    entered = _entered(context, person.attributes, [name for name in inside if name not in state.memberships])
    for name in inside:
        since = state.memberships[name].since if name in state.memberships else entered.get(name)
        yield {"id": name, "since": instant(since), "until": instant(until(verdicts[name]))}


def _entered(context: Context, attributes: ProfileAttributes, names: list[str]) -> Mapping[str, int]:
    """Compute from the log when memberships began that are not stored because nothing acts on them.

    Those that began before the oldest event in the log are not found.
    """
    if not names:
        return {}
    catalogue = engine.compile_catalogue(
        around({name: context.ruleset.segments[name]["when"] for name in names}, context.ruleset)
    )
    return engine.entered(
        profile_update.history(context, attributes), catalogue, names, context.now, attributes.profile
    )


def _consent(attributes: ProfileAttributes) -> dict[str, Any]:
    suppressed = sorted(
        {reason for reason, _ in attributes.suppression.values()}, key=lambda reason: reason != "complaint"
    )
    return {
        "marketing": profile_attributes.consent(attributes) or "none",
        "identifiers": {name: said.answer for name, said in sorted(attributes.consent.items()) if said.answer},
        "statements": {name: _statements(said) for name, said in sorted(attributes.consent.items())},
        "suppressed": next(iter(suppressed), None),
    }


def _statements(said: Statements) -> dict[str, Any]:
    """When each answer was last given under an identifier, which is why it has the answer that it has."""
    return {
        "subscribed": instant(said.subscribed),
        "pending": instant(said.pending),
        "unsubscribed": instant(said.unsubscribed),
        "undated": said.undated,
        "refused": instant(said.refused),
    }


def events(context: Context, person: StoredProfile, limit: int, start: str | None = None) -> dict[str, Any]:
    """A page of the person's events in the log, newest first; all pages answer a request for their data."""
    newest_first = sorted(
        profile_update.whole_history(context, person.attributes).events,
        key=lambda event: (event.time, event.id),
        reverse=True,
    )
    page = pages.page(newest_first, event_view, _place_of_event, limit, start)
    return {"count": len(newest_first), "events": page.items, "next": page.next}


def _place_of_event(event: Event) -> pages.Place:
    return pages.place(event.time, event.id, event.identifiers)


def messages(context: Context, person: StoredProfile, limit: int, start: str | None = None) -> dict[str, Any]:
    """A page of the person's messages, sent, held back or failed, newest first."""
    profiles = _profiles(context, person)
    rows = [message for profile in profiles for message in context.ports.ledger.of(profile)]
    newest_first = sorted(rows, key=lambda row: (row.at, row.cause), reverse=True)
    page = pages.page(newest_first, message_view, _place_of_message, limit, start)
    return {"messages": page.items, "next": page.next}


def _profiles(context: Context, person: StoredProfile) -> list[str]:
    """The person's profile, and those that were merged into it."""
    return [person.attributes.profile, *sorted(links.with_profiles(context, person.attributes).absorbed)]


def _place_of_message(row: Message) -> pages.Place:
    return pages.place(row.at, row.profile, row.cause)


def runs(context: Context, person: StoredProfile, limit: int, start: str | None = None) -> dict[str, Any]:
    """A page of the person's flow runs, newest first."""
    profiles = _profiles(context, person)
    rows = [run for profile in profiles for run in context.ports.runs.of(profile)]
    newest_first = sorted(rows, key=lambda row: (row.started, row.id), reverse=True)
    page = pages.page(newest_first, run_view, _place_of_run, limit, start)
    return {"runs": page.items, "next": page.next}


def _place_of_run(row: Run) -> pages.Place:
    return pages.place(row.started, row.profile, row.id)
