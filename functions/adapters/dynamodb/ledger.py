"""The ledger of messages in DynamoDB: pk profile, sk cause, then the fields of Message by their names.

``token`` tells a claim of ours whose answer was lost, and which botocore then repeated, from somebody else's.
"""

from dataclasses import fields
from typing import Any, Literal
from uuid import uuid4

from functions.adapters.dynamodb.calls import ABSENT, PRESENT, Calls, Item, Value, number, swallow, text
from functions.adapters.errors import ConditionFailed
from functions.core.errors import Conflict
from functions.core.records import Message, MessageState

_KEYS = ("profile", "cause")
# Opens, clicks and feedback arrive whenever they like: a save that was read before them must not undo them.
_COUNTED = ("opens", "clicks", "feedback")
_SAVED = tuple(field.name for field in fields(Message) if field.name not in (*_KEYS, *_COUNTED))
_SAVE = "SET " + ", ".join(f"#{name} = :{name}" for name in _SAVED)


class DynamoLedger:
    """What was sent, what was held back, and why."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

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
        change = "SET #state = :sent, #ses_id = :ses_id, #at = :at"
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

    def recent(self, limit: int) -> list[Message]:
        """Messages of everybody, newest first. Reads the whole table: for people who look, not for programs."""
        messages = map(_message, self._calls.scan("messages"))
        return sorted(messages, key=lambda message: (message.at, message.cause), reverse=True)[:limit]

    def forget(self, profile: str) -> None:
        """Delete the profile's messages."""
        keys = self._calls.query("messages", "#pk = :pk", {":pk": text(profile)}, ProjectionExpression="#pk, #sk")
        self._calls.write(deletes=[("messages", key) for key in keys])

    def _change(self, profile: str, cause: str, change: str, values: Item, when: str = PRESENT) -> None:
        """Change a row that is there and as expected; a row that is not (erased, settled before) is left."""
        swallow(Conflict, lambda: self._calls.update("messages", _key(profile, cause), change, when, values))


def _key(profile: str, cause: str) -> Item:
    return {"pk": text(profile), "sk": text(cause)}


def _value(value: Any) -> Value:
    return number(value) if isinstance(value, int) else text(value)


def _item(message: Message) -> Item:
    names = (*_SAVED, *_COUNTED)
    return _key(message.profile, message.cause) | {name: _value(getattr(message, name)) for name in names}


def _message(item: Item) -> Message:
    found: dict[str, Any] = {"profile": item["pk"]["S"], "cause": item["sk"]["S"]}
    for name in (*_SAVED, *_COUNTED):
        if name in item:
            found[name] = int(item[name]["N"]) if "N" in item[name] else item[name]["S"]
    return Message(**found)
