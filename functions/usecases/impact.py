"""Predict what publishing a segment would change."""

from collections.abc import Iterable
from typing import Any

from functions.core.flows.flow import Flow
from functions.usecases.context import Context
from functions.usecases.draft import drafted
from functions.usecases.members import members, saved, unsaved

SAMPLE = 20


def impact(context: Context, name: str, text: str, *, send_backfilled: bool = False) -> dict[str, Any]:
    """Count who would enter, leave and stay, with a sample of each, and the most messages that this can cause.

    Those who enter are written to only with ``send_backfilled``; otherwise what a new definition finds to hold is
    treated as having held before. Raises DefinitionRefused with every fault of the text.
    """
    body, warnings = drafted(context, "segments", name, text)
    after = set(members(context, unsaved(body["when"], context.ruleset), context.now).profiles)
    is_current = name in context.ruleset.segments
    before = set(members(context, saved(name, context.ruleset), context.now).profiles) if is_current else set()
    entering, leaving = sorted(after - before), sorted(before - after)
    messages = len(entering) * _messages(name, context.ruleset.flows.values())
    return {
        "enter": len(entering),
        "leave": len(leaving),
        "stay": len(after & before),
        "entering": entering[:SAMPLE],
        "leaving": leaving[:SAMPLE],
        "messages": messages,
        "backfilled": "send" if send_backfilled else "silent",
        **warnings,
        "text": f"{len(entering)} would enter, {len(leaving)} leave. {_told(messages, send_backfilled)}",
    }


def _told(messages: int, send: bool) -> str:
    """A sentence on the messages to those who enter."""
    if not messages:
        return "No message comes of it: nobody enters, or no flow that sends starts on it."
    if send:
        return f"Those who enter are treated as entering now: {messages} messages at most."
    return f"Those who enter are not written to. With backfilled=send they would be: {messages} messages at most."


def _messages(segment: str, flows: Iterable[Flow]) -> int:
    """The most messages that one entry into the segment can cause."""
    started = (flow for flow in flows if flow.segment == segment and flow.on == "enter")
    return sum(step.do == "send" for flow in started for step in flow.steps)
