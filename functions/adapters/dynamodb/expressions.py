"""Parameters of DynamoDB's calls: expressions with the names and values behind their placeholders, and options.

Expressions write every attribute as ``#name`` and every value as ``:name``.
"""

import re
from typing import Literal, TypedDict

from functions.adapters.dynamodb.values import Item


class Listing(TypedDict, total=False):
    """Optional parameters of Query."""

    IndexName: str
    ScanIndexForward: bool
    Limit: int
    ProjectionExpression: str
    ExclusiveStartKey: Item


class Begin(TypedDict, total=False):
    """The parameter of Query and Scan that resumes after a row."""

    ExclusiveStartKey: Item


class ScanSegment(TypedDict, total=False):
    """Parameters of a parallel Scan."""

    Limit: int
    Segment: int
    TotalSegments: int


class Terms(TypedDict, total=False):
    """The names and values behind the placeholders of an expression."""

    ExpressionAttributeNames: dict[str, str]
    ExpressionAttributeValues: Item


class ReturnOnRefusal(TypedDict, total=False):
    """The parameter by which a refused conditional write returns the stored item."""

    ReturnValuesOnConditionCheckFailure: Literal["ALL_OLD"]


class Shown(ReturnOnRefusal, total=False):
    """The same, and the parameter by which an update returns what it changed."""

    ReturnValues: Literal["UPDATED_NEW"]


SHOWN: Shown = {"ReturnValues": "UPDATED_NEW", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}


def names_of(expression: str) -> dict[str, str]:
    """The attribute behind each ``#name`` of the expression."""
    return {name: name[1:] for name in re.findall(r"#\w+", expression)}


def terms(expression: str, values: Item | None) -> Terms:
    """What stands behind the placeholders of the expression; a parameter that would be empty is left out."""
    made: Terms = {}
    if names := names_of(expression):
        made["ExpressionAttributeNames"] = names
    if values:
        made["ExpressionAttributeValues"] = values
    return made
