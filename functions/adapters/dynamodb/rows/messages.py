"""Rows of the ledger of messages: pk profile, sk cause, then the fields of Message by their own names.

token                  which claim wrote the row
group_shard, time_key  keys of the index ``newest``, by state
"""

from dataclasses import fields
from typing import Any

from functions.adapters.dynamodb.calls import ABSENT, PRESENT
from functions.adapters.dynamodb.newest import GROUP_SHARD, TIME_KEY, index_keys
from functions.adapters.dynamodb.values import Item, Value, number, text
from functions.core.messages.records import Message, MessageState

TABLE = "messages"
PROFILE, CAUSE, TOKEN = "pk", "sk", "token"
STATE, ATTEMPT, AT, SES_ID, FEEDBACK = "state", "attempt", "at", "ses_id", "feedback"
# Opens, clicks and feedback arrive whenever they like: a save that was read before them must not undo them.
COUNTED = ("opens", "clicks", FEEDBACK)
SAVED = tuple(field.name for field in fields(Message) if field.name not in ("profile", "cause", *COUNTED))

# Of all that would send for one cause only one may: the row is there before SES is called, so whoever finds it does
# not call. The token tells a claim of ours whose answer was lost, and which botocore repeated, from somebody else's:
# without it the repetition would find the row, give way to itself, and nobody would send.
UNCLAIMED = ABSENT

# Whoever goes on with a row that they read goes on from a state and an attempt. Each new claim of a row has a higher
# attempt, so the pair names one try: if two want to go on from it, the first changes it and the other one is refused.
# SES's own Send event changes the state likewise, and whoever wanted to try again meanwhile is refused.
SAVE = "SET " + ", ".join(f"#{name} = :{name}" for name in (*SAVED, GROUP_SHARD, TIME_KEY))
AS_READ = f"{PRESENT} AND #{STATE} = :was AND #{ATTEMPT} = :tried"

# SES's Send event and the answer to the call both say that it has the message, in either order, and again. Only a row
# that waits for that changes. A released row does not: its call is known to have had no effect.
SETTLE = "SET " + ", ".join(f"#{name} = :{name}" for name in (STATE, SES_ID, AT, GROUP_SHARD, TIME_KEY))
IS_CLAIMED = f"#{STATE} = :claimed"

# Additions to one attribute, and one attribute that is nobody else's: they change nothing that was read, so they need
# no version. The row has to be there, or a report on an erased person would make one.
REPORT = f"SET #{FEEDBACK} = :{FEEDBACK}"
IS_THERE = PRESENT

ONE: Item = {":one": number(1)}


def count(kind: str) -> str:
    """The update expression that adds one to ``opens`` or ``clicks``."""
    return f"ADD #{kind} :one"


def of_profile(profile: str) -> tuple[str, Item]:
    """The key condition of a profile's messages, with its values."""
    return f"#{PROFILE} = :pk", {":pk": text(profile)}


def key(profile: str, cause: str) -> Item:
    """The key of a message's row."""
    return {PROFILE: text(profile), CAUSE: text(cause)}


def key_of(item: Item) -> Item:
    """The key of a row, also of one that an index returned."""
    return {PROFILE: item[PROFILE], CAUSE: item[CAUSE]}


def place(item: Item) -> tuple[str, str]:
    """The profile and cause of a row, as a comparable pair."""
    return item[PROFILE]["S"], item[CAUSE]["S"]


def claimed_by(token: str) -> Item:
    """The attribute with the token of the claim that wrote a row."""
    return {TOKEN: text(token)}


def is_claim_of(item: Item, token: str) -> bool:
    """True if the stored row was written by this very claim, so that a retried request knows its own write."""
    return item.get(TOKEN) == text(token)


def to_item(message: Message) -> Item:
    """Encode the row of a message, without its claim's token."""
    keys = index_keys(message.state, message.at, message.profile, message.cause)
    values = {name: _value(getattr(message, name)) for name in (*SAVED, *COUNTED)}
    return key(message.profile, message.cause) | keys | values


def from_item(item: Item) -> Message:
    """Decode the message of a row."""
    profile, cause = place(item)
    values = {name: _plain(item[name]) for name in (*SAVED, *COUNTED) if name in item}
    return Message(profile=profile, cause=cause, **values)


def saved(message: Message, was: tuple[MessageState, int]) -> Item:
    """The placeholder values of the update ``SAVE`` and of its condition ``AS_READ``."""
    state, attempt = was
    values = {f":{name}": _value(getattr(message, name)) for name in SAVED}
    values |= _listed(message.profile, message.cause, message.state, message.at)
    return values | {":was": text(state), ":tried": number(attempt)}


def settled(profile: str, cause: str, ses_id: str, at: int) -> Item:
    """The placeholder values of the update ``SETTLE`` and of its condition ``IS_CLAIMED``."""
    values = {f":{STATE}": text("sent"), f":{SES_ID}": text(ses_id), f":{AT}": number(at), ":claimed": text("claimed")}
    return values | _listed(profile, cause, "sent", at)


def reported(feedback: str) -> Item:
    """The placeholder values of the update ``REPORT``."""
    return {f":{FEEDBACK}": text(feedback)}


def _listed(profile: str, cause: str, state: MessageState, at: int) -> Item:
    """The placeholder values for the index keys, by which the row is listed under its state."""
    return {f":{name}": value for name, value in index_keys(state, at, profile, cause).items()}


def _value(value: Any) -> Value:
    return number(value) if isinstance(value, int) else text(value)


def _plain(value: Value) -> Any:
    return int(value["N"]) if "N" in value else value["S"]
