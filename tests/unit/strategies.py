"""Random conditions, events and arrivals, in a world so small that everything collides."""

import os
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from functions.core.events import Event
from functions.core.scores.link import link
from functions.core.segments.dates import reach

NAMES = ("A", "B", "C")
START = 1_700_000_000

# `make test` and `make nightly` ask for more of them.
EXAMPLES = int(os.environ.get("SEGMENT_EXAMPLES", "60"))
thorough = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))

spans = st.integers(1, 40).map(lambda n: f"{n} seconds" if n > 1 else "1 second")
names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True)
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


def _node(op, required, optional):
    return st.fixed_dictionaries({"op": st.just(op), **required}, optional=optional)


# Most conditions look at every event of a name, so that something comes of them.
where = one((st.just({}), st.just({}), filters.map(lambda found: {"where": found})))


def _filtered(node):
    return st.builds(lambda given, filtered: given | filtered, node, where)


def _later(offset):
    return datetime.fromtimestamp(START + offset, UTC).isoformat()


moments = st.one_of(
    st.integers(0, 50).map(_later),
    st.integers(0, 50).map(lambda offset: _later(offset).replace("+00:00", ".25Z")),
    st.sampled_from(["2023-11-14", "2023-11-15", "2023-11-13", "2023-11-14T23:13:40+01:00", "2023-11-14 22:13"]),
)
between = st.tuples(st.integers(2, 40), st.integers(1, 39)).map(
    lambda pair: [f"{sum(pair)} seconds", f"{pair[1]} second{'s' if pair[1] > 1 else ''}"]
)
within = spans.map(lambda span: {"within": span})
calendar = st.one_of(
    moments.map(lambda moment: {"since": moment}),
    moments.map(lambda moment: {"until": moment}),
    st.tuples(moments, moments)
    .map(lambda pair: sorted(pair, key=reach))
    .map(lambda pair: {"since": pair[0], "until": pair[1]}),
    st.builds(lambda span, moment: {"within": span, "since": moment}, spans, moments),
)
windows = one((st.just({}), within, within, between.map(lambda spans: {"between": spans}), calendar))


def _windowed(node):
    return st.builds(lambda given, window: given | window, node, windows)


did = _windowed(_filtered(_node("did", {"events": names}, {"count": counts})))
orders = st.sampled_from(["=", "!=", ">", ">=", "<", "<="])
aggregate = _windowed(
    _filtered(
        st.fixed_dictionaries(
            {
                "op": st.sampled_from(["sum", "sum", "average", "minimum", "maximum"]),
                "property": st.sampled_from(["total", "n", "products[].price"]),
                "events": names,
                "compare": orders,
                "value": numbers,
            }
        )
    )
)
distinct = _windowed(
    _filtered(
        _node(
            "distinct",
            {
                "property": st.sampled_from(["n", "cart", "t", "products[].category"]),
                "events": names,
                "compare": orders,
                "value": st.sampled_from([0, 1, 1.5, 2, 3]),
            },
            {},
        )
    )
).filter(lambda node: "between" not in node)
steps = _filtered(st.fixed_dictionaries({"events": names}))
then_not = _filtered(
    _node(
        "then not",
        {
            "events": names,
            "not": steps,
            "for": st.integers(1, 15).map(lambda n: f"{n} seconds" if n > 1 else "1 second"),
        },
        {"by": st.sampled_from(["cart", "n"]), "within": st.integers(16, 40).map("{} seconds".format)},
    )
)
keys = st.sampled_from(["cart", "n"])
then = _node("then", {"steps": st.lists(steps, min_size=2, max_size=4)}, {"within": spans, "by": keys, "last": spans})
followed = st.builds(
    lambda step, node, quantity: {**step, **node, "many": quantity(node["last"])},
    steps,
    _node("followed", {"last": st.integers(1, 4), "followed": steps}, {"by": keys, "within": spans}),
    st.sampled_from([lambda last: "all", lambda last: "none", lambda last: {"at least": (last + 1) // 2}]),
)
first_last = st.builds(
    lambda op, node, key, span: {"op": op, **node, key: span},
    st.sampled_from(["first", "last"]),
    steps,
    st.sampled_from(["within", "more than"]),
    spans,
)


def _agrees(compared):
    return not (compared["compare"] in ("<", ">") and isinstance(compared["value"], bool))


trait = st.builds(
    lambda name, compared: {"op": "trait", "trait": name, **compared},
    st.sampled_from(["plan", "age", "deep.n", "tags"]),
    comparisons.filter(_agrees),
)
last_value = _windowed(
    st.builds(
        lambda node, compared: {**node, **compared},
        _filtered(
            _node(
                "last value",
                {"property": st.sampled_from(["n", "t", "total", "tags", "deep.n"]), "events": names},
                {},
            )
        ),
        comparisons.filter(_agrees),
    )
)
prediction = _node("prediction", {"model": st.sampled_from(["x", "xy"]), "compare": orders, "value": numbers}, {})
trait_date = st.builds(
    lambda name, yearly, way, span: {"op": "trait date", "trait": name, **yearly, way: span},
    st.sampled_from(["birthday", "since"]),
    st.sampled_from([{}, {"yearly": True}]),
    st.sampled_from(["next", "last"]),
    spans | st.sampled_from(["2 hours", "1 day", "300 days"]),
)
consent = _node("consent", {"answer": st.sampled_from(["subscribed", "pending", "unsubscribed", "unknown"])}, {})
random = _node("random", {"percent": st.sampled_from([1, 20, 50.5, 100]), "salt": texts}, {})
score = _node("score", {"score": st.just("e"), "compare": orders, "value": st.sampled_from([0, 1, 2.5, 3, -3, 10])}, {})
tier = _node("tier", {"score": st.just("e"), "tier": st.sampled_from(["a", "b", "c"])}, {})
rfm = _node(
    "rfm",
    {
        "measure": st.sampled_from(["recency", "frequency", "monetary"]),
        "compare": orders,
        "value": st.integers(1, 5),
    },
    {},
)
ASKED = (trait, trait_date, consent, random, last_value, prediction, rfm)
DONE = (did, did, aggregate, distinct, then, then_not, then_not, followed, first_last, first_last)


behaviour = one((*DONE, *ASKED))
leaves = one((*DONE, *DONE, *ASKED, score, tier))


def conditions(others=()):
    """Conditions, which may refer to the named segments."""
    leaf = leaves
    if others:
        leaf = leaf | st.sampled_from(sorted(others)).map(lambda name: {"op": "in segment", "segment": name})
    whole = _formulas(leaf)
    named = _formulas(st.sampled_from(["A", "B"]).map(lambda name: {"op": "name", "name": name}) | leaf)
    again = _formulas(st.just({"op": "name", "name": "A"}) | leaf)
    let = st.builds(lambda a, b, inside: {"op": "let", "names": {"A": a, "B": b}, "in": inside}, whole, again, named)
    return st.one_of(whole, whole, whole, let)


@st.composite
def _formulas(draw, leaf, depth=5):
    """A formula of the leaves, so many levels deep at most."""
    op = draw(SHAPES) if depth > 1 else "leaf"
    if op == "leaf":
        return draw(leaf)
    inner = _formulas(leaf, depth - 1)
    return {"op": op, "of": draw(inner if op == "not" else st.lists(inner, min_size=2, max_size=3))}


SHAPES = st.sampled_from(["leaf", "leaf", "leaf", "not", "and", "or"])
whole_days = st.sampled_from(["1 day", "2 days", "5 days", "1 week"])
given_points = st.sampled_from([1, 5, -3, 10, 2.5, 0.01])
limits = st.sampled_from([1, 6, 0.5, 12.25])
parts = st.fixed_dictionaries({"events": names})
given_for = _formulas(behaviour, 2)
rules = st.one_of(
    st.fixed_dictionaries({"points": given_points, "when": given_for}),
    st.fixed_dictionaries(
        {"points": given_points, "per": parts},
        optional={"within": spans | st.sampled_from(["90 minutes", "1 day", "1 week"]), "at most": limits},
    ),
    *(
        st.fixed_dictionaries({"points": given_points, "per": parts, way: whole_days}, optional={"at most": limits})
        for way in ("fading over", "halving every")
    ),
    st.fixed_dictionaries(
        {"points": given_points, "per full": st.sampled_from(["3 hours", "1 day", "3 days"]), "without": parts},
        optional={"at most": limits},
    ),
)
TIERS = {"a": -1, "b": 2, "c": 5.5}
scores = st.lists(rules, min_size=1, max_size=3).map(lambda found: {"id": "e", "rules": found, "tiers": TIERS})
borders = (
    st.fixed_dictionaries(
        {
            "recency": st.lists(st.sampled_from([1, 2, 2.5, 4, 9]), min_size=4, max_size=4).map(sorted),
            "frequency": st.lists(st.integers(1, 4), min_size=4, max_size=4).map(sorted),
            "monetary": st.lists(st.sampled_from([-1, 0, 0.02, 1.5, 5, 150]), min_size=4, max_size=4).map(sorted),
        }
    )
    | st.none()
)


@st.composite
def _definitions(draw):
    """Four segments, the last of which may refer to the others; a score; borders of the groups of customers."""
    nodes = [draw(conditions()) for _ in range(3)]
    nodes.append(draw(conditions({"s0", "s1", "s2"})))
    return {f"s{number}": node for number, node in enumerate(nodes)}, draw(scores), draw(borders)


definitions = _definitions()
segments = definitions.map(lambda found: link(found[0], {"e": found[1]}, found[2]))

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
        "cart": st.sampled_from(["c1", "c2", None, True]),
        "deep": st.fixed_dictionaries({}, optional={"n": odd}) | odd,
        "currency": st.sampled_from(["EUR", "JPY"]),
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
traits = st.fixed_dictionaries(
    {},
    optional={
        "birthday": dates | odd,
        "since": dates | odd,
        "plan": odd,
        "age": odd,
        "tags": odd,
        "deep": st.fixed_dictionaries({}, optional={"n": odd}) | odd,
    },
)


def _event(index, name, offset, said, person, natural, revision, partition, consent=None, names=()):
    return Event(
        name=name,
        time=START + offset,
        received=START + offset,
        identifiers=(f"anonymous_id:{partition}", *names),
        sort=f"2023-11-14T22:13:20.{index:03d}Z#m{index}",
        source="test",
        properties=said,
        traits=person,
        consent=consent,
        natural=natural,
        revision=revision if natural else 0,
    )


# What happens, without when and to whom: name, properties, traits, natural key, revision.
anything = st.tuples(
    st.sampled_from((*NAMES, *NAMES, "Prediction Made")),
    properties,
    traits,
    st.sampled_from([None, None, "order:1", "order:2"]),
    st.integers(0, 2),
)
amounts = st.sampled_from([0, 1, 2, 150, 10**30, Decimal("1.5"), "5", None])
orders_placed = st.builds(
    lambda name, order, total: (name, _priced(order, total), {}, order and f"order:{order}", 0),
    st.sampled_from(["Order Completed", "Order Completed", "Order Cancelled"]),
    st.sampled_from([None, "1", "2", "3"]),
    amounts,
)
# A refund tells of one order: its number never names another.
refunds = st.builds(
    lambda refund, total: ("Order Refunded", _priced(refund, total), {}, refund and f"refund:{refund}", 0),
    st.sampled_from([None, "1", "2"]),
    st.sampled_from([1, 2, 150]),
)


def _priced(order, total):
    return {"currency": "EUR", "total": total} | ({"order_id": order} if order else {})


happenings = st.one_of(anything, anything, anything, orders_placed, refunds)
answers = st.sampled_from([None, None, "subscribed", "pending", "unsubscribed"])
aliases = st.sampled_from([(), (), ("user_id:x",), ("user_id:y", "user_id:x")])


def happened(index, happening, offset, partition, consent, names):
    """The event of a happening."""
    name, said, person, natural, revision = happening
    return _event(index, name, offset, said, person, natural, revision, partition, consent, names)


histories = st.lists(
    st.tuples(happenings, st.integers(0, 50), st.sampled_from(["a", "b"]), answers, aliases), max_size=14
).map(lambda rows: [happened(index, *row) for index, row in enumerate(rows)])
