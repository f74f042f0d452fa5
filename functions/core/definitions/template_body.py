"""The body of a template that is stored and rendered: its Liquid and MJML checked, and compiled to HTML."""

from collections.abc import Iterator, Mapping
from typing import Any

import mjml

from functions.core.base.errors import DefinitionRefused, Fault, Unsendable
from functions.core.messages import layout, liquid_text, mjml_tags, plain_text, sample, token_check
from functions.core.messages.markup_check import Checker
from functions.core.messages.render import render

_LIQUID = ("subject", "preheader", "because", "body", "text", "head")
# Texts that are used both in HTML and in plain text.
_PLAIN = ("preheader", "because")
# Gmail shows the first 102 kB of a message and hides the rest, the unsubscribe link with it.
LARGEST_HTML = 100_000


def compiled(content: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a template as written, of the right shape; raises DefinitionRefused with the faults of its texts."""
    if faults := list(_faults(content)):
        raise DefinitionRefused(*faults)
    kind = content["kind"]
    own_text = content.get("text") or plain_text.from_mjml(content["body"])
    body = {
        **{name: content[name] for name in ("id", "name", "kind", "subject")},
        "preheader": content.get("preheader", ""),
        "html": _html(layout.page(content)),
        "text": plain_text.without_tag_lines(own_text.rstrip()) + layout.text_footer(kind, content.get("because", "")),
        "sample": content.get("sample", {}),
        **({"strict": content["strict"]} if content.get("strict") is not None else {}),
    }
    _try(body)
    return body


def _faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    for name in _LIQUID:
        yield from token_check.check(content[name], name) if name in content else ()
    for name, root in (("body", mjml_tags.BODY), ("head", mjml_tags.HEAD)):
        if token_check.parses(content.get(name, "")):
            yield from Checker(content.get(name, ""), name, root).check()
    for name in _PLAIN:
        if "<" in liquid_text.replaced(content.get(name, ""), lambda _: ""):
            yield Fault(f"{name} is text without elements", name)


def _html(page: str) -> str:
    source, pieces = layout.numbered(page)
    try:
        html: str = mjml.mjml2html(source)
    except ValueError as error:
        raise DefinitionRefused(Fault(f"MJML: {error}", "body")) from None
    html, present = layout.filled(html, pieces)
    if missing := next((piece for number, piece in enumerate(pieces) if number not in present), None):
        raise DefinitionRefused(Fault(f"MJML leaves out {missing}", "body"))
    return html


def _try(body: Mapping[str, Any]) -> None:
    """Render the sample; raises DefinitionRefused if that fails or the HTML is too large."""
    try:
        rendered = render(body, sample.facts(body["sample"], body["kind"]))
    except Unsendable as error:
        raise DefinitionRefused(Fault(f"with its sample: {error.reason}", "body")) from None
    size = len(rendered.html.encode())
    if size > LARGEST_HTML:
        message = f"with its sample the HTML has {size} bytes; Gmail cuts messages at 102 kB"
        raise DefinitionRefused(Fault(message, "body"))
