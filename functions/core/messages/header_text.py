"""Text in header fields, as RFC 5322 folds and RFC 2047 encodes it."""

import re
from email.header import Header
from functools import lru_cache
from textwrap import wrap

CRLF = "\r\n"
# What a line should not exceed (RFC 5322, 2.1.1), the field's name included.
_LINE = 76
# A display name that needs no quotes: words of letters and digits, and of signs that mean nothing in an address.
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+\Z")


def unstructured(name: str, text: str) -> str:
    """The text of a field such as Subject, folded; encoded where it is not ASCII or looks encoded already."""
    return _folded(name, text) if _is_plain(text) else _encoded(name, text)


@lru_cache(maxsize=64)
def mailbox(name: str, display: str, address: str) -> str:
    """An address with the name that is shown for it; the address alone without one."""
    if not display:
        return address
    if not _is_plain(display):
        shown = _encoded(name, display)
    else:
        shown = display if _ATOMS.match(display) else _quoted(display)
    fits = len(name) + len(shown.rpartition(CRLF)[2]) + len(address) + 5 <= _LINE
    return f"{shown}{' ' if fits else CRLF + ' '}<{address}>"


def _is_plain(text: str) -> bool:
    """Whether the text stands for itself: somebody's name may look like an encoded word, and is no such thing."""
    return text.isascii() and "=?" not in text


def _folded(name: str, text: str) -> str:
    """The text in lines that break at its spaces; never before its first word, which would be read with the space."""
    line = " " * (len(name) + 2)
    lines = wrap(text, _LINE, initial_indent=line, break_long_words=False, break_on_hyphens=False)
    return f"{CRLF} ".join(lines).lstrip(" ")


def _encoded(name: str, text: str) -> str:
    return Header(text, "utf-8", _LINE, name).encode(linesep=CRLF)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
