"""Names of people as messages show them: whoever fills in a form chooses the name, and the address that it goes to.

A shop's form, and so its storefront's signed webhook, takes "Win now evil.example" for a first name and a victim's
address for an e-mail. Hence a name passes only if it looks like one, whoever says it.
"""

import re
import unicodedata
from typing import Any

LONGEST = 40
MOST_WORDS = 6
MOST_DIGITS = 3
# The traits that are names of people; a value that is no name counts as absent.
TRAITS = ("first_name", "firstName", "last_name", "lastName", "name")

# What stands in names beside letters, their marks and digits: "O'Neil", "Jean-Luc", "King, Jr.", "Tom & Jo", "Gal·la".
_SIGNS = frozenset(" '’ʼ-‐.,&·・")
# Mail programs make a link of it: a dot with two letters or more after it.
_DOMAIN = re.compile(r"\.[^\W\d_]{2}")
# Marks that are stacked higher than any spelling needs reach over the lines around them.
_STACKED = 3


def person_name(value: Any) -> str:
    """The name on one line, in NFC; empty for what is no name of a person.

    A name has at most 40 characters, 6 words and 3 digits, and nothing but letters, digits and the signs of names: no
    address of the web or of mail, no markup, no line break, no control character and no mark of direction.
    """
    if not isinstance(value, str) or len(value) > 4 * LONGEST:
        return ""
    name = unicodedata.normalize("NFC", value).strip(" ")
    short = 0 < len(name) <= LONGEST and len(name.split(" ")) <= MOST_WORDS
    return name if short and all(map(_stands_in_names, name)) and not _misleads(name) else ""


def _stands_in_names(character: str) -> bool:
    return character in _SIGNS or unicodedata.category(character) in ("Lu", "Ll", "Lt", "Lo", "Lm", "Mn", "Mc", "Nd")


def _misleads(name: str) -> bool:
    """True for what mail programs make a link or a telephone number of, or what has no letter."""
    # Full-width letters, digits and dots are the plain ones to whoever follows a link.
    plain = unicodedata.normalize("NFKC", name)
    kinds = "".join(unicodedata.category(character)[0] for character in plain)
    return bool(
        _DOMAIN.search(plain) or kinds.count("N") > MOST_DIGITS or "L" not in kinds or "M" * (_STACKED + 1) in kinds
    )
