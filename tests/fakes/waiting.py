"""A port whose calls take time, of which many may be under way, as AWS's do."""

import time
from threading import Lock
from typing import Any


class Waiting:
    """Waits before each call of the port; calls take effect one after the other, as conditional writes do.

    All ports of one world share ``effect``. ``calls`` is how many there were.
    """

    def __init__(self, port: Any, effect: Lock, seconds: float) -> None:
        self._port, self._effect, self._seconds, self.calls = port, effect, seconds, 0

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._port, name)
        if not callable(value):
            return value

        def call(*args: Any, **more: Any) -> Any:
            time.sleep(self._seconds)
            with self._effect:
                self.calls += 1
                return value(*args, **more)

        return call


def make_wait(app: Any, names: tuple[str, ...], seconds: float) -> list[Waiting]:
    """Let every call of these ports take so many seconds."""
    effect = Lock()
    ports = [Waiting(getattr(app, name), effect, seconds) for name in names]
    for name, port in zip(names, ports, strict=True):
        setattr(app, name, port)
    return ports
