"""send: the person gets the e-mail of a template, unless the check just before sending forbids it."""

from typing import Any

from functions.core.flows.step_kind import Content, Moment, Send, StepKind


def _value() -> Any:
    from functions.core.base.model import id_of

    return id_of("a template", "cart-recovery-1")


def _advance(content: Content, moment: Moment) -> Send:
    return Send(content["template"])


STEP = StepKind(
    key="send",
    place=3,
    example="send: cart-recovery-1",
    value=_value,
    content=lambda template: {"template": template},
    sentence=lambda content, style: f"send the e-mail “{content['template']}”",
    advance=_advance,
    needs=lambda content: [("templates", content["template"])],
    name=lambda content: str(content["template"]),
    twice="sends this template, and a run sends each once: send a copy of it",
    acts=True,
)
