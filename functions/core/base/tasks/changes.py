"""Tasks of the queue ``changes``: changes of profiles that react could not follow when they came."""

from dataclasses import dataclass

from functions.core.base.tasks import Task


@dataclass(frozen=True, slots=True)
class ReactAgain(Task):
    """React to the change of a profile; ``images`` is JSON of the rows before and after it, as the stream has them."""

    QUEUE = "changes"

    images: str


TASKS = (ReactAgain,)
