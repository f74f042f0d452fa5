"""The number of the format in which things are stored."""


class FakeFormats:
    """One number, which only grows."""

    def __init__(self) -> None:
        self.number = 0

    def stored(self) -> int:
        return self.number

    def raise_to(self, number: int) -> None:
        self.number = max(self.number, number)
