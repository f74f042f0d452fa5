"""Whose is what: everybody by the log, link by link in the order of time."""

from typing import Any

STRONG = ("email", "user_id", "shopify")
KINDS = (*STRONG, "anonymous_id", "visitor", "shopify_cart", "shopify_checkout", "shopify_order")


def kind(name):
    return name.split(":")[0]


def is_strong(name):
    return kind(name) in STRONG


def rank(name):
    return KINDS.index(kind(name)), name


def account(name):
    """The account that a name is, or that a visitor claims to have."""
    if kind(name) == "visitor":
        claimed = name.split("/")[1]
        return ["user_id:" + claimed] if claimed else []
    return [name] if kind(name) in ("user_id", "shopify") else []


def first(names):
    """The name that says whose an event is: an account before an address before a device."""
    return min(names, key=lambda name: (not account(name), rank(name)))


def differ(ours, theirs):
    """Whether both have accounts of one kind, and none in common."""
    for each in ("user_id", "shopify"):
        a, b = ({one for name in names for one in account(name) if kind(one) == each} for names in (ours, theirs))
        if a and b and not a & b:
            return True
    return False


def names_somebody(names):
    return is_strong(first(names)) or bool(account(first(names)))


class World:
    """Who has had each name since when; people are labels, and labels are renamed when two are one person."""

    def __init__(self):
        self.had = {}

    def who(self, name, time):
        """The label of the last one who had it by then, else of the first who did."""
        had = self.had.setdefault(name, [(0, name)])
        return ([label for since, label in had if since <= time] or [had[0][1]])[-1]

    def names(self, label):
        return {name for name, had in self.had.items() if any(each == label for _, each in had)}

    def meet(self, names, time, merges):
        chief = first(names)
        for other in sorted(set(names), key=rank):
            ours, theirs = self.who(chief, time), self.who(other, time)
            if ours == theirs:
                continue
            if merges or not differ(self.names(ours), self.names(theirs)):
                for name, had in self.had.items():
                    self.had[name] = [(since, ours if label == theirs else label) for since, label in had]
            elif not is_strong(other):
                self.had[other] = sorted([*self.had[other], (time, ours)], key=lambda each: each[0])


def people(events):
    """Everybody: their names, and their events."""
    world = World()
    for event in sorted(events, key=lambda event: (event.time, not names_somebody(event.identifiers), event.id)):
        world.meet(event.identifiers, event.time, event.merges)
    found: dict[str, list[Any]] = {}
    for event in events:
        label = world.who(first(event.identifiers), event.time)
        found.setdefault(label, []).append(event)
    labels = {label for had in world.had.values() for _, label in had}
    return [(frozenset(world.names(label)), found.get(label, [])) for label in sorted(labels)]
