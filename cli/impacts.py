"""The impact of publishing files together, as the host answers it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cli.client import Client
from cli.folder import DefinitionFile
from cli.progress import bar

# Kinds by which no membership and no run changes: nothing comes of them but what is sent.
STILL = ("templates",)

Impact = dict[str, Any]


def ask(client: Client, files: Sequence[DefinitionFile], *, send: bool) -> dict[str, Impact]:
    """By kind/id, what would become of people and of runs under way if all the files were published.

    Told are the segments and flows among them, and other segments that what they refer to would change. With ``send``
    it is as if those whom segments bring in were to enter now. Raises RefusedByHost with every fault of the texts.
    """
    if all(each.kind in STILL for each in files):
        return {}
    with bar("asking for the impact") as client.moved:
        pages = [*_pages(client, body_of(files), "send" if send else None)]
    return {f"{kind}/{each['id']}": each for page in pages for kind in ("flows", "segments") for each in page[kind]}


def _pages(client: Client, body: Mapping[str, Any], backfilled: str | None) -> Iterator[dict[str, Any]]:
    """Every page of the answer; a host that knows no pages answers all at once."""
    following: str | None = None
    while True:
        page = client.post("/api/definitions/impact", body, {"backfilled": backfilled, "next": following})
        yield page
        if (following := page.get("next")) is None:
            return


def body_of(files: Iterable[DefinitionFile]) -> dict[str, Any]:
    """The files as a request that is about several definitions."""
    return {"definitions": [{"kind": each.kind, "id": each.id, "text": each.text()} for each in files]}


def sentences(impact: Impact) -> list[str]:
    """What the host says of people, or of runs under way at each step."""
    groups = impact.get("groups")
    return [group["text"] for group in groups] if groups else [impact["text"]]
