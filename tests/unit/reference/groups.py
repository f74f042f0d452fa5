"""Whose is what: everybody by the log, link by link in the order of time."""

from typing import Any

STRONG = ("email", "user_id", "shopify")
KINDS = (*STRONG, "anonymous_id", "shopify_cart", "shopify_checkout", "shopify_order")


def kind(name):
    return name.split(":")[0]


def is_strong(name):
    return kind(name) in STRONG


def rank(name):
    return KINDS.index(kind(name)), name


def differ(ours, theirs):
    """Whether both have accounts of one kind, and none in common."""
    for each in ("user_id", "shopify"):
        a, b = ({name for name in names if kind(name) == each} for names in (ours, theirs))
        if a and b and not a & b:
            return True
    return False


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

    def meet(self, names, time):
        first, *others = sorted(set(names), key=rank)
        for other in others:
            ours, theirs = self.who(first, time), self.who(other, time)
            if ours == theirs:
                continue
            if not is_strong(other) and differ(self.names(ours), self.names(theirs)):
                self.had[other] = sorted([*self.had[other], (time, ours)], key=lambda each: each[0])
            else:
                for name, had in self.had.items():
                    self.had[name] = [(since, ours if label == theirs else label) for since, label in had]
            self.who(first, time)


def people(events):
    """Everybody: their names, and their events."""
    world = World()
    for event in sorted(
        events, key=lambda event: (event.time, not is_strong(min(event.identifiers, key=rank)), event.id)
    ):
        world.meet(event.identifiers, event.time)
    found: dict[str, list[Any]] = {}
    for event in events:
        label = world.who(min(event.identifiers, key=rank), event.time)
        found.setdefault(label, []).append(event)
    labels = {label for had in world.had.values() for _, label in had}
    return [(frozenset(world.names(label)), found.get(label, [])) for label in sorted(labels)]
