"""Evaluate a profile at an instant when time alone may change its memberships."""

from functions.core.segments import engine
from functions.usecases import profile_session, profile_update
from functions.usecases.context import Context
from functions.usecases.profile_session import retry_on_conflict
from functions.usecases.stored_profiles import of_profile


def wake(context: Context, profile: str) -> None:
    """Bring the profile's memberships up to ``now``; a repeated or early wake changes nothing."""
    retry_on_conflict(lambda: _wake(context, profile), "wake", "the profile keeps changing")


def _wake(context: Context, profile: str) -> None:
    stored = of_profile(context, profile)
    stored_state = stored.state_of(stored.living(profile))
    if stored_state.due is None or stored_state.due > context.now:
        return
    state = profile_update.complete(
        context, context.ruleset.state(stored_state), stored.attributes_of(stored_state.profile), stored_state, ()
    )
    profile_session.save_state(context, stored_state, engine.advance(state, context.ruleset.catalogue, context.now))
