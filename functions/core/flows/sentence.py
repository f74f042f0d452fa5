"""Describes a flow in English: what starts it, its steps, and what ends it early."""

from collections.abc import Mapping
from typing import Any

from functions.core.flows.step_kinds import step_kinds
from functions.core.segments.language.event_labels import Style, labelled
from functions.core.segments.language.formatting import done_words


def sentence(body: Mapping[str, Any], style: Style) -> str:
    """The flow of a checked body: ``After somebody started a checkout: wait 1 hour, then send the e-mail “a”``."""
    steps = ", then ".join(step_kinds()[step["do"]].sentence(step, style) for step in body["steps"])
    goal = body.get("goal")
    ends = f". It ends early for those who {done_words(labelled({'events': goal}, style))}" if goal else ""
    return f"After somebody {_start(body['start'], style)}: {steps}{ends}"


def _start(start: Mapping[str, Any], style: Style) -> str:
    if "events" in start:
        return done_words(labelled({"events": start["events"]}, style))
    return f"{'left' if start.get('on') == 'leave' else 'entered'} the segment “{start['segment']}”"
