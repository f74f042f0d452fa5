"""One condition of each operator."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from functions.core.segments.dates import reach

from .values import BOUGHT, START, comparisons, counts, filters, names, numbers, one, spans, texts


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
    .map(lambda pair: sorted(pair, key=lambda moment: reach(moment) or (0, 0)))
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
aggregate |= st.builds(lambda node: node | {"net": True, "property": "total", "events": [BOUGHT]}, aggregate)
aggregate |= st.builds(
    lambda node, currency: node | {"currency": currency} if node["property"] != "n" else node,
    aggregate,
    st.sampled_from(["EUR", "JPY"]),
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
emptied = _filtered(
    _node(
        "then not",
        {
            "events": st.sampled_from(
                [["Product Added"], ["A", "Checkout Started"], ["Product Added", "Product Removed"]]
            ),
            "not": steps,
            "for": st.integers(1, 15).map(lambda n: f"{n} seconds" if n > 1 else "1 second"),
            "by": st.just("cart"),
            "unless": st.just("emptied"),
        },
        {"within": st.integers(16, 40).map("{} seconds".format)},
    )
)
then_not |= then_not.filter(lambda node: "by" in node).map(lambda node: node | {"if given": True})
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
last_value |= st.builds(
    lambda node, currency: node | {"property": "total", "currency": currency},
    last_value,
    st.sampled_from(["EUR", "JPY"]),
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
DONE = (did, did, aggregate, distinct, then, then_not, then_not, emptied, followed, first_last, first_last)


behaviour = one((*DONE, *ASKED))
leaves = one((*DONE, *DONE, *ASKED, score, tier))
