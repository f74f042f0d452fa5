"""Make a definition current, and have everybody evaluated by it."""

from dataclasses import replace

from functions.core.catalogue import kept
from functions.core.definitions import check
from functions.core.errors import Conflict
from functions.core.kinds import known
from functions.core.ports import Ports
from functions.core.records import Definition, Wish
from functions.settings import Settings
from functions.usecases import backfill, flow_state

# The same text again, this soon after it was published, may be the retry of a request that died before its pass over
# the profiles was queued.
RETRY = 3_600
ATTEMPTS = 6
# A pass is among the latest this many, or it was replaced.
PASSES = 5


def publish(
    kind: str,
    name: str,
    text: str,
    author: str,
    ports: Ports,
    settings: Settings,
    now: int,
    *,
    send_backfilled: bool = False,
) -> Definition:
    """Check and store the text as the next version; the text that is current already changes nothing.

    With ``send_backfilled`` those whom a segment's new version brings in are treated as entering now.
    """
    known(kind)
    for _ in range(ATTEMPTS):
        try:
            stored = _publish(kind, name, text, author, ports, settings, now, send_backfilled)
            break
        except Conflict:
            continue
    else:
        raise Conflict("definitions", "definitions keep changing")
    if kind == "flows":
        flow_state.request_resumption(stored, ports)
    if kind != "templates" and now - stored.time < RETRY:
        cause = f"{kind}/{name} version {stored.version}"
        revision = stored.revision or ports.definitions.revision()
        backfill.request(revision, cause, settings.backfill_lanes, ports, now)
    return stored


def _publish(
    kind: str, name: str, text: str, author: str, ports: Ports, settings: Settings, now: int, send_backfilled: bool
) -> Definition:
    """The version that is current afterwards.

    Raises Conflict if anything was published or withdrawn since what the text refers to was looked at.
    """
    revision, current = ports.definitions.revision(), ports.definitions.current()
    stored = next((each for each in current if (each.kind, each.id) == (kind, name)), None)
    if stored is None or stored.text != text:
        body = check(kind, name, text, current, settings.log_retention_days)
        replaces = stored.version if stored else 0
        wish = _wish(stored, ports) if send_backfilled else None
        new = Definition(kind, name, replaces + 1, text, body, author, now, replaces, wish=wish)
        new = replace(new, kept=kept(new, stored, current), resumed=flow_state.resumed(stored, body, now))
        stored = ports.definitions.publish(new, seen=revision)
    return stored


def _wish(replaced: Definition | None, ports: Ports) -> Wish:
    """The wish of a segment's new version.

    If the version that it replaces had one too, and not everybody has been through that, both are about whoever was not
    in before the first.
    """
    if replaced is None:
        return Wish()
    if replaced.wish is not None and not _is_done(replaced.revision, ports):
        return replaced.wish
    return Wish(replaced.body["when"])


def _is_done(revision: int, ports: Ports) -> bool:
    """Whether everybody has been through the publication."""
    return any(each.finished and each.revision >= revision for each in ports.passes.latest(PASSES))
