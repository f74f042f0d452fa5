"""Values, names, spans and filters, in a world so small that everything collides."""

import os
from decimal import Decimal

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

NAMES = ("A", "B", "C")
START = 1_700_000_000

# `make check` asks for fewer, `make test` and `make nightly` for more of them.
EXAMPLES = int(os.environ.get("SEGMENT_EXAMPLES", "60"))
# The same examples every time, but in `make nightly`: a change is not refused for what was wrong before it.
NIGHTLY = "SEGMENT_NIGHTLY" in os.environ
# `make mutants` asks whether a test fails: to look for the smallest example takes longer than all other examples.
PHASES = (Phase.explicit, Phase.generate) if "SEGMENT_ANY_FAILURE" in os.environ else tuple(Phase)
thorough = settings(
    max_examples=EXAMPLES,
    derandomize=not NIGHTLY,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=PHASES,
)


def at_most(most):
    """The settings of a test of which more examples than so many show nothing new."""
    return settings(thorough, max_examples=min(most, EXAMPLES))


spans = st.integers(1, 40).map(lambda n: f"{n} seconds" if n > 1 else "1 second")
plain_names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True)
# A definition of events, and conditions that ask for it alone or beside an event.
GROUPS = {
    "either": {"id": "either", "any of": ["B", "Order Completed"]},
    "bought": {
        "id": "bought",
        "any of": ["B", "Order Completed"],
        "by": "order_id",
        "unless": ["Order Cancelled", "C"],
        "refunds": ["Order Refunded"],
        "amount": "total",
    },
    "kept": {"id": "kept", "any of": ["A", "B"], "by": "cart", "unless": ["C"]},
}
EITHER, BOUGHT, KEPT = ({"named": name} for name in GROUPS)
grouped_names = st.sampled_from(
    [[BOUGHT], [BOUGHT], [KEPT], ["A", BOUGHT], ["B", BOUGHT], [KEPT, BOUGHT], [EITHER, "A"]]
)
names = st.one_of(plain_names, plain_names, grouped_names)
paths = st.sampled_from(["n", "t", "total", "tags", "products[].category", "products[].price", "deep.n", "absent"])
numbers = st.sampled_from([0, 1, 2, 5, -3, 1.5, 10**9])
texts = st.sampled_from(["x", "xy", "y", "5"])
odd = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(["x", "xy", "5", ""]),
    st.sampled_from([0, 1, 2, 5, -3, 150, 10**30, Decimal("1.5"), Decimal("1E-30"), Decimal("7E+25"), Decimal("2.0")]),
    st.lists(st.sampled_from(["x", 5, None, True, Decimal("1.5")]), max_size=2),
    st.just({"n": 5}),
)


def one(strategies):
    """A value of one of the strategies, each as likely, however many ways it has itself."""
    return st.integers(0, len(strategies) - 1).flatmap(lambda number: strategies[number])


comparisons = st.one_of(
    st.fixed_dictionaries({"compare": st.sampled_from(["=", "!=", ">", ">=", "<", "<="]), "value": numbers | texts}),
    st.fixed_dictionaries(
        {"compare": st.sampled_from(["=", "!=", "contains"]), "value": numbers | texts | st.booleans()}
    ),
    st.fixed_dictionaries({"compare": st.just("starts with"), "value": texts}),
    st.fixed_dictionaries({"compare": st.just("in"), "value": st.lists(numbers | texts, min_size=1, max_size=3)}),
    st.fixed_dictionaries({"compare": st.sampled_from(["exists", "missing"])}),
)
near = st.sampled_from([[500, 52.52, 13.4], [20, 52.52, 13.4], [9_000_000, 0, 179], [150_000, 89.9, -10]]).map(
    lambda circle: {"compare": "within metres", "value": circle}
)
filters = st.recursive(
    st.builds(lambda path, compared: {"property": path, **compared}, paths, comparisons)
    | st.builds(lambda path, compared: {"property": path, **compared}, st.sampled_from(["place", "tags[]"]), near),
    lambda inner: st.builds(
        lambda word, members: {word: members}, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3)
    ),
    max_leaves=3,
)
counts = st.builds(
    lambda bound, count: {bound: count}, st.sampled_from(["at least", "at most", "exactly"]), st.integers(1, 3)
) | st.just({"exactly": 0})
