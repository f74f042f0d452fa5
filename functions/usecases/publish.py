"""Make a definition current, and have everybody evaluated by it."""

from functions.core.definitions import check
from functions.core.kinds import known
from functions.core.ports import Definition, Ports
from functions.settings import Settings
from functions.usecases import backfill

# The same text again, this soon after it was published, may be the retry of a request that died before its pass over
# the profiles was queued.
RETRY = 3_600


def publish(kind: str, name: str, text: str, author: str, ports: Ports, settings: Settings, now: int) -> Definition:
    """Check and store the text as the next version; the text that is current already changes nothing."""
    known(kind)
    current = ports.definitions.current()
    stored = next((each for each in current if (each.kind, each.id) == (kind, name)), None)
    if stored is None or stored.text != text:
        body = check(kind, name, text, current, settings.log_retention_days)
        version = stored.version + 1 if stored else 1
        stored = ports.definitions.publish(Definition(kind, name, version, text, body, author, now))
    if kind != "templates" and now - stored.time < RETRY:
        cause = f"{kind}/{name} version {stored.version}"
        backfill.request(ports.definitions.revision(), cause, settings.backfill_lanes, ports, now)
    return stored
