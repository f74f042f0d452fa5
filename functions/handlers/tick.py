"""Every minute: who falls due before the next one?"""

from functions import telemetry, wiring
from functions.usecases.tick import tick


@telemetry.observed()
def handler(_event: object, _context: object) -> dict[str, int]:
    """Queue every profile and run that is due before the next tick is sure to see it."""
    return {"queued": tick(wiring.context())}
