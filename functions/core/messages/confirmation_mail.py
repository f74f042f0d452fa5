"""The e-mail of the double opt-in: the shop's words and one link.

Whoever asks for it is a stranger, so nothing of the event is in it, nor the recipient's own address, whose characters
that stranger chose.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

from functions.core.base.errors import Unsendable
from functions.core.messages import render, safety
from functions.core.messages.render import Rendered
from functions.core.messages.template_variables import Facts, ShopDetails

_SUBJECT = "Please confirm: e-mails from {shop}"
_TITLE = "Do you want e-mails from {shop}?"
_ASKED = "Somebody gave this address in our shop and said yes to our e-mails. If it was you, please confirm it:"
_AFTER = (
    "The link is good for 7 days. If it was not you, there is nothing to do: without your yes no such e-mails come. "
    "The page behind the link also takes a no, so that you are not asked again."
)
_TEXT = "{title}\n\n{asked}\n\n{url}\n\n{after}\n\n-- \n{foot}\n"
_STYLE = """
:root { color-scheme: light dark; supported-color-schemes: light dark }
body { margin:0; padding:24px; background:#ffffff; color:#24292f;
  font:16px/1.55 -apple-system,BlinkMacSystemFont,"Segoe UI",Helvetica,Arial,sans-serif }
@media (prefers-color-scheme: dark) {
  body { background:#121212 !important; color:#ececec !important }
  .action { background:#f5f5f5 !important; color:#121212 !important } .foot { color:#a8a8ad !important } }
"""
_BUTTON = (
    "display:inline-block;padding:15px 30px;border-radius:8px;background:#1f2328;color:#ffffff;font-weight:600;"
    "text-decoration:none"
)
_HTML = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{subject}</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>'
    '<body><div role="article" aria-label="{subject}" lang="en" style="max-width:560px;margin:0 auto">'
    '<h1 style="font-size:24px;line-height:1.25">{title}</h1><p>{asked}</p>'
    '<p><a class="action" href="{url}" style="{button}">Yes, confirm</a></p><p>{after}</p>'
    '<p class="foot" style="color:#5f6368;font-size:14px">{foot}</p></div></body></html>'
)


def rendered(shop: ShopDetails, url: str, template: Mapping[str, Any] | None) -> Rendered:
    """The e-mail with the link, in the words of the stored template body, else in those of this module.

    Raises Unsendable for a template that cannot be rendered, or that does not show the link in both parts.
    """
    if template is None:
        return _built_in(shop, url)
    own = render.render(template, Facts(shop=shop, email="", confirm_url=url))
    if not all(url in part for part in (own.text, own.html)):
        raise Unsendable(f"template {template['id']}", "shows no {{ confirm_url }} in its text and its HTML")
    return own


def _built_in(shop: ShopDetails, url: str) -> Rendered:
    name = safety.header(shop.name)
    words = {
        "subject": safety.header(_SUBJECT.format(shop=name)),
        "title": _TITLE.format(shop=name),
        "asked": _ASKED,
        "url": url,
        "after": _AFTER,
        "foot": " · ".join(filter(None, (name, safety.header(shop.address)))),
    }
    html = {key: escape(value) for key, value in words.items()}
    return Rendered(words["subject"], _HTML.format(**html, style=_STYLE, button=_BUTTON), _TEXT.format(**words))
