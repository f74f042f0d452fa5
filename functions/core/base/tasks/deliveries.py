"""Tasks of the queue ``deliveries``: what destinations are to be told."""

from dataclasses import dataclass

from functions.core.base.tasks import Task


@dataclass(frozen=True, slots=True)
class DeliverTransition(Task):
    """Deliver a transition to a destination.

    ``reason``, of a dead letter only, is why delivery was given up. ``waited`` is how many seconds it was put off so
    far because the receiver asked for that.
    """

    QUEUE = "deliveries"

    destination: str
    profile: str
    segment: str
    entered: bool
    at: int
    cause: str
    order: int
    reason: str | None = None
    waited: int = 0


TASKS = (DeliverTransition,)
