"""Revocations of tokens in DynamoDB; their rows are ``rows/revocations.py``'s."""

from functions.adapters.dynamodb.calls import Calls, swallow
from functions.adapters.dynamodb.rows import revocations as rows
from functions.core.base.errors import Conflict


class DynamoRevocations:
    """Which tokens of the API were taken back."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def revoke(self, token: str, until: int) -> None:
        """Take the token of this id back; the row goes after ``until``."""
        self._calls.write(puts=[(rows.TABLE, rows.to_item(rows.Revocation(token, until)))])

    def revoke_issued(self, until: int) -> None:
        """Take back every token that was issued up to this instant; an earlier instant changes nothing."""
        all_before = rows.Revocation(None, until)
        item, values = rows.to_item(all_before), rows.than(all_before)
        swallow(Conflict, lambda: self._calls.put(rows.TABLE, item, rows.LATER, values))

    def covers(self, token: str, issued: int) -> bool:
        """True if the token of this id, issued then, was taken back."""
        items = self._calls.read({rows.TABLE: [rows.key(token), rows.key(None)]}, fresh=True)[rows.TABLE]
        return any(rows.covers(rows.from_item(item), issued) for item in items)
