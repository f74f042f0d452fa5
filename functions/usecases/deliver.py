"""Deliver transitions to destinations: at least once each, in no guaranteed order.

transition ──► called at once ──► taken               a receiver inside AWS
    │               │
    │               ▼
    └──────► queue "deliveries" ──► taken             a receiver that is slow, unavailable or asks to wait is retried
                    │
                    ▼
             queue "deliveries-dead"                  the receiver refused it for good, or failed in all attempts

No receiver delays another: what one does not take leaves the stream by way of the queue.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace

from functions.core.base.chunks import fitting
from functions.core.base.errors import SegueError, Unavailable, Undeliverable, Unsupported
from functions.core.base.tasks import LONGEST_DELAY, Dispatch
from functions.core.base.tasks.deliveries import DeliverTransition
from functions.core.deliveries.records import Configuration, Item
from functions.core.ports import Secrets
from functions.core.profiles.transition import Transition
from functions.destinations.base import Destination
from functions.usecases.context import Context

# Seconds after which the queue brings a message again by itself (the topology's visibility), and for how long in all a
# receiver may have a transition put off.
BROUGHT_AGAIN, PATIENCE = 360, 7_200


@dataclass(frozen=True, slots=True)
class Receivers:
    """The destinations of one invocation; those in ``away`` failed, and get the rest through the queue.

    A receiver that does not answer takes seconds, and a batch of the stream is a hundred records.
    """

    destinations: Sequence[Destination]
    away: set[str] = field(default_factory=set)

    def at_once(self, destination: Destination) -> bool:
        """True if the destination is called directly and has not failed in this invocation."""
        return destination.at_once and destination.key not in self.away


def announce(context: Context, moved: Iterable[Transition], receivers: Receivers) -> None:
    """Send each destination the transitions that it takes; raises Unavailable if the queue fails too.

    Transitions caused by a backfill are sent to nobody, since the people moved by it did nothing.
    """
    news = [each for each in moved if each.cause != "backfill"]
    for destination in receivers.destinations:
        transitions = [each for each in news if each.name in destination.takes]
        at_once = receivers.at_once(destination)
        later = list(deliver(context, destination, transitions)) if at_once else range(len(transitions))
        if at_once and later:
            receivers.away.add(destination.key)
        context.ports.queues.send([Dispatch(_task(destination.key, transitions[place])) for place in later])


def deliver_all(
    context: Context, tasks: Sequence[DeliverTransition], destinations: Sequence[Destination]
) -> Mapping[int, SegueError]:
    """Deliver tasks from the queue; return the error of each task that must be retried, by position.

    Tasks for a destination that has been turned off go to the dead letters, from where they can be replayed.
    """
    failed: dict[int, SegueError] = {}
    active = {each.key: each for each in destinations}
    for key in dict.fromkeys(each.destination for each in tasks):
        places = [place for place, each in enumerate(tasks) if each.destination == key]
        transitions = [_transition(tasks[place]) for place in places]
        if key in active:
            errors = {places[place]: error for place, error in deliver(context, active[key], transitions).items()}
            postponed = _postpone(context, tasks, errors)
            failed |= {place: error for place, error in errors.items() if place not in postponed}
        else:
            _bury(
                context, key, transitions, dict.fromkeys(range(len(transitions)), Undeliverable(key, "is turned off"))
            )
    return failed


def _postpone(
    context: Context, tasks: Sequence[DeliverTransition], errors: Mapping[int, SegueError]
) -> Collection[int]:
    """Queue anew what the receiver wants later than the queue brings it again; return the positions.

    A receiver that goes on asking has what it did not take brought again as usual, and then given up.
    """
    delays = {
        place: min(error.after, LONGEST_DELAY)
        for place, error in errors.items()
        if isinstance(error, Unavailable) and error.after > BROUGHT_AGAIN and tasks[place].waited < PATIENCE
    }
    context.ports.queues.send(
        [Dispatch(replace(tasks[place], waited=tasks[place].waited + delay), delay) for place, delay in delays.items()]
    )
    return delays.keys()


def deliver(context: Context, destination: Destination, transitions: Sequence[Transition]) -> Mapping[int, SegueError]:
    """Deliver transitions to one destination; return the error of each that must be retried, by position.

    Transitions that it refuses for good go to the dead letters at once.
    """
    items, failed = _items(destination, transitions)
    failed |= _sent(context, destination, items)
    final = {place: error for place, error in failed.items() if isinstance(error, Undeliverable)}
    _bury(context, destination.key, transitions, final)
    return {place: failed[place] for place in sorted(failed.keys() - final.keys())}


def _bury(context: Context, key: str, transitions: Sequence[Transition], final: Mapping[int, Undeliverable]) -> None:
    """Queue the transitions that were refused for good as dead letters, each with the reason."""
    letters = [_task(key, transitions[place], error.reason) for place, error in final.items()]
    context.ports.queues.send([Dispatch(letter, dead=True) for letter in letters])


def _task(key: str, transition: Transition, reason: str | None = None) -> DeliverTransition:
    return DeliverTransition(key, **asdict(transition), reason=reason)


def _transition(task: DeliverTransition) -> Transition:
    return Transition(**{each.name: getattr(task, each.name) for each in fields(Transition)})


def _items(
    destination: Destination, transitions: Sequence[Transition]
) -> tuple[list[tuple[int, Item]], dict[int, SegueError]]:
    """The receiver's items by position, and the error of each transition that it does not support."""
    items: list[tuple[int, Item]] = []
    failed: dict[int, SegueError] = {}
    for place, each in enumerate(transitions):
        try:
            items.append((place, destination.fitted(each)))
        except Unsupported as error:
            failed[place] = error
    return items, failed


def _sent(context: Context, destination: Destination, items: Sequence[tuple[int, Item]]) -> dict[int, SegueError]:
    """Send the items; return the error of each that was not taken. Stops calling once the receiver is unavailable."""
    failed: dict[int, SegueError] = {}
    away: Unavailable | None = None
    limit = destination.limit
    for batch in fitting(items, limit.items, limit.bytes, lambda item: item[1].size):
        places = [place for place, _ in batch]
        if away is None:
            refused = _refused(context, destination, [item for _, item in batch])
            failed |= {places[place]: error for place, error in refused.items()}
            away = next((error for error in refused.values() if isinstance(error, Unavailable)), None)
        else:
            failed |= dict.fromkeys(places, away)
    return failed


def _refused(context: Context, destination: Destination, items: Sequence[Item]) -> Mapping[int, SegueError]:
    """Make one request; return the error of each item that was not taken, by position."""
    try:
        request = destination.request(items, configuration(destination, context.ports.secrets), context.now)
        return destination.refused(context.ports.sender.send(destination.key, request), len(items))
    except (Unavailable, Undeliverable) as error:
        return dict.fromkeys(range(len(items)), error)


def configuration(destination: Destination, secrets: Secrets) -> Configuration:
    """The destination's settings from its secret; raises Unavailable while a required one is missing."""
    if not destination.secret:
        return {}
    values = _object(secrets.get(destination.secret)[0])
    if missing := [name for name in destination.settings if not values.get(name)]:
        raise Unavailable(f"settings of {destination.key}", f"{', '.join(missing)} missing in its secret")
    return values


def _object(text: str) -> Configuration:
    """The text entries of a JSON object; empty for any other text, such as the secret's initial placeholder."""
    try:
        parsed = json.loads(text)
    except ValueError:
        return {}
    return {name: value for name, value in parsed.items() if isinstance(value, str)} if isinstance(parsed, dict) else {}
