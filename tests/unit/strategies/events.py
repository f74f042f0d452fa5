"""What happens, and when and to whom it does."""

from decimal import Decimal
from functools import cache
from hashlib import sha256
from itertools import count
from typing import Any

from hypothesis import strategies as st

from functions.core.base.events import Consent, Event
from functions.core.base.identity import primary
from functions.core.base.trust import Trust

from .values import NAMES, START, odd

places = odd | st.sampled_from(
    [
        {"lat": Decimal("52.5201"), "lon": Decimal("13.4")},
        {"latitude": Decimal("52.5240"), "longitude": Decimal("13.404")},
        {"latitude": 1, "lng": -179},
        {"lat": 90, "lon": 0},
        {"lat": 91, "lon": 0},
        {"lat": "52.52", "lon": Decimal("13.4")},
        {"lat": None, "lon": 5},
    ]
)
properties = st.fixed_dictionaries(
    {},
    optional={
        "n": odd,
        "t": odd,
        "total": odd,
        "tags": odd | places | st.lists(places, max_size=2),
        "place": places,
        "model": st.sampled_from(["x", "xy"]),
        "value": odd,
        "absent": st.none(),
        "order_id": st.sampled_from(["1", 1, "2", "3", None, True, ""]),
        "cart": st.sampled_from(["c1", "c2", None, True]),
        "deep": st.fixed_dictionaries({}, optional={"n": odd}) | odd,
        "currency": st.sampled_from(["EUR", "JPY", "JPY", "KWD"]),
        "products": st.lists(st.fixed_dictionaries({}, optional={"category": odd, "price": odd}) | odd, max_size=2)
        | odd,
    },
)
dates = st.sampled_from(
    [
        *("1990-11-14", "2023-11-14", "2023-11-15", "2023-11-13", "--11-14", "--1115", "2000-02-29", "--02-29"),
        *(
            "2023-11-14T22:13:40Z",
            "2023-11-14T23:14:00.5+01:00",
            "1990-11-15T10:00:00Z",
            "2023-02-30",
            "soon",
            "--13-01",
        ),
    ]
)
# Days begin in them within two hours of what happens; clocks are changed in two of them.
zones = st.sampled_from(["Europe/Berlin", "europe/london", "Atlantic/Azores", "Asia/Kathmandu", "No/Where", "UTC"])
traits = st.fixed_dictionaries(
    {},
    optional={
        "birthday": dates | odd,
        "since": dates | odd,
        "timezone": zones | odd,
        "plan": odd,
        "age": odd,
        "tags": odd,
        "deep": st.fixed_dictionaries({}, optional={"n": odd}) | odd,
    },
)


@cache
def colliding(partition, index):
    """The sort key of an event whose short key is one of two, so that events of one second often share it."""
    tries = (f"2023-11-14T22:13:20.{index:03d}Z#m{index}-{again}" for again in count())
    return next(sort for sort in tries if sha256(f"{partition}|{sort}".encode()).digest()[:2] in (b"\0\0", b"\0\1"))


# Two natural keys of one hash.
ORDERS = ("order:56076", "order:126995")
# No statement of consent: (consent, trust, undated).
UNASKED: tuple[Consent | None, Trust, bool] = (None, "signed", False)


def event_of(index, name, offset, said, person, natural, revision, partition, answer=UNASKED, names=()):
    consent, trust, undated = answer
    return Event(
        name=name,
        time=START + offset,
        received=START + offset,
        identifiers=(f"anonymous_id:{partition}", *names),
        sort=colliding(primary((f"anonymous_id:{partition}", *names)), index),
        source="test",
        properties=said,
        traits=person,
        consent=consent,
        natural=natural,
        revision=revision if natural else 0,
        trust=trust,
        undated=undated,
    )


# What happens, without when and to whom: name, properties, traits, natural key, revision.
anything = st.tuples(
    st.sampled_from((*NAMES, *NAMES, "Prediction Made")),
    properties,
    traits,
    st.sampled_from([None, None, *ORDERS]),
    st.integers(0, 2),
)
# (name, properties, traits, natural key, revision)
Happenings = st.SearchStrategy[tuple[str, dict[str, Any], dict[str, Any], str | None, int]]
amounts = st.sampled_from([0, 1, 2, 150, 10**30, Decimal("1.5"), "5", None])
orders_placed: Happenings = st.builds(
    lambda name, order, total: (name, _priced(order, total), {}, order and f"order:{order}", 0),
    st.sampled_from(["Order Completed", "Order Completed", "Order Cancelled"]),
    st.sampled_from([None, "1", "2", "3"]),
    amounts,
)
# A refund tells of one order: its number never names another.
refunds: Happenings = st.builds(
    lambda refund, total: ("Order Refunded", _priced(refund, total), {}, refund and f"refund:{refund}", 0),
    st.sampled_from([None, "1", "2"]),
    st.sampled_from([1, 2, 150]),
)


def _priced(order, total):
    return {"currency": "EUR", "total": total} | ({"order_id": order} if order else {})


lines = st.fixed_dictionaries(
    {"product_id": st.sampled_from(["p", "q", "a product with a long name"])}, optional={"quantity": st.integers(0, 3)}
)
# Few carts and products, so that most of what is put in is taken out again.
cart_steps: Happenings = st.builds(
    lambda name, cart, said, checkout, revision: (name, {"cart": cart, **said}, {}, checkout, revision),
    st.sampled_from(["Product Added", "Product Removed", "Product Removed", "Checkout Started", "Cart Emptied"]),
    st.sampled_from(["c1", "c1", "c2"]),
    lines | st.lists(lines, max_size=3).map(lambda several: {"products": several}),
    st.just(None),
    st.just(0),
) | st.builds(
    lambda several, revision: (
        "Checkout Started",
        {"cart": "c1", "products": several},
        {},
        "checkout:1",
        START + revision,
    ),
    st.lists(lines, max_size=3),
    st.integers(0, 50),
)
happenings = st.one_of(anything, anything, anything, orders_placed, refunds, cart_steps, cart_steps)
# (consent, trust, undated)
Answers = st.SearchStrategy[tuple[Consent | None, Trust, bool]]
answers: Answers = st.just(UNASKED) | st.tuples(
    st.sampled_from([None, "subscribed", "subscribed", "pending", "unsubscribed"]),
    st.sampled_from(["public", "token", "signed"]),
    st.booleans(),
)
aliases = st.sampled_from([(), (), ("user_id:x",), ("user_id:y", "user_id:x"), ("email:a@x.org",), ("email:b@x.org",)])


def happened(index, happening, offset, partition, answer, names):
    """The event of a happening."""
    name, said, person, natural, revision = happening
    return event_of(index, name, offset, said, person, natural, revision, partition, answer, names)


histories = st.lists(
    st.tuples(happenings, st.integers(0, 50), st.sampled_from(["a", "b"]), answers, aliases), max_size=14
).map(lambda rows: [happened(index, *row) for index, row in enumerate(rows)])
