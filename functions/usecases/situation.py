"""A flow run as of now: its person, the runs that count as one with it, and the messages sent in them.

A run stays under the profile under which it started. Its person is determined anew each time, since profiles are merged
and divided. After a division a run belongs to the person whose events started it; a run started by a segment follows
the strongest name that its profile had.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from functions.core.base.events import Event
from functions.core.base.identity import primary
from functions.core.flows import flow as flows
from functions.core.flows.flow import Flow
from functions.core.flows.records import Run
from functions.core.flows.reentry import together
from functions.core.messages.records import Message
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.state import State
from functions.usecases import profile_session, profile_update
from functions.usecases.context import Context
from functions.usecases.profile_session import CurrentPerson
from functions.usecases.profile_update import SKEW
from functions.usecases.run_version import Version
from functions.usecases.stored_profiles import of_profile


@dataclass(frozen=True, slots=True)
class Situation:
    """A run with its person; ``runs`` are those that count as one with it, the one that goes on first.

    ``runs`` is empty if the events that started the run belong to nobody it could be about. ``state`` is what the
    conditions of the flow's version are evaluated on.
    """

    run: Run
    version: Version
    person: CurrentPerson
    state: State
    runs: tuple[Run, ...]

    @property
    def flow(self) -> Flow:
        """The flow in the version by which the run continues."""
        return self.version.flow

    @property
    def profiles(self) -> frozenset[str]:
        """Every profile under which rows of the person may be stored."""
        return _profiles(self.run, self.person)

    def after(self, run: Run) -> "Situation":
        """The situation with the run as it is after a step."""
        return replace(self, run=run, runs=(run, *self.runs[1:]))

    @property
    def goes_on(self) -> bool:
        """True if this run is the one, of those that count as one, that goes on."""
        return self.runs[:1] == (self.run,)

    def messages(self, context: Context) -> list[Message]:
        """All messages, sent or not and of any flow, under any of the profiles."""
        return [row for profile in sorted(self.profiles) for row in context.ports.ledger.of(profile)]

    def of_runs(self, messages: Iterable[Message]) -> list[Message]:
        """Those of the messages that belong to ``runs``."""
        return list(filter(self._is_ours, messages))

    def sent(self, context: Context) -> list[Message]:
        """The messages of ``runs``, sent or not, under any of the profiles."""
        return self.of_runs(self.messages(context))

    def _is_ours(self, message: Message) -> bool:
        if message.flow != self.flow.id:
            return False
        # A late order may show that the cart had already become another one when this message was sent about it.
        late = flows.is_again(self.flow, message.entry, self.run.entry) and message.at >= self.run.since
        if not late and message.entry not in {run.entry for run in self.runs}:
            return False
        if self.flow.events and self.flow.by is None:
            return True
        # Whoever was divided from this person may have entered the segment in the same second, or had the same cart.
        family = {self.person.profile, *self.person.attributes.absorbed} - self.person.attributes.parted
        return message.profile in family or message.address in profile_attributes.addresses(self.person.attributes)


def situation(context: Context, run: Run, version: Version) -> Situation | None:
    """Read the situation of the run as of now; None if the person was erased."""
    flow = version.flow
    person = profile_session.current(context, run.profile, run.since)
    if person is None:
        return None
    owner = _owner(context, run, flow, person)
    if owner is None:
        return Situation(run, version, person, person.state, ())
    person = owner
    run, *others = (_begun(each, flow, person.tail) for each in (run, *others_of(context, run, flow, person)))
    state = version.state(context, person)
    return Situation(run, version, person, state, tuple(together(flow, run, others, stay_of(flow, person))))


def others_of(context: Context, run: Run, flow: Flow, person: CurrentPerson) -> list[Run]:
    """The person's other runs of the flow."""
    profiles = sorted(_profiles(run, person))
    stored = [each for profile in profiles for each in context.ports.runs.of(profile, flow.id)]
    others = [each for each in stored if (each.profile, each.entry) != (run.profile, run.entry)]
    if not person.attributes.parted:
        return others
    own = own_runs(context, others, flow, person)
    return [each for each in own if flow.by is None or _is_alone(context, each, flow, person)]


def stay_of(flow: Flow, person: CurrentPerson) -> int | None:
    """Since when (seconds UTC) the person is in the flow's segment; None outside, or if the flow has no segment."""
    membership = person.state.memberships.get(flow.segment) if flow.segment else None
    return membership.since if membership else None


def _profiles(run: Run, person: CurrentPerson) -> frozenset[str]:
    return frozenset({run.profile, person.profile}) | person.attributes.absorbed | person.attributes.parted


def _is_alone(context: Context, run: Run, flow: Flow, person: CurrentPerson) -> bool:
    """True if only this person owns the run: divided people may have used one cart, and then each has a run."""
    home = person if run.profile == person.profile else profile_session.current(context, run.profile, run.since)
    return home is None or home.profile == person.profile or not _owns(context, home, flow, run)


def _owner(context: Context, run: Run, flow: Flow, person: CurrentPerson) -> CurrentPerson | None:
    """The person who owns the run: the one under whose profile it started, or one divided from that one."""
    parts = _parts(context, run, person)
    return next((each for each in parts if _owns(context, each, flow, run)), None)


def _parts(context: Context, run: Run, person: CurrentPerson) -> Iterator[CurrentPerson]:
    """The person, and everybody from whom they were divided."""
    yield person
    profiles = {person.profile}
    for profile in sorted(person.attributes.parted):
        other = profile_session.current(context, profile, run.since)
        if other is not None and other.profile not in profiles:
            profiles.add(other.profile)
            yield other


def _owns(context: Context, person: CurrentPerson, flow: Flow, run: Run) -> bool:
    """True if the events that started the run are this person's, by the profile or the log."""
    if not flow.events:
        return not person.attributes.parted or _is_home(context, run, person)
    if run.entry in flows.starts(flow, person.state, context.ruleset.catalogue):
        return True
    return any(flows.belongs(flow, event, run.entry) for event in person.tail)


def own_runs(context: Context, runs: Sequence[Run], flow: Flow, person: CurrentPerson) -> list[Run]:
    """The runs of this person, without those of people from whom the person was divided."""
    if flow.events:
        events = _since(context, min((run.since for run in runs), default=0), person)
        return [run for run in runs if any(flows.belongs(flow, event, run.entry) for event in events)]
    return [run for run in runs if _is_home(context, run, person)]


def _since(context: Context, since: int, person: CurrentPerson) -> Sequence[Event]:
    """The person's events since the instant (seconds UTC)."""
    return (*person.tail, *profile_update.history(context, person.attributes, since - SKEW))


def _is_home(context: Context, run: Run, person: CurrentPerson) -> bool:
    if run.profile == person.profile:
        return True
    names = of_profile(context, run.profile).attributes_of(run.profile).identifiers
    return bool(names) and primary(names) in person.attributes.identifiers


def _begun(run: Run, flow: Flow, tail: Iterable[Event]) -> Run:
    """The run with its start corrected, as an earlier event of its entry may have arrived after it was started."""
    return replace(run, since=min([run.since, *(e.time for e in tail if flows.belongs(flow, e, run.entry))]))
