"""What publishing a segment or a flow would change, as the host says it."""

from typing import Any

from cli.client import Client, quoted
from cli.folder import DefinitionFile

# The kinds whose publication changes what people are in, or where runs under way go on.
KINDS = ("segments", "flows")

Impact = dict[str, Any]


def ask(client: Client, file: DefinitionFile, *, send: bool) -> Impact:
    """The host's answer about the text, with ``send`` as if those whom a segment brings in were to enter now.

    Raises RefusedByHost with every fault of the text.
    """
    query = {"backfilled": "send"} if send and file.kind == "segments" else None
    answer: Impact = client.post_text(f"/api/{file.kind}/{quoted(file.id)}/impact", file.text(), query)
    return answer


def sentences(impact: Impact) -> list[str]:
    """What the host says of people, or of runs under way at each step."""
    groups = impact.get("groups")
    return [group["text"] for group in groups] if groups else [impact["text"]]
