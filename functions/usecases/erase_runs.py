"""Part the runs and messages of people who are erased from those of people whom they were divided from.

Who was taken for one person with others may have runs and messages under their profiles, and they may have some under
theirs. A message is of whoever has the address that it went to, a run of whoever's events began it. This is told from
the log, so it comes before anything of that is erased.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from functions.core.flows.records import Run
from functions.core.messages.records import Message
from functions.core.profiles import attributes as profile_attributes
from functions.usecases import divide_runs, profile_session
from functions.usecases.context import Context
from functions.usecases.profile_session import CurrentPerson
from functions.usecases.situation import own_runs

Row = TypeVar("Row", Run, Message)


@dataclass(frozen=True, slots=True)
class Family:
    """Somebody who is erased, and those who stay of the people whom they were divided from."""

    erased: CurrentPerson
    others: tuple[CurrentPerson, ...]

    @property
    def own(self) -> frozenset[str]:
        """The profiles that go."""
        return self.erased.attributes.absorbed | {self.erased.profile}

    @property
    def everybody(self) -> tuple[CurrentPerson, ...]:
        """All of them, those who stay first: what is theirs, too, is not taken away."""
        return (*self.others, self.erased)

    def home(self, profile: str) -> str:
        """Whose a profile is of which nothing else tells: of who is erased, or of its own living one."""
        return self.erased.profile if profile in self.own else profile

    def reader(self, message: Message) -> str | None:
        """The profile of who has the address that the message went to."""
        readers = (
            each.profile for each in self.everybody if message.address in profile_attributes.addresses(each.attributes)
        )
        return next(readers, None)


def part(context: Context, erased: Iterable[str]) -> None:
    """Take what is of these people from the profiles of others, and give to others what lies under theirs.

    May be repeated, and broken off anywhere.
    """
    gone = frozenset(erased)
    for profile in sorted(gone):
        family = _family(context, profile, gone)
        if family is None or not family.others:
            continue
        for each in sorted(family.own | family.erased.attributes.parted):
            _part(context, each, family)
        for other in family.others:
            # Who had joined a run that goes takes up their own.
            divide_runs.request(context, other.profile)


def _family(context: Context, profile: str, gone: frozenset[str]) -> Family | None:
    """The person, and everybody who was divided from them or from one of these, but for those who are erased too."""
    erased = profile_session.current(context, profile, context.now)
    if erased is None:
        return None
    others: dict[str, CurrentPerson] = {}
    profiles, waiting = {*gone, erased.profile}, sorted(erased.attributes.parted)
    while waiting:
        seen = profile_session.current(context, waiting.pop(), context.now)
        if seen is not None and seen.profile not in profiles:
            profiles.add(seen.profile)
            others[seen.profile] = seen
            waiting += sorted(seen.attributes.parted)
    return Family(erased, tuple(others[each] for each in sorted(others)))


def _part(context: Context, profile: str, family: Family) -> None:
    """Go through what lies under one profile; runs go before the messages that tell whose they were."""
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
    """What lies on the wrong side: under a profile that goes and of somebody who stays, or the other way."""
    return [row for row in rows if (owners[row] in family.own) != (profile in family.own)]


def _owners(
    context: Context, profile: str, runs: Sequence[Run], messages: Sequence[Message], family: Family
) -> dict[Run, str]:
    """Whose each run is: of whoever's events began it, else of whoever it wrote to, else of who has the profile."""
    read = {(each.flow, each.entry): reader for each in messages if (reader := family.reader(each))}
    owners = {run: read.get((run.flow, run.entry), family.home(profile)) for run in runs}
    # Those who stay last: what is theirs, too, is not taken away.
    for each in reversed(family.everybody):
        for flow in context.ruleset.flows.values():
            own = own_runs(context, [run for run in runs if run.flow == flow.id], flow, each)
            owners |= dict.fromkeys(own, each.profile)
    return owners
