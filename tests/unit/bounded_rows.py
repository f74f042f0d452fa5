"""Events and people for the tests of what a row holds at most."""

from functions.core.base.events import Event
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.records import ProfileAttributes

ANN = "user_id:ann"


def event(number, *identifiers, time=None, trust="signed", **fields):
    at = 1_000 + number if time is None else time
    return Event("Identified", at, at, identifiers, f"{number}", "segment", trust=trust, **fields)


def attributes_of(events):
    return profile_attributes.apply(ProfileAttributes("p"), events)
