"""Text in mail header fields, folded by RFC 5322 and encoded by RFC 2047."""

import re
from email.header import Header
from functools import lru_cache
from textwrap import wrap

CRLF = "\r\n"
# The most characters in a line, the field's name included (RFC 5322, 2.1.1, recommends at most 78).
_LINE = 76
# A display name that needs no quotes: words of letters, digits and characters without a meaning in addresses.
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+\Z")


def unstructured(name: str, text: str) -> str:
    """The folded text of a field such as Subject, encoded if it is not ASCII or looks like an encoded word."""
    return _folded(name, text) if _is_plain(text) else _encoded(name, text)


@lru_cache(maxsize=64)
def mailbox(name: str, display: str, address: str) -> str:
    """An address with its display name; the address alone if there is none."""
    if not display:
        return address
    if not _is_plain(display):
        phrase = _encoded(name, display)
    else:
        phrase = display if _ATOMS.match(display) else _quoted(display)
    fits = len(name) + len(phrase.rpartition(CRLF)[2]) + len(address) + 5 <= _LINE
    return f"{phrase}{' ' if fits else CRLF + ' '}<{address}>"


def _is_plain(text: str) -> bool:
    """True if the text needs no encoding; text that looks like an encoded word does, to be shown as it is."""
    return text.isascii() and "=?" not in text


def _folded(name: str, text: str) -> str:
    """The text folded at spaces, never before its first word, which would then be read with the space."""
    line = " " * (len(name) + 2)
    lines = wrap(text, _LINE, initial_indent=line, break_long_words=False, break_on_hyphens=False)
    return f"{CRLF} ".join(lines).lstrip(" ")


def _encoded(name: str, text: str) -> str:
    return Header(text, "utf-8", _LINE, name).encode(linesep=CRLF)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
