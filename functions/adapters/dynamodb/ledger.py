"""The ledger of messages in DynamoDB: pk profile, sk cause, then the fields of Message by their names.

Lists of everybody's messages go by state through the index of ``newest.py``. It holds keys only, so that opens and
clicks, which change often, are not written twice; a change of state moves the row (delete and put, a unit each).
``token`` tells a claim of ours whose answer was lost, and which botocore then repeated, from somebody else's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any, Literal
from uuid import uuid4

from functions.adapters.dynamodb.calls import ABSENT, PRESENT, Calls, swallow
from functions.adapters.dynamodb.newest import Newest, index_keys
from functions.adapters.dynamodb.values import Item, Value, number, string, text
from functions.adapters.errors import ConditionFailed
from functions.core.base.errors import Conflict
from functions.core.messages.records import Message, MessageState

_KEYS = ("profile", "cause")
# Opens, clicks and feedback arrive whenever they like: a save that was read before them must not undo them.
_COUNTED = ("opens", "clicks", "feedback")
_SAVED = tuple(field.name for field in fields(Message) if field.name not in (*_KEYS, *_COUNTED))
_SAVE = "SET " + ", ".join(f"#{name} = :{name}" for name in (*_SAVED, "group_shard", "time_key"))


class DynamoLedger:
    """What was sent, what was held back, and why."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._newest = Newest(calls, "messages")

    def claim(self, message: Message) -> Message | None:
        """Write the message unless its cause is there; return None when written, else what is there."""
        token = uuid4().hex
        item = _item(message) | {"token": text(token)}
        try:
            self._calls.put("messages", item, ABSENT, show=True)
        except ConditionFailed as failed:
            stored = dict(failed.item or self._calls.get("messages", _key(message.profile, message.cause)) or {})
            if not stored:
                raise
            return None if stored.get("token") == text(token) else _message(stored)
        return None

    def save(self, message: Message, *, expected: tuple[MessageState, int]) -> None:
        """Replace the row if it still has this (state, attempt); raises Conflict. Counts and feedback stay."""
        state, attempt = expected
        values = {f":{name}": _value(getattr(message, name)) for name in _SAVED}
        values |= _listed(message.profile, message.cause, message.state, message.at)
        values |= {":was": text(state), ":tried": number(attempt)}
        when = f"{PRESENT} AND #state = :was AND #attempt = :tried"
        self._calls.update("messages", _key(message.profile, message.cause), _SAVE, when, values)

    def get(self, profile: str, cause: str) -> Message | None:
        """The message, read strongly."""
        item = self._calls.get("messages", _key(profile, cause))
        return _message(item) if item else None

    def settle(self, profile: str, cause: str, ses_id: str, at: int) -> None:
        """SES says that it has the message: a claimed row becomes sent; nothing else changes."""
        values = {":sent": text("sent"), ":ses_id": text(ses_id), ":at": number(at), ":claimed": text("claimed")}
        values |= _listed(profile, cause, "sent", at)
        change = "SET #state = :sent, #ses_id = :ses_id, #at = :at, #group_shard = :group_shard, #time_key = :time_key"
        self._change(profile, cause, change, values, "#state = :claimed")

    def tally(self, profile: str, cause: str, kind: Literal["opens", "clicks"]) -> None:
        """Count an open or a click."""
        self._change(profile, cause, f"ADD #{kind} :one", {":one": number(1)})

    def report(self, profile: str, cause: str, feedback: str) -> None:
        """Note a bounce, complaint, rejection or delay on the message."""
        self._change(profile, cause, "SET #feedback = :feedback", {":feedback": text(feedback)})

    def of(self, profile: str) -> list[Message]:
        """The profile's messages, read strongly."""
        return [_message(item) for item in self._calls.query("messages", "#pk = :pk", {":pk": text(profile)})]

    def page(
        self, states: Sequence[MessageState], limit: int, start: str | None = None
    ) -> tuple[list[Message], str | None]:
        """Everybody's messages in one of the states, newest first, and where to go on; None after the last.

        The index follows a moment later, so rows are read strongly, and one that has moved on in it is left for the
        place to which it moved.
        """
        entries, following = self._newest.page(states, limit, start)
        moved = {_row(entry): entry for entry in entries}
        keys = [{"pk": entry["pk"], "sk": entry["sk"]} for entry in moved.values()]
        rows = {_row(item): item for item in self._calls.read({"messages": keys}, fresh=True)["messages"]}
        found = [rows[name] for name, entry in moved.items() if name in rows and _same_place(rows[name], entry)]
        return [message for message in map(_message, found) if message.state in states], following

    def forget(self, profile: str, causes: Iterable[str] | None = None) -> None:
        """Delete the profile's messages: all, or those of these causes."""
        self._calls.forget("messages", profile, causes)

    def _change(self, profile: str, cause: str, change: str, values: Item, when: str = PRESENT) -> None:
        """Change a row that is there and as expected; a row that is not (erased, settled before) is left."""
        swallow(Conflict, lambda: self._calls.update("messages", _key(profile, cause), change, when, values))


def _key(profile: str, cause: str) -> Item:
    return {"pk": text(profile), "sk": text(cause)}


def _row(item: Item) -> tuple[str, str]:
    return string(item, "pk"), string(item, "sk")


def _same_place(row: Item, entry: Item) -> bool:
    return all(row.get(name) == entry.get(name) for name in ("group_shard", "time_key"))


def _listed(profile: str, cause: str, state: MessageState, at: int) -> Item:
    """The values of an expression that puts the row where its state is listed."""
    return {f":{name}": value for name, value in index_keys(state, at, profile, cause).items()}


def _value(value: Any) -> Value:
    return number(value) if isinstance(value, int) else text(value)


def _item(message: Message) -> Item:
    names = (*_SAVED, *_COUNTED)
    keys = _key(message.profile, message.cause) | index_keys(message.state, message.at, message.profile, message.cause)
    return keys | {name: _value(getattr(message, name)) for name in names}


def _message(item: Item) -> Message:
    found: dict[str, Any] = {"profile": item["pk"]["S"], "cause": item["sk"]["S"]}
    for name in (*_SAVED, *_COUNTED):
        if name in item:
            found[name] = int(item[name]["N"]) if "N" in item[name] else item[name]["S"]
    return Message(**found)
