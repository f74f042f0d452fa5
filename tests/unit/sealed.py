"""Orders, and timelines that are sealed beyond a few entries."""

from datetime import UTC, datetime

from functions.core.base.events import Event
from functions.core.segments import engine
from functions.core.segments.language import parser
from functions.core.timelines.retention import CAP

DAY, HOUR = 86_400, 3600
T = int(datetime(2026, 9, 21, 14, tzinfo=UTC).timestamp())


def ordered(number, at, total=100, natural=True, name="Order Completed", who="user_id:1"):
    said = {"order_id": str(number), "total": total, "currency": "EUR"}
    sort = f"2026-09-21T14:13:20.000Z#{number}-{at}"
    return Event(name, at, at, (who,), sort, "test", said, natural=f"order:{number}" if natural else None)


def compiled(texts, cap=CAP):
    return engine.compile_catalogue({name: parser.parse(text) for name, text in texts.items()}, cap=cap)


def held(state, catalogue, text):
    """What is in the timeline of a condition."""
    return state.timelines[engine.timelines(parser.parse(text))[0].id].held
