"""Whether a release can be deployed where another one is: by the formats that are stored, written and read."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cli.accounts import Finding
from functions.core.base.formats import READ, WRITTEN

# Outputs of the stack (infra/outputs.py): its table of formats, and the greatest number that its release reads.
TABLE, READS = "FormatsTable", "FormatsRead"
# The row of that table, as functions write it.
KEY = {"pk": {"S": "stored"}}
_NUMBER = "n"


class Deployed(NamedTuple):
    """The greatest number of a format that was ever stored, and the greatest one that the release deployed reads."""

    stored: int
    reads: int


def stored(item: Mapping[str, Any] | None) -> int:
    """The number in the row of the table of formats; 0 without a row."""
    return int(item[_NUMBER]["N"]) if item else 0


def findings(deployed: Deployed) -> Iterator[Finding]:
    """What speaks against deploying this release there."""
    if deployed.stored > READ:
        message = f"format {deployed.stored} is stored, and this release reads up to {READ}: it would not begin to work"
        yield Finding("fault", "what is stored", message, "deploy a newer release than this one")
    if deployed.reads < WRITTEN:
        message = f"it reads up to format {deployed.reads}, and this one writes {WRITTEN}: no way back would be left"
        yield Finding("fault", "the deployed release", message, "deploy the releases between one after the other")
