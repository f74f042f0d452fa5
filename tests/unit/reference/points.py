"""Points of scores, and groups of customers."""

from decimal import Decimal
from fractions import Fraction

from functions.core.scores.rfm import BOUGHT

from .events import net_of, numbered, once, standing
from .values import ordered, span

DAY = 86_400


def score(definition, person, now, holds):
    """The points: every event is looked at anew for every rule."""
    return sum(worth(rule, person, now, holds) for rule in definition["rules"])


def compares(node, person, now, holds):
    if "definition" not in node:
        return False
    return ordered(node["compare"], score(node["definition"], person, now, holds), Decimal(str(node["value"])))


def in_tier(node, person, now, holds):
    if "definition" not in node:
        return False
    tiers = {name: Decimal(str(begins)) for name, begins in node["definition"]["tiers"].items()}
    reached = [name for name in tiers if tiers[name] <= score(node["definition"], person, now, holds)]
    return bool(reached) and node["tier"] == max(reached, key=lambda name: tiers[name])


def worth(rule, person, now, holds):
    gives = Decimal(str(rule["points"]))
    if "when" in rule:
        return gives if holds(rule["when"], person, now) else Decimal(0)
    part = rule.get("per") or rule["without"]
    events = once(standing(part, person, now), lambda event: event.time, part)
    ages = [now - event.time for event in events if event.time <= now]
    if "per full" in rule:
        amount = gives * (min(ages) // span(rule["per full"])) if ages else Decimal(0)
    else:
        # A share is a quotient: times the points it is a whole number of hundredths again.
        amount = sum((round(gives * share(rule, gives, age), 2) for age in ages), Decimal(0))
    limit = Decimal(str(rule.get("at most", 10**9)))
    return max(-limit, min(limit, amount))


def share(rule, gives, age):
    if "fading over" in rule:
        days = span(rule["fading over"]) // DAY
        return cents(Fraction(max(0, days - age // DAY), days) * Fraction(gives)) / gives
    if "halving every" in rule:
        halvings = Fraction(age // DAY, span(rule["halving every"]) // DAY)
        part = Fraction(1, 2**halvings.numerator) if halvings.denominator == 1 else Fraction(2.0 ** -float(halvings))
        return cents(part * Fraction(gives)) / gives
    return age < span(rule["within"]) if "within" in rule else 1


def cents(amount):
    """Rounded to hundredths, halves away from zero."""
    whole = int(abs(amount) * 100 + Fraction(1, 2))
    return Decimal(whole if amount > 0 else -whole) / 100


def orders_of(said):
    """What is asked for of the orders by the shop's definition of them."""
    return {"events": [{"named": "bought", "definition": said}], "property": said.get("amount", "total")}


def counted(person, now, node):
    """The orders that count: what nobody took back."""
    left = standing(node, person, now)
    return [event for event in numbered(node, person.events) if event in left and event.time <= now]


def last_order(person, now, said):
    return max(event.time for event in counted(person, now, orders_of(said)))


def customer(person, now, money, said):
    """Whole days since the last order, how many orders, what was paid less what was paid back; None without orders."""
    asked = orders_of(said)
    orders, priced = counted(person, now, asked), {**asked, "money": money}
    if not orders:
        return None
    paid = sum(net_of(event, priced, person, now) for event in counted(person, now, priced))
    return (now - last_order(person, now, said)) // DAY, len(orders), paid


def rfm(node, person, now):
    said = node.get("orders", BOUGHT)
    found = customer(person, now, node.get("money", {}), said)
    if "borders" not in node or found is None:
        return False
    value = found[("recency", "frequency", "monetary").index(node["measure"])]
    if node["measure"] == "recency":
        # Everybody is as old as they were when the borders were drawn.
        value = (node["drawn"] - last_order(person, now, said)) // DAY
    above = sum(Fraction(value) >= Fraction(str(border)) for border in node["borders"])
    return ordered(node["compare"], 5 - above if node["measure"] == "recency" else above + 1, node["value"])
