"""The label of events: the words for them in sentences."""

from collections.abc import Mapping
from typing import NamedTuple

# The events of a label: their names, or the id of named events with a prefix.
Events = tuple[str, ...]


class Label(NamedTuple):
    """The wordings that sentences use for events.

    past      "ordered", after "people who"
    negative  "did not order"
    sum       by property, the verb for a sum of it: "spent"; ``net total`` is the total less refunds
    of        the verb for an event that follows several others: "opened", in "opened each of their last 5 e-mails"
    several   the plural noun for the last events: "e-mails"
    joined    the property that joins ``of`` and ``several`` events, which the sentence then does not name
    start     by property, the verb for starting what it identifies: "left a cart" by ``cart_id``
    end       by property, the verb for completing it, after "did not": "order it"
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

# The parts of a label that have wordings by property.
BY_PROPERTY = ("sum", "start", "end")
