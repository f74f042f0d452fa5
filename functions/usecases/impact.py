"""Predict what publishing a segment would change."""

from collections.abc import Iterable
from typing import Any

from functions.core.flows.flow import Flow
from functions.usecases.context import Context
from functions.usecases.draft import compiled_with, drafted
from functions.usecases.moves import Moves, moves


def impact(context: Context, name: str, text: str, *, send_backfilled: bool = False) -> dict[str, Any]:
    """Count who would enter, leave and stay, with a sample of each, and the most messages that this can cause.

    Those who enter are written to only with ``send_backfilled``; otherwise what a new definition finds to hold is
    treated as having held before. Raises DefinitionRefused with every fault of the text.
    """
    draft, warnings = drafted(context, "segments", name, text)
    after = compiled_with(context, draft)
    counted = moves(context, context.ruleset, after, [name])[name]
    return impact_view(name, counted, after.flows.values(), send_backfilled=send_backfilled) | warnings


def impact_view(name: str, counted: Moves, flows: Iterable[Flow], *, send_backfilled: bool) -> dict[str, Any]:
    """The moves of a segment as the API shows them; ``flows`` are all that would be current with it."""
    messages = counted.enter * _messages(name, flows)
    return {
        "enter": counted.enter,
        "leave": counted.leave,
        "stay": counted.stay,
        "entering": counted.entering,
        "leaving": counted.leaving,
        "messages": messages,
        "backfilled": "send" if send_backfilled else "silent",
        "text": f"{counted.enter} would enter, {counted.leave} leave. {_message_sentence(messages, send_backfilled)}",
    }


def _message_sentence(messages: int, send: bool) -> str:
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
