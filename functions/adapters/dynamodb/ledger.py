"""The ledger of messages in DynamoDB; its rows are ``rows/messages.py``'s.

Lists of everybody's messages go by state through the index of ``newest.py``. It holds keys only, so that opens and
clicks, which change often, are not written twice; a change of state moves the row (delete and put, a unit each).
"""

from collections.abc import Iterable, Sequence
from typing import Literal
from uuid import uuid4

from functions.adapters.dynamodb.calls import Calls, swallow
from functions.adapters.dynamodb.newest import Newest, in_same_place
from functions.adapters.dynamodb.rows import messages as rows
from functions.adapters.dynamodb.values import Item
from functions.adapters.errors import ConditionFailed
from functions.core.base.errors import Conflict
from functions.core.messages.records import Message, MessageState


class DynamoLedger:
    """What was sent, what was held back, and why."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._newest = Newest(calls, rows.TABLE)

    def claim(self, message: Message) -> Message | None:
        """Write the message unless its cause is there; return None when written, else what is there."""
        token = uuid4().hex
        item, key = rows.to_item(message) | rows.claimed_by(token), rows.key(message.profile, message.cause)
        try:
            self._calls.put(rows.TABLE, item, rows.UNCLAIMED, show=True)
        except ConditionFailed as failed:
            stored = dict(failed.item or self._calls.get(rows.TABLE, key) or {})
            if not stored:
                raise
            return None if rows.is_claim_of(stored, token) else rows.from_item(stored)
        return None

    def save(self, message: Message, *, expected: tuple[MessageState, int]) -> None:
        """Replace the row if it still has this (state, attempt); raises Conflict. Counts and feedback stay."""
        key, values = rows.key(message.profile, message.cause), rows.saved(message, expected)
        self._calls.update(rows.TABLE, key, rows.SAVE, rows.AS_READ, values)

    def get(self, profile: str, cause: str) -> Message | None:
        """The message, read strongly."""
        item = self._calls.get(rows.TABLE, rows.key(profile, cause))
        return rows.from_item(item) if item else None

    def settle(self, profile: str, cause: str, ses_id: str, at: int) -> None:
        """SES says that it has the message: a claimed row becomes sent; nothing else changes."""
        self._change(profile, cause, rows.SETTLE, rows.settled(profile, cause, ses_id, at), rows.IS_CLAIMED)

    def tally(self, profile: str, cause: str, kind: Literal["opens", "clicks"]) -> None:
        """Count an open or a click."""
        self._change(profile, cause, rows.count(kind), rows.ONE)

    def report(self, profile: str, cause: str, feedback: str) -> None:
        """Note a bounce, complaint, rejection or delay on the message."""
        self._change(profile, cause, rows.REPORT, rows.reported(feedback))

    def of(self, profile: str) -> list[Message]:
        """The profile's messages, read strongly."""
        return [rows.from_item(item) for item in self._calls.query(rows.TABLE, *rows.of_profile(profile))]

    def page(
        self, states: Sequence[MessageState], limit: int, start: str | None = None
    ) -> tuple[list[Message], str | None]:
        """Everybody's messages in one of the states, newest first, and where to go on; None after the last.

        The index follows a moment later, so rows are read strongly, and one that has moved on in it is left for the
        place to which it moved.
        """
        entries, following = self._newest.page(states, limit, start)
        moved = {rows.place(entry): entry for entry in entries}
        keys = {rows.TABLE: [rows.key_of(entry) for entry in moved.values()]}
        stored = {rows.place(item): item for item in self._calls.read(keys, fresh=True)[rows.TABLE]}
        messages = [
            stored[name] for name, entry in moved.items() if name in stored and in_same_place(stored[name], entry)
        ]
        return [message for message in map(rows.from_item, messages) if message.state in states], following

    def forget(self, profile: str, causes: Iterable[str] | None = None) -> None:
        """Delete the profile's messages: all, or those of these causes."""
        self._calls.forget(rows.TABLE, profile, causes)

    def _change(self, profile: str, cause: str, change: str, values: Item, when: str = rows.IS_THERE) -> None:
        """Change a row that is there and as expected; a row that is not (erased, settled before) is left."""
        key = rows.key(profile, cause)
        swallow(Conflict, lambda: self._calls.update(rows.TABLE, key, change, when, values))
