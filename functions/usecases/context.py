"""The context of a use case: the ports, the settings, the ruleset and the instant at which it runs.

A function of a use case that needs a port takes the context and reads from it; one that needs none takes the values
that it works on, and is tested with these alone.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Imported for types only: functions that accept requests need no definitions, and start without loading them.
    from functions.core.definitions.ruleset import Ruleset
    from functions.core.ports import Ports
    from functions.settings import Settings


def never() -> bool:
    """No deadline."""
    return False


@dataclass(frozen=True, slots=True)
class Context:
    """What one invocation, or one record of its batch, works with; ``now`` is its instant in seconds UTC.

    ``late`` says whether too little of the invocation's time is left to begin what has to end in it.

    ``counts`` is what use cases count on the way, by the name of its metric; all contexts of an invocation share one.

    ``lanes`` is how many people may be worked on at a time (``side_by_side``).

    ``silent`` is True while imported history is folded: of what it changes no flow and no destination hears.

    The ruleset is loaded when it is first asked for, since most requests need none, and must then stay the same to
    the end: ``load_ruleset`` returns one object at every call.
    """

    ports: "Ports"
    settings: "Settings"
    load_ruleset: "Callable[[], Ruleset]" = field(repr=False)
    now: int
    counts: Counter[str] = field(default_factory=Counter, compare=False)
    late: Callable[[], bool] = field(default=never, compare=False, repr=False)
    lanes: int = field(default=1, compare=False)
    silent: bool = field(default=False, compare=False)

    @property
    def ruleset(self) -> "Ruleset":
        """All current definitions, compiled."""
        return self.load_ruleset()
