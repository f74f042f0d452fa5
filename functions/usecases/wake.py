"""Evaluate a profile at the instant when time alone may change what it belongs to."""

from functions.core.definitions.ruleset import Ruleset
from functions.core.ports import Ports
from functions.core.segments import engine
from functions.usecases import person
from functions.usecases.conflicts import retry_on_conflict
from functions.usecases.stored_profiles import of_profile


def wake(profile: str, ports: Ports, ruleset: Ruleset, now: int) -> None:
    """Bring the profile's memberships to ``now``; a wake that comes twice or too early changes nothing."""
    retry_on_conflict(lambda: _wake(profile, ports, ruleset, now), "wake", "the profile keeps changing")


def _wake(profile: str, ports: Ports, ruleset: Ruleset, now: int) -> None:
    found = of_profile(ports.people, profile)
    stored_state = found.state_of(found.living(profile))
    if stored_state.due is None or stored_state.due > now:
        return
    state = person.complete(
        ruleset.state(stored_state),
        found.attributes_of(stored_state.profile),
        stored_state,
        (),
        ports.log,
        ruleset,
        now,
    )
    person.save_state(stored_state, engine.advance(state, ruleset.catalogue, now), ports, ruleset, now)
