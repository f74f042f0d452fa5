"""Data of the page that the product's own API does not offer: all flow runs, and the state of the host."""

import json
from typing import Any

from local.runtime.clock import now, rfc3339
from local.runtime.deliveries import announcements
from local.runtime.host import Host

# The most rows of a table that are read, and that are shown.
LOOKED_AT = 1_000
SHOWN = 100


def clock(host: Host) -> dict[str, Any]:
    """The time of the host and, while its clock moves, from where to where."""
    way = host.scheduler.moving
    return {"now": rfc3339(now()), "moving": way and {"from": rfc3339(way[0]), "to": rfc3339(way[1])}}


def overview(host: Host) -> dict[str, Any]:
    """The state of the host: time, e-mails, calls of functions, waiting work, announcements and failures."""
    return {
        **clock(host),
        "url": host.url,
        "virtual": host.cloud.clock.virtual,
        "mails": len(host.mailbox.mails),
        "calls": host.functions.calls,
        "waiting": host.scheduler.waiting(),
        "announcements": [
            {"kind": kind, "detail": json.loads(body)} for kind, body in list(announcements(host.deliveries))[-SHOWN:]
        ],
        **host.failures.as_json(),
    }


def runs(host: Host) -> dict[str, Any]:
    """Flow runs, newest first."""
    rows = host.rows("runs", LOOKED_AT)
    latest = sorted(rows, key=lambda row: (-int(row["t"]["N"]), row["pk"]["S"], row["sk"]["S"]))[:SHOWN]
    return {"count": len(rows), "more": len(rows) == LOOKED_AT, "runs": [_run(row) for row in latest]}


def _run(row: dict[str, Any]) -> dict[str, Any]:
    flow, _, entry = row["sk"]["S"].partition("#")
    return {
        "profile": row["pk"]["S"],
        "flow": flow,
        "entry": entry,
        "started": rfc3339(int(row["t"]["N"])),
        "due": rfc3339(int(row["due"]["N"])) if "due" in row and "w" not in row else None,
        "outcome": row.get("o", {}).get("S"),
        "paused": "w" in row,
    }
