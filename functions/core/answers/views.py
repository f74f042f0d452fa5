"""Records as the HTTP API returns them: plain JSON values, times as RFC 3339 text."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from functions.core.base import rfc3339
from functions.core.base.errors import Fault
from functions.core.base.events import Event
from functions.core.base.instants import FOREVER
from functions.core.base.quarantine import Quarantined, QuarantineEntry
from functions.core.definitions.records import Backfill, Definition
from functions.core.flows.records import Run
from functions.core.messages.records import Message
from functions.core.scores.compiled_score import CompiledScore, points
from functions.core.segments.operator import View


def plain(value: Any) -> Any:
    """The value with every Decimal replaced by the nearest JSON number."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def instant(seconds: int | None) -> str | None:
    """The time (seconds UTC) as RFC 3339 text; None for None and for times outside the calendar's range."""
    return None if seconds is None or not 0 <= seconds <= rfc3339.LAST else rfc3339.text(seconds)


def looked_at_view(passed_over: Mapping[str, tuple[int, int]]) -> dict[str, dict[str, int]]:
    """How many identifiers of a namespace an answer is computed from, and of how many; empty if from all."""
    return {space: {"looked_at": count, "of": every} for space, (count, every) in passed_over.items()}


def event_view(event: Event) -> dict[str, Any]:
    """An event as JSON; amounts are in minor units of its currency."""
    return {
        "id": event.id,
        "name": event.name,
        "time": instant(event.time),
        "received": instant(event.received),
        "source": event.source,
        "identifiers": list(event.identifiers),
        "properties": event.properties,
        "traits": event.traits,
        "consent": event.consent,
        "suppression": event.suppression,
    }


def message_view(message: Message) -> dict[str, Any]:
    """A row of the message ledger as JSON."""
    return {
        "profile": message.profile,
        "cause": message.cause,
        "flow": message.flow,
        "template": message.template,
        "state": message.state,
        "reason": message.reason,
        "at": instant(message.at),
        "address": message.address,
        "subject": message.subject,
        "ses_id": message.ses_id,
        "opens": message.opens,
        "clicks": message.clicks,
        "feedback": message.feedback,
    }


def run_view(run: Run) -> dict[str, Any]:
    """A flow run as JSON; ``due`` is None once it has ended, and a ``paused`` one waits for its flow to be resumed."""
    return {
        "profile": run.profile,
        "flow": run.flow,
        "entry": run.entry,
        "since": instant(run.since),
        "started": instant(run.started),
        "step": run.step or None,
        "version": run.flow_version or None,
        "due": instant(run.due),
        "paused": run.paused,
        "outcome": run.outcome,
    }


def scores_view(measures: Mapping[str, CompiledScore], view: View) -> dict[str, dict[str, Any]]:
    """Each score with its points and tier, and until when the tier stays if no event comes."""
    scores = {}
    for name, measure in sorted(measures.items()):
        worth, until = measure.at(view, view.now)
        scores[name] = {
            "value": plain(points(worth)),
            "tier": measure.tier(worth),
            "until": None if until >= FOREVER else instant(until),
        }
    return scores


def definition_view(definition: Definition) -> dict[str, Any]:
    """A definition as an item of a list."""
    return {
        "id": definition.id,
        "kind": definition.kind,
        "name": definition.body.get("name") or definition.id,
        "version": definition.version,
        "time": instant(definition.time),
        "author": definition.author,
        **({"withdrawn": True} if definition.withdrawn else backfilled_view(definition)),
    }


def backfilled_view(definition: Definition) -> dict[str, str]:
    """Whether profiles that a segment's version adds count as entering (``send``) or not (``silent``); else ``{}``."""
    if definition.kind != "segments":
        return {}
    return {"backfilled": "silent" if definition.entry_on_publish is None else "send"}


def backfill_view(backfill: Backfill, *, replaced: bool) -> dict[str, Any]:
    """A backfill as JSON; ``replaced`` if a later one took its place. The estimate ``about`` is at least ``seen``."""
    unfinished = "replaced" if replaced else "under way" if backfill.lanes else "waiting"
    return {
        "revision": backfill.revision,
        "cause": backfill.cause,
        "state": unfinished if backfill.finished is None else "finished",
        "began": instant(backfill.began),
        "finished": instant(backfill.finished),
        "lanes": {"done": backfill.done, "of": backfill.of},
        "profiles": {
            "seen": backfill.seen,
            "about": max(backfill.seen, backfill.about) if backfill.finished is None else backfill.seen,
        },
    }


def quarantine_entry_view(entry: QuarantineEntry) -> dict[str, Any]:
    """A quarantined request as an item of a list, without its headers and body."""
    return {
        "source": entry.source,
        "id": entry.id,
        "reason": entry.reason,
        "received": instant(entry.received),
        "bytes": entry.size,
    }


def quarantined_view(item: Quarantined) -> dict[str, Any]:
    """A quarantined request with its headers and body."""
    return {
        "source": item.source,
        "id": item.id,
        "reason": item.reason,
        "received": instant(item.received),
        "bytes": len(item.body.encode()),
        "headers": dict(item.headers),
        "body": item.body,
    }


def fault_view(fault: Fault) -> dict[str, Any]:
    """A fault in a definition or request as JSON."""
    return {
        "line": fault.line,
        "column": fault.column,
        "message": fault.message,
        "suggestion": fault.suggestion,
        "where": fault.where,
    }


def warnings_view(warnings: Iterable[Fault]) -> dict[str, Any]:
    """The part of an answer about a definition that holds its warnings; empty if there are none."""
    views = list(map(fault_view, warnings))
    return {"warnings": views} if views else {}
