"""Separate the runs and messages of erased people from those of people whom they were divided from.

People who were once taken for one may have runs and messages under each other's profiles. A message belongs to the
person who has the address that it was sent to, a run to the person whose events started it. The log says which, so this
is done before any of it is erased.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from functions.core.base.tasks import Dispatch
from functions.core.base.tasks.steps import DivideRuns
from functions.core.flows.records import Run
from functions.core.messages.records import Message
from functions.core.profiles import attributes as profile_attributes
from functions.usecases import profile_session
from functions.usecases.context import Context
from functions.usecases.profile_session import CurrentPerson
from functions.usecases.situation import own_runs

Row = TypeVar("Row", Run, Message)


@dataclass(frozen=True, slots=True)
class Family:
    """A person who is erased, and the remaining people from whom they were divided."""

    erased: CurrentPerson
    others: tuple[CurrentPerson, ...]

    @property
    def own(self) -> frozenset[str]:
        """The profiles that are erased."""
        return self.erased.attributes.absorbed | {self.erased.profile}

    @property
    def everybody(self) -> tuple[CurrentPerson, ...]:
        """All of them, the remaining people first, so that what also belongs to them is kept."""
        return (*self.others, self.erased)

    def home(self, profile: str) -> str:
        """The owner of a profile's rows of which no event or address tells: the erased person, or the profile."""
        return self.erased.profile if profile in self.own else profile

    def reader(self, message: Message) -> str | None:
        """The profile of the person who has the address that the message was sent to; None if nobody has."""
        readers = (
            each.profile for each in self.everybody if message.address in profile_attributes.addresses(each.attributes)
        )
        return next(readers, None)


def part(context: Context, erased: Iterable[str]) -> None:
    """Delete these people's runs and messages from other profiles, and move the others' from theirs.

    May be repeated, and interrupted at any point.
    """
    erased_profiles = frozenset(erased)
    for profile in sorted(erased_profiles):
        family = _family(context, profile, erased_profiles)
        if family is None or not family.others:
            continue
        for each in sorted(family.own | family.erased.attributes.parted):
            _part(context, each, family)
        # People whose run had joined one that is erased resume their own.
        context.ports.queues.send([Dispatch(DivideRuns(other.profile)) for other in family.others])


def _family(context: Context, profile: str, erased_profiles: frozenset[str]) -> Family | None:
    """The person, and everybody from whom they were divided, also indirectly, except people who are erased too."""
    erased = profile_session.current(context, profile, context.now)
    if erased is None:
        return None
    others: dict[str, CurrentPerson] = {}
    profiles, waiting = {*erased_profiles, erased.profile}, sorted(erased.attributes.parted)
    while waiting:
        person = profile_session.current(context, waiting.pop(), context.now)
        if person is not None and person.profile not in profiles:
            profiles.add(person.profile)
            others[person.profile] = person
            waiting += sorted(person.attributes.parted)
    return Family(erased, tuple(others[each] for each in sorted(others)))


def _part(context: Context, profile: str, family: Family) -> None:
    """Separate the rows of one profile; runs first, since the messages tell whose these were."""
    runs, messages = context.ports.runs.of(profile), context.ports.ledger.of(profile)
    owners = _owners(context, profile, runs, messages, family)
    for run in _leaving(profile, runs, owners, family):
        if (owner := owners[run]) not in family.own:
            context.ports.runs.start(replace(run, profile=owner))
        context.ports.runs.forget(profile, [run.id])
    of_runs = {(run.flow, run.entry): owner for run, owner in owners.items()}
    readers = {
        message: family.reader(message) or of_runs.get((message.flow, message.entry)) or family.home(profile)
        for message in messages
    }
    for message in _leaving(profile, messages, readers, family):
        if (owner := readers[message]) not in family.own:
            context.ports.ledger.claim(replace(message, profile=owner))
        context.ports.ledger.forget(profile, [message.cause])


def _leaving(profile: str, rows: Iterable[Row], owners: Mapping[Row, str], family: Family) -> list[Row]:
    """The rows to remove: those of remaining people under an erased profile, and the other way round."""
    return [row for row in rows if (owners[row] in family.own) != (profile in family.own)]


def _owners(
    context: Context, profile: str, runs: Sequence[Run], messages: Sequence[Message], family: Family
) -> dict[Run, str]:
    """The profile of each run's owner: by the events that started it, else its messages' address, else its profile."""
    read = {(each.flow, each.entry): reader for each in messages if (reader := family.reader(each))}
    owners = {run: read.get((run.flow, run.entry), family.home(profile)) for run in runs}
    # The remaining people come last and override: what also belongs to them is kept.
    for each in reversed(family.everybody):
        for flow in context.ruleset.flows.values():
            own = own_runs(context, [run for run in runs if run.flow == flow.id], flow, each)
            owners |= dict.fromkeys(own, each.profile)
    return owners
