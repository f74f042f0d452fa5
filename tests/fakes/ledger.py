"""The ledger of messages."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from functions.core.base.errors import Conflict
from functions.core.messages.records import Message, MessageState
from tests.fakes.pages import page


class FakeLedger:
    """Messages by profile and cause."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Message]] = defaultdict(dict)

    def claim(self, message: Message) -> Message | None:
        stored = self.rows[message.profile].get(message.cause)
        if stored is None:
            self.rows[message.profile][message.cause] = message
        return stored

    def save(self, message: Message, *, expected: tuple[MessageState, int]) -> None:
        stored = self.rows[message.profile].get(message.cause)
        if stored is None or (stored.state, stored.attempt) != expected:
            raise Conflict("save message")
        self.rows[message.profile][message.cause] = replace(
            message, opens=stored.opens, clicks=stored.clicks, feedback=stored.feedback
        )

    def get(self, profile: str, cause: str) -> Message | None:
        return self.rows[profile].get(cause)

    def settle(self, profile: str, cause: str, ses_id: str, at: int) -> None:
        stored = self.get(profile, cause)
        if stored and stored.state == "claimed":
            self.rows[profile][cause] = replace(stored, state="sent", ses_id=ses_id, at=at)

    def tally(self, profile: str, cause: str, kind: Literal["opens", "clicks"]) -> None:
        stored = self.get(profile, cause)
        if stored and kind == "opens":
            self.rows[profile][cause] = replace(stored, opens=stored.opens + 1)
        elif stored:
            self.rows[profile][cause] = replace(stored, clicks=stored.clicks + 1)

    def report(self, profile: str, cause: str, feedback: str) -> None:
        stored = self.get(profile, cause)
        if stored:
            self.rows[profile][cause] = replace(stored, feedback=feedback)

    def of(self, profile: str) -> list[Message]:
        return [message for _, message in sorted(self.rows[profile].items())]

    def page(
        self, states: Sequence[MessageState], limit: int, start: str | None = None
    ) -> tuple[list[Message], str | None]:
        messages = [message for rows in self.rows.values() for message in rows.values() if message.state in states]
        return page([(each.at, f"{each.profile} {each.cause}", each) for each in messages], limit, start)

    def forget(self, profile: str, causes: Iterable[str] | None = None) -> None:
        for cause in list(self.rows[profile]) if causes is None else causes:
            self.rows[profile].pop(cause, None)
