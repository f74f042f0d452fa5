"""Formulas of conditions, scores, and what a shop has published."""

from decimal import Decimal

from hypothesis import strategies as st

from functions.core.scores.link import link
from functions.core.segments.language.named import resolve
from functions.core.segments.priced import in_money, money_of
from functions.core.segments.zoned import in_zone

from .operators import behaviour, leaves
from .values import GROUPS, START, names, spans


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
            "drawn": st.sampled_from([0, 30, 86_400, 5 * 86_400, -86_400]).map(lambda later: START + later),
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
shop_zones = st.sampled_from(["UTC", "Europe/Berlin", "America/Sao_Paulo"])
# The currency of a shop, and its rates: each for always, or from a day on that lies around what happens, or none.
tables = st.sampled_from(
    [
        ("", {}),
        ("EUR", {}),
        ("JPY", {}),
        ("EUR", {"JPY": Decimal("0.25")}),
        ("EUR", {"JPY": Decimal("0.00613"), "KWD": 3}),
        ("JPY", {"EUR": [{"since": "2023-11-13", "rate": 2}, {"since": "2023-11-14", "rate": Decimal("163.7")}]}),
        ("KWD", {"EUR": Decimal("0.333"), "JPY": [{"since": "2023-11-15", "rate": 7}]}),
        ("USD", {"EUR": 3, "JPY": [{"since": "2023-11-14", "rate": 2}, {"since": "2023-11-15", "rate": 7}]}),
    ]
)


def moneys(zone):
    """What a shop in the zone has beside its conditions."""
    return tables.map(lambda table: money_of(table[0], {"base": table[0], "rates": table[1]}, zone))


@st.composite
def _segments(draw):
    zone, nodes = draw(shop_zones), linked(*draw(definitions))
    return in_money(in_zone(nodes, zone), draw(moneys(zone)))


segments = _segments()


def linked(nodes, score, drawn):
    """The conditions with the events, the score and the borders that they name."""
    return link(resolve(nodes, GROUPS), {"e": resolve(score, GROUPS)}, drawn)
