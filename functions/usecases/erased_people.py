"""Whom jobs had found and who was erased since: remembered by salted hashes, and left out of whatever is read later.

An erasure cannot look for somebody in what jobs have found: that is everybody, once for each job. So it leaves a note
for as long as jobs are kept, and whoever reads a job passes over those of whom there is one.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from functions.core.base import erased
from functions.core.jobs.records import Job
from functions.usecases.context import Context
from functions.usecases.erasure_marks import SALT

EVERYBODY = "*"
# How long (seconds) after an erasure began a job may still find somebody: until the second look at what was in streams.
LATE = 900
# The names of lists of people in answers.
_LISTS = ("sample", "entering", "leaving", "members")


def note(context: Context, profiles: Iterable[str]) -> None:
    """Remember that these profiles are erased now; before they are deleted, lest an erasure that breaks off forgets."""
    salt = context.ports.secrets.get(SALT)[0]
    context.ports.jobs.erase([erased.key(profile, salt) for profile in sorted(profiles)], context.now + LATE)


def note_everybody(context: Context) -> None:
    """Remember that everybody is erased now."""
    context.ports.jobs.erase([EVERYBODY], context.now + LATE)


class ErasedPeople:
    """Those whom a job may not name, because they were erased after it was asked for."""

    def __init__(self, context: Context, job: Job) -> None:
        self._keys = context.ports.jobs.erased(job.asked)
        self._salts = context.ports.secrets.get(SALT) if self._keys - {EVERYBODY} else ()

    def __contains__(self, profile: str) -> bool:
        return EVERYBODY in self._keys or any(erased.key(profile, salt) in self._keys for salt in self._salts)

    def without(self, people: Sequence[str]) -> list[str]:
        """The people who may be named."""
        return [profile for profile in people if profile not in self] if self._keys else list(people)

    def answer(self, view: Mapping[str, Any]) -> dict[str, Any]:
        """An answer without those who may not be named; its counts stay, since they name nobody."""
        return {name: self.without(value) if name in _LISTS else value for name, value in view.items()}
