"""Secrets, and their rotation."""


class FakeSecrets:
    """The accepted values of each secret, remembered until they are refreshed."""

    def __init__(self, **values: tuple[str, ...]) -> None:
        self.values = {name.replace("_", "-"): several for name, several in values.items()}
        self._known: dict[str, tuple[str, ...]] = {}

    def has(self, name: str) -> bool:
        return name in self.values

    def get(self, name: str) -> tuple[str, ...]:
        return self._known.setdefault(name, self.values[name])

    def refresh(self, name: str) -> tuple[str, ...]:
        self._known[name] = self.values[name]
        return self.values[name]

    def rotate(self, name: str, value: str) -> None:
        """Make the value the current one; the one before is accepted still."""
        self.values[name] = (value, *self.values.get(name, ())[:1])
