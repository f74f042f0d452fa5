"""Rendering of a checked template with the facts of one message into subject, HTML and text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liquid.exceptions import LiquidError

from functions.core.base.errors import Unsendable
from functions.core.messages import safety
from functions.core.messages.language import parse
from functions.core.messages.template_variables import Facts, build

_GAPS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")
# From the first blank of a run only: a run that no line ends with would cost its square.
_TRAILING = re.compile(r"(?<![ \t])[ \t]+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The rendered parts of one message."""

    subject: str
    html: str
    text: str


def render(template: Mapping[str, Any], facts: Facts) -> Rendered:
    """Render a stored template body; raises Unsendable, whose text names the template but contains no personal data."""
    if template["kind"] == "marketing" and not facts.unsubscribe_url:
        raise Unsendable(_named(template), "a marketing message needs its unsubscribe link")
    context = build(facts)
    subject = safety.header(_filled(template, "subject", context))
    if not subject:
        raise Unsendable(_named(template), "the subject came out empty")
    html = safety.links(safety.text(_filled(template, "html", context)))
    return Rendered(subject, html, _tidy(safety.text(_filled(template, "text", context))))


def _filled(template: Mapping[str, Any], part: str, context: Mapping[str, Any]) -> str:
    try:
        return str(parse(template[part], part == "html").render(context))
    except LiquidError as error:
        raise Unsendable(_named(template), f"{part}: {error.message}") from None
    except RecursionError:
        raise Unsendable(_named(template), f"{part}: nested too deeply") from None


def _named(template: Mapping[str, Any]) -> str:
    return f"template {template['id']}"


def _tidy(text: str) -> str:
    """The text with runs of empty lines, which tags leave behind, reduced to one."""
    return _GAPS.sub("\n\n", _TRAILING.sub("", text)).strip() + "\n"
