"""Tokens that were taken back."""


class FakeRevocations:
    """The ids of tokens, and the instant up to which all are taken back."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        self.until = -1

    def revoke(self, token: str, until: int) -> None:
        self.ids.add(token)

    def revoke_issued(self, until: int) -> None:
        self.until = max(self.until, until)

    def covers(self, token: str, issued: int) -> bool:
        return token in self.ids or issued <= self.until
