"""Predict what publishing a segment would change."""

from collections.abc import Iterable
from typing import Any

from functions.core.flows.flow import Flow
from functions.core.jobs.records import Job
from functions.usecases import jobs
from functions.usecases.context import Context
from functions.usecases.draft import compiled_with, drafted
from functions.usecases.moves import question
from functions.usecases.questions import Question, in_a_moment
from functions.usecases.tallies import Moves, MovesTally


def impact(
    context: Context, name: str, text: str, author: str = "", *, send_backfilled: bool = False
) -> dict[str, Any] | Job:
    """Count who would enter, leave and stay, with a sample of each, and the most messages that this can cause.

    Those who enter are written to only with ``send_backfilled``; otherwise what a new definition finds to hold is
    treated as having held before. Of many people it is the job that counts them. Raises DefinitionRefused with every
    fault of the text, or TooMany.
    """
    draft, warnings = drafted(context, "segments", name, text)
    after = compiled_with(context, draft)
    told = {"messages": messages_of(name, after.flows.values()), "send": send_backfilled, "warnings": warnings}
    asked = question("impact", (context.ruleset, after), [name], context.now, told)
    if moment := in_a_moment(context, asked):
        return impact_of(asked, moment.tally)
    return jobs.request(context, asked, jobs.About(f"impact of a text of segment {name}", author))


def impact_of(asked: Question, tally: MovesTally) -> dict[str, Any]:
    """The answer from what was counted."""
    (name,) = asked.names
    view = impact_view(tally.moves[name], asked.told["messages"], send_backfilled=asked.told["send"])
    return {**view, **asked.told["warnings"]}


def impact_view(counted: Moves, each: int, *, send_backfilled: bool) -> dict[str, Any]:
    """The moves of a segment as the API shows them; ``each`` is the most messages that one entry can cause."""
    messages = counted.enter * each
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


def messages_of(segment: str, flows: Iterable[Flow]) -> int:
    """The most messages that one entry into the segment can cause."""
    started = (flow for flow in flows if flow.segment == segment and flow.on == "enter")
    return sum(step.do == "send" for flow in started for step in flow.steps)
