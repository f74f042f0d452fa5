"""Hold back what would join too many addresses and accounts to one person in a day, until the shop has looked at it.

The decision is stored in the event's row of the log, so that every later reading keeps to it; quarantine shows it. To
release it is to say that all that the event named is one person's, in an event of the shop's own.
"""

import hashlib
import json
import sys
from dataclasses import replace

from functions.core.base.events import Event, log_key
from functions.core.base.quarantine import Quarantined
from functions.core.profiles import joining
from functions.usecases.context import Context

# The header by which quarantine tells what was held back from requests.
JOIN = "segue-join"
# The metric of events of which something is held back.
JOINS_HELD = "JoinsHeld"


def as_logged(context: Context, event: Event) -> Event:
    """The event as the log has it: a stream may bring one again of which something is held back since."""
    same = (each for each in context.ports.log.read(event.identifier) if each.sort == event.sort)
    return next(same, event)


def hold_back(context: Context, event: Event, names: tuple[str, ...], most: int) -> Event:
    """The event without these identifiers, as the log has it from now on; quarantine shows what was held back."""
    reason = f"would join more than {most} addresses and accounts to one person in a day"
    body = json.dumps({"identifiers": sorted(event.identifiers)})
    digest = hashlib.sha256(event.id.encode()).hexdigest()[:32]
    # Shown first: what is held back in the log is not found again.
    context.ports.quarantine.put(Quarantined(event.source, digest, reason, {JOIN: "yes"}, body, event.received))
    context.ports.log.hold_back(event, names)
    context.counts[JOINS_HELD] += 1
    return replace(event, identifiers=tuple(name for name in event.identifiers if name not in names))


def without_bound(context: Context) -> Context:
    """The context in which anything joins: what nothing can be held back of is folded as it is."""
    return replace(context, settings=context.settings.model_copy(update={"joins_per_day": sys.maxsize}))


def release(context: Context, item: Quarantined) -> int:
    """Join what was held back; return how many events say so in the log. Whoever repeats it says the same."""
    names = tuple(json.loads(item.body)["identifiers"])
    event = Event(
        name="Identifiers Joined",
        time=item.received,
        received=context.now,
        identifiers=names,
        sort=log_key(item.received, item.id),
        source=joining.RELEASE,
    )
    context.ports.log.append([event])
    context.ports.quarantine.remove(item.source, item.id)
    return 1
