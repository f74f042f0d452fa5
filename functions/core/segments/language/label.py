"""What a label of events says in sentences."""

from collections.abc import Mapping
from typing import NamedTuple

# The events that a label is for: their names, or the id of named events behind a prefix.
Events = tuple[str, ...]


class Label(NamedTuple):
    """How sentences say that events happened.

    past      "ordered", after "people who"
    negative  "did not order"
    sum       by property, the verb of a sum of it: "spent"; ``net total`` is what is left of the total after refunds
    of        the verb for what is done to one of several others: "opened", as in "opened each of their last 5 e-mails"
    several   the noun for the last so many: "e-mails"
    joined    the property by which one of several is told from the others, which the noun says without naming it
    start     by property, the verb for what it names: "left a cart" by ``cart_id``
    end       by property, what was not done to that, after "did not": "order it"
    """

    past: str = ""
    negative: str = ""
    sum: Mapping[str, str] = {}
    of: str = ""
    several: str = ""
    joined: str = ""
    start: Mapping[str, str] = {}
    end: Mapping[str, str] = {}


Labels = Mapping[Events, Label]

# The parts of a label that say something for each of several properties.
BY_PROPERTY = ("sum", "start", "end")
