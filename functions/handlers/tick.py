"""Every minute: who falls due before the next one?"""

from functions import telemetry, wiring
from functions.usecases.tick import tick


@telemetry.observed()
def handler(_event: object, _context: object) -> dict[str, int]:
    """Queue everybody who is due soon."""
    return {"queued": tick(wiring.context())}
