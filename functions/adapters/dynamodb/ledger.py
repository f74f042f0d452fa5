"""The ledger of messages in DynamoDB; its rows are ``rows/messages.py``'s.

Everybody's messages are listed by state through the index of ``newest.py``. It holds keys only, so that opens and
clicks, which change often, are not written twice; a change of state moves the row (a delete and a put, one unit each).
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
    """Messages: sent, held back and failed ones, with the reason."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._newest = Newest(calls, rows.TABLE)

    def claim(self, message: Message) -> Message | None:
        """Write the message unless one of its cause is stored; return None if written, else the stored one."""
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
        """Replace the row if its (state, attempt) is as expected; raises Conflict. Counts and feedback stay."""
        key, values = rows.key(message.profile, message.cause), rows.saved(message, expected)
        self._calls.update(rows.TABLE, key, rows.SAVE, rows.AS_READ, values)

    def get(self, profile: str, cause: str) -> Message | None:
        """The message, read consistently; None if there is none."""
        item = self._calls.get(rows.TABLE, rows.key(profile, cause))
        return rows.from_item(item) if item else None

    def settle(self, profile: str, cause: str, ses_id: str, at: int) -> None:
        """Mark a claimed message as sent, since SES has accepted it; any other row is left unchanged."""
        self._change(profile, cause, rows.SETTLE, rows.settled(profile, cause, ses_id, at), rows.IS_CLAIMED)

    def tally(self, profile: str, cause: str, kind: Literal["opens", "clicks"]) -> None:
        """Add one to the message's opens or clicks."""
        self._change(profile, cause, rows.count(kind), rows.ONE)

    def report(self, profile: str, cause: str, feedback: str) -> None:
        """Record a bounce, complaint, rejection or delay on the message."""
        self._change(profile, cause, rows.REPORT, rows.reported(feedback))

    def of(self, profile: str) -> list[Message]:
        """The profile's messages, read consistently."""
        return [rows.from_item(item) for item in self._calls.query(rows.TABLE, *rows.of_profile(profile))]

    def page(
        self, states: Sequence[MessageState], limit: int, start: str | None = None
    ) -> tuple[list[Message], str | None]:
        """Everybody's messages in one of the states, newest first, and the start of the next page, or None.

        The index lags by a moment, so rows are read consistently, and one whose state has changed is left to its new
        place.
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
        """Update a row if it exists and is as expected; a row that is erased or settled is left unchanged."""
        key = rows.key(profile, cause)
        swallow(Conflict, lambda: self._calls.update(rows.TABLE, key, change, when, values))
