"""send: the person gets the e-mail of a template, unless the last look just before objects."""

import re
from typing import Any

from functions.core.base.errors import Fault
from functions.core.base.keys import ID, LONGEST_ID
from functions.core.flows.step_kind import Content, Moment, Send, StepKind, Text
from functions.core.segments.language.schema import id_schema


def _read(text: Text) -> dict[str, Any]:
    if not isinstance(text.given, str) or not ID.fullmatch(text.given):
        hint = re.sub(r"[^a-z0-9]+", "-", str(text.given).lower()).strip("-")
        text.faults.append(Fault("the id of a template", text.where, suggestion=hint or "cart-recovery-1"))
    return {"template": str(text.given)}


def _advance(content: Content, moment: Moment) -> Send:
    return Send(content["template"])


STEP = StepKind(
    key="send",
    place=3,
    example="send: cart-recovery-1",
    schema=lambda: {**id_schema(LONGEST_ID), "description": "the id of a template"},
    read=_read,
    sentence=lambda content, style: f"send the e-mail “{content['template']}”",
    advance=_advance,
    needs=lambda content: [("templates", content["template"])],
    name=lambda content: str(content["template"]),
    twice="sends this template, and a run sends each once: send a copy of it",
    acts=True,
)
