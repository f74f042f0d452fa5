"""Which traits of a person a message shows, by who said them."""

import re
from collections.abc import Mapping
from typing import Any

from functions.core.base import zones
from functions.core.base.trust import RANKS
from functions.core.messages import person_names
from functions.core.messages.safety import plain
from functions.core.messages.shop_links import ShopLinks
from functions.core.profiles.records import Trait

# A language with a script and a region, and nothing else.
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?(?:[-_](?:[A-Za-z]{2}|\d{3}))?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# What is shown of traits that the shop did not state: these, if they look like what they are.
_LOCALES = ("locale", "language")
_DATES = ("birthday", "birthdate", "birth_date", "date_of_birth", "dob")


def shown(traits: Mapping[str, Trait], links: ShopLinks) -> dict[str, Any]:
    """The values of the traits that a message may show, without links that lead elsewhere."""
    return {name: links.kept(plain(trait.value), name) for name, trait in traits.items() if _is_shown(name, trait)}


def _is_shown(name: str, trait: Trait) -> bool:
    if name in person_names.TRAITS:
        return bool(person_names.person_name(trait.value))
    return trait.rank >= RANKS["signed"] or _is_harmless(name, trait.value)


def _is_harmless(name: str, value: Any) -> bool:
    """True if the value cannot carry words of its own."""
    if not isinstance(value, str):
        return False
    if name in _LOCALES:
        return _LOCALE.fullmatch(value) is not None
    if name in _DATES:
        return _DATE.fullmatch(value) is not None
    return name == "timezone" and zones.canonical(value) is not None
