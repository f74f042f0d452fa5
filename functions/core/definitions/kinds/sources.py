"""sources: senders of webhooks that the shop declares. Nobody's memberships depend on them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from functions.core.base.errors import Fault
from functions.core.definitions.kind import KindRecord
from functions.core.definitions.records import Body
from functions.core.segments.language.event_labels import Style

if TYPE_CHECKING:
    from functions.core.base.model import Whole
    from functions.core.definitions.candidate import Candidate

# collect reads all of them together.
MOST_SOURCES = 50


def _model() -> "type[Whole]":
    from functions.core.definitions.source import DeclaredSource

    return DeclaredSource


def _check(candidate: "Candidate") -> Iterable[Fault]:
    """Yield a fault for one source too many."""
    if len(candidate.of_kind("sources")) > MOST_SOURCES:
        yield candidate.document.place(Fault(f"a shop declares at most {MOST_SOURCES} sources", "id"))


def _sentence(body: Body, style: Style) -> str:
    names = dict.fromkeys(str(each["event"]) for each in body["events"])
    return f"webhooks that become {', '.join(names)}"


KIND = KindRecord(one="source", model=_model, check=_check, sentence=_sentence, backfills=False)
