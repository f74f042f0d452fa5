"""How the sender of an event proved itself (law 13).

public  the write key in the shop's web page, which everybody can read
token   the person's own proof: a signed link of one of our mails, or the shop server's signature of the user id
signed  a storefront's signature, or the server key
"""

from collections.abc import Mapping
from typing import Literal

Trust = Literal["public", "token", "signed"]
# A statement of higher rank outweighs one of a lower rank, whatever their times.
RANKS: Mapping[Trust, int] = {"public": 0, "token": 1, "signed": 2}


def is_trusted(trust: Trust) -> bool:
    """True if the sender may speak for a known person."""
    return trust != "public"
