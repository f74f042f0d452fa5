"""References between segments: the order to compile them in, and the transitive closure of some of them."""

from collections.abc import Iterable, Mapping

from functions.core.base.errors import DefinitionRefused, Fault
from functions.core.base.spelling import nearest
from functions.core.segments.operator import Condition


def ordered(conditions: Mapping[str, Condition]) -> list[str]:
    """The segment ids, each after those it refers to; raises DefinitionRefused for circular or unknown references."""
    order: dict[str, None] = {}
    for name in conditions:
        stack = [(name, iter(conditions[name].segments))]
        while stack:
            current, others = stack[-1]
            other = next((each for each in others if each not in order), None)
            if other is None:
                order[current] = None
                stack.pop()
            elif any(other == entered for entered, _ in stack):
                circle = " → ".join([*(entered for entered, _ in stack), other])
                raise DefinitionRefused(Fault(f"segments refer to each other in a circle: {circle}", "when"))
            elif other not in conditions:
                message = f"{current!r} refers to segment {other!r}, which does not exist"
                raise DefinitionRefused(Fault(message, "when", suggestion=nearest(other, conditions)))
            else:
                stack.append((other, iter(conditions[other].segments)))
    return list(order)


def closed(active: Iterable[str], conditions: Mapping[str, Condition]) -> frozenset[str]:
    """The ids that exist among ``active``, together with every segment that they refer to, directly or indirectly."""
    names: set[str] = set()
    waiting = [name for name in active if name in conditions]
    while waiting:
        name = waiting.pop()
        if name not in names:
            names.add(name)
            waiting.extend(conditions[name].segments)
    return frozenset(names)
