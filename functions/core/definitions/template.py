"""The text format of a template, and the checked and compiled body that is rendered.

id: cart-recovery-1
name: Cart recovery, first reminder
kind: marketing               # or transactional, which carries no unsubscribe link
subject: 'You left something, {{ first_name | default: "friend" }}'
preheader: Your cart is saved.   # what inboxes show after the subject
because: you left a cart with us  # the footer's "You get this because …"
body: |                       # MJML, the content of mj-body; Liquid anywhere; the footer is added
  <mj-section><mj-column><mj-text>Hello</mj-text></mj-column></mj-section>
text: Hello                   # the text part; made from the body where it is missing
head: |                       # the content of mj-head: mj-attributes, mj-style, mj-font
strict: true                  # unknown names of properties and traits are refused
sample:                       # what the check at save and previews render it with
  traits: {first_name: Ann}
  event: {name: Checkout Started, properties: {total: 12.50}}
"""

from collections.abc import Mapping
from typing import Any

import mjml

from functions.core.base.errors import DefinitionRefused, Fault, Unsendable
from functions.core.base.keys import meant
from functions.core.definitions.document import Document, read
from functions.core.definitions.vocabulary.check import strictness
from functions.core.messages import advice, layout, mjml_tags, plain_text, sample, token_check
from functions.core.messages.markup import LIQUID, nearest
from functions.core.messages.markup_check import Checker
from functions.core.messages.render import render

TEXTS = ("id", "name", "description", "subject", "preheader", "because", "body", "text", "head")
KEYS = (*TEXTS, "kind", "sample", "strict")
KINDS = ("marketing", "transactional")
REQUIRED = ("id", "name", "kind", "subject", "body")
_LIQUID = ("subject", "preheader", "because", "body", "text")
# Texts that are used both in HTML and in plain text.
_PLAIN = ("preheader", "because")
# Gmail shows the first 102 kB of a message and hides the rest, the unsubscribe link with it.
LARGEST_HTML = 100_000


def load_template(text: str | Mapping[str, Any]) -> dict[str, Any]:
    """The body of a template; raises DefinitionRefused with every fault and its position."""
    document = read(text) if isinstance(text, str) else Document("", dict(text), None)
    faults = _shape(document.body) or _content(document.body)
    if faults:
        raise DefinitionRefused(*map(document.place, faults))
    try:
        return _compiled(document.body)
    except DefinitionRefused as refused:
        raise DefinitionRefused(*map(document.place, refused.faults)) from None


def warnings(text: str | Mapping[str, Any]) -> list[Fault]:
    """Warnings for a template that passed its check: what recipients would notice, each with its position."""
    document = read(text) if isinstance(text, str) else Document("", dict(text), None)
    return list(map(document.place, advice.warnings(document.body)))


def _shape(given: Mapping[str, Any]) -> list[Fault]:
    faults = [_unknown(str(name)) for name in given if name not in KEYS]
    faults += [Fault(f"{name} is missing", name) for name in REQUIRED if name not in given]
    faults += [Fault(f"{name} is text", name) for name in TEXTS if name in given and not isinstance(given[name], str)]
    faults += [Fault(f"{name} is empty", name) for name in ("id", "subject", "body") if given.get(name) == ""]
    if "kind" in given and given["kind"] not in KINDS:
        hint = nearest(str(given["kind"]), KINDS) or "marketing"
        faults.append(Fault("kind is marketing or transactional", "kind", suggestion=hint))
    strictness(given, faults)
    return faults + sample.check(given.get("sample", {}))


def _unknown(name: str) -> Fault:
    return Fault(f"{name!r} is not known here", name, suggestion=meant(name, KEYS) or ", ".join(KEYS))


def _content(given: Mapping[str, Any]) -> list[Fault]:
    faults = [fault for name in _LIQUID if name in given for fault in token_check.check(given[name], name)]
    if token_check.parses(given["body"]):
        faults += Checker(given["body"], "body", mjml_tags.BODY).check()
    faults += Checker(given.get("head", ""), "head", mjml_tags.HEAD).check()
    faults += [
        Fault(f"{name} is text without elements", name) for name in _PLAIN if "<" in LIQUID.sub("", given.get(name, ""))
    ]
    return faults


def _compiled(given: Mapping[str, Any]) -> dict[str, Any]:
    kind = given["kind"]
    own_text = given.get("text") or plain_text.from_mjml(given["body"])
    body = {
        **{name: given[name] for name in ("id", "name", "kind", "subject")},
        "preheader": given.get("preheader", ""),
        "html": _html(layout.page(given)),
        "text": plain_text.without_tag_lines(own_text.rstrip()) + layout.text_footer(kind, given.get("because", "")),
        "sample": dict(given.get("sample", {})),
        **({"strict": given["strict"]} if isinstance(given.get("strict"), bool) else {}),
    }
    _try(body)
    return body


def _html(page: str) -> str:
    source, pieces = layout.numbered(page)
    try:
        html: str = mjml.mjml2html(source)
    except ValueError as error:
        raise DefinitionRefused(Fault(f"MJML: {error}", "body")) from None
    for number, piece in enumerate(pieces):
        if layout.placeholder(number) not in html:
            raise DefinitionRefused(Fault(f"MJML leaves out {piece}", "body"))
        html = html.replace(layout.placeholder(number), piece)
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
