"""HTML entities in texts that WordPress stores: a secret has them, and so have names of products."""

import html
import re
from typing import Annotated, Any

from pydantic import BeforeValidator

from functions.sources.fields import text

# What WordPress decodes of a secret (wp_specialchars_decode with ENT_QUOTES), in one pass; other entities stay.
_SPECIAL = re.compile(r"&(?:lt|gt|quot|amp|#0*(?:34|38|39|60|62)|#(?i:x)0*(?:22|26|27|3[ce]|3[CE]));")


def decoded(secret: str) -> str:
    """The secret with which WooCommerce signs, from the one that it stores; a secret without entities is itself."""
    return _SPECIAL.sub(lambda entity: html.unescape(entity[0]), secret)


def words(value: Any) -> str | None:
    """The text for people, its entities decoded; None for empty and other values."""
    written = text(value)
    return text(html.unescape(written)) if written else None


# Lenient: a name as people read it.
Words = Annotated[str | None, BeforeValidator(words)]
