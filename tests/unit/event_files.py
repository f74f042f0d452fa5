"""Files of events for the tests of ``batch``: what the log would export of these events."""

import json
from decimal import Decimal

import polars as pl

LOG = {
    "person": pl.String,
    "time": pl.Int64,
    "name": pl.String,
    "id": pl.String,
    "natural": pl.String,
    "revision": pl.Int64,
    "identifiers": pl.List(pl.String),
    "consent": pl.String,
    "trust": pl.String,
    "undated": pl.Boolean,
    "traits": pl.String,
    "properties": pl.String,
}


def said(value):
    """The JSON of a value, decimals as numbers."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {said(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(said, value)) + "]"
    return json.dumps(value)


def row(person, event):
    """What the file says of an event beside its properties."""
    return {
        "person": person,
        "time": event.time,
        "name": event.name,
        "id": event.id,
        "natural": event.natural,
        "revision": event.revision,
        "identifiers": list(event.identifiers),
        "consent": event.consent,
        "trust": event.trust,
        "undated": event.undated,
        "traits": said(event.traits) if event.traits else None,
    }


def exported(histories):
    """Everybody's events in the form of the log."""
    rows = [
        {**row(person, event), "properties": said(event.properties)}
        for person, history in histories.items()
        for event in history
    ]
    return pl.DataFrame(rows, LOG)
