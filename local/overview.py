"""What the page shows and the product's own API has no call for: everybody, every run, and the machinery itself."""

import json
from collections.abc import Mapping
from typing import Any

from functions.settings import variable
from local.clock import now, rfc3339
from local.host import Host

# Rows of a table that are looked at, and those that are shown.
LOOKED_AT = 1_000
SHOWN = 100


def clock(host: Host) -> dict[str, Any]:
    """The second that the host is in, and from where to where its clock is on its way."""
    way = host.pump.moving
    return {"now": rfc3339(now()), "moving": way and {"from": rfc3339(way[0]), "to": rfc3339(way[1])}}


def overview(host: Host) -> dict[str, Any]:
    """The machinery: what runs, what waits, what failed."""
    return {
        **clock(host),
        "url": host.url,
        "virtual": host.cloud.clock.virtual,
        "mails": len(host.mailbox.mails),
        "calls": host.functions.calls,
        "waiting": host.pump.waiting(),
        "announcements": [_announcement(entry) for entry in list(host.cloud.announcements())[-100:]],
        **host.failures.as_json(),
    }


def _announcement(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind": entry["DetailType"], "detail": json.loads(entry["Detail"])}


def people(host: Host) -> dict[str, Any]:
    """People, the newest first, each with their identifiers."""
    found: dict[str, dict[str, Any]] = {}
    rows, _ = _rows(host, "identifiers")
    for row in rows:
        profile, seen = row["p"]["S"], int(row["f"]["N"])
        person = found.setdefault(profile, {"id": profile, "identifiers": [], "first_seen": seen})
        person["identifiers"].append(row["pk"]["S"])
        person["first_seen"] = min(seen, person["first_seen"])
    latest = sorted(found.values(), key=lambda person: (-person["first_seen"], person["id"]))[:SHOWN]
    return {"people": [{**person, "first_seen": rfc3339(person["first_seen"])} for person in latest]}


def runs(host: Host) -> dict[str, Any]:
    """Flow runs, the latest first."""
    rows, count = _rows(host, "runs")
    latest = sorted(rows, key=lambda row: (-int(row["t"]["N"]), row["pk"]["S"], row["sk"]["S"]))[:SHOWN]
    return {"count": count, "runs": [_run(row) for row in latest]}


def _run(row: dict[str, Any]) -> dict[str, Any]:
    flow, _, entry = row["sk"]["S"].partition("#")
    return {
        "profile": row["pk"]["S"],
        "flow": flow,
        "entry": entry,
        "started": rfc3339(int(row["t"]["N"])),
        "due": rfc3339(int(row["due"]["N"])) if "due" in row else None,
        "outcome": row.get("o", {}).get("S"),
    }


def _rows(host: Host, table: str) -> tuple[list[dict[str, Any]], int]:
    name = host.cloud.environment[variable("table", table)]
    dynamodb = host.cloud.clients.get("dynamodb")
    count = dynamodb.describe_table(TableName=name)["Table"].get("ItemCount", 0)
    return dynamodb.scan(TableName=name, Limit=LOOKED_AT)["Items"], count
