"""The record of a kind of definition: its text, its schema, its sentence, and how it stands among the others."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from functions.core.base.errors import Fault
from functions.core.definitions.records import Address, Body, Definition
from functions.core.definitions.vocabulary.check import Judged, judge
from functions.core.definitions.vocabulary.known import Vocabulary
from functions.core.definitions.vocabulary.seen import Names
from functions.core.segments.language.event_labels import Labels, Style

if TYPE_CHECKING:
    from functions.core.base.model import Whole
    from functions.core.definitions.candidate import Candidate
    from functions.core.definitions.document import Document


class Part(NamedTuple):
    """A part of a body that may refer to other definitions, with its path in the text."""

    path: str
    value: Any


class Reliance(NamedTuple):
    """A definition that relies on another without naming it, and the fault that has the place where it does."""

    definition: Definition
    place: Fault


def _judged(body: Body, document: "Document", vocabulary: Vocabulary, current: Iterable[Definition]) -> Judged:
    return judge(body, document, vocabulary)


@dataclass(frozen=True, kw_only=True)
class KindRecord:
    """One kind of definition.

    A module of records is loaded by whoever lists definitions of the kind. So a record with a sentence imports the
    parser, YAML and what else only publishing needs inside its functions.

    one         the noun for one definition, to stand before its id
    model       returns the pydantic model of the text, from which the check, the faults and the JSON Schema come
    references  body -> the ids of the definitions that it needs, by kind
    defines     body -> the bodies of the definitions that it stands for besides itself, such as the tiers of a score
    parts       body -> the parts that may refer to other definitions or count amounts
    conditions  body -> its conditions as canonical texts, which differ when they mean something else
    clashes     candidate -> the faults of what it defines beside others; asked with unknown references
    check       candidate -> its faults among other definitions; asked when every reference leads somewhere
    judge       body, document, vocabulary, current definitions -> the faults and the warnings of unknown names
    completed   body, body of the version before or None -> the body to store
    in_shop     body, document, currency -> the faults of a definition in a shop that counts in this currency
    warnings    document, names seen in events -> the warnings about an accepted definition besides unknown names
    reliances   definition, current definitions -> those that rely on it without naming it, so that it cannot go
    sentence    body, style -> English; None for a kind that has none
    backfills   True if the memberships of profiles may depend on it, so that a publication goes through all of them
    """

    one: str
    model: Callable[[], "type[Whole]"]
    references: Callable[[Body], Mapping[str, set[str]]] = lambda body: {}
    defines: Callable[[Body], Mapping[Address, Body]] = lambda body: {}
    parts: Callable[[Body], Iterable[Part]] = lambda body: ()
    conditions: Callable[[Body], list[str]] = lambda body: []
    clashes: Callable[["Candidate"], Iterable[Fault]] = lambda candidate: ()
    check: Callable[["Candidate"], Iterable[Fault]] = lambda candidate: ()
    judge: Callable[[Body, "Document", Vocabulary, Iterable[Definition]], Judged] = _judged
    completed: Callable[[dict[str, Any], Body | None], dict[str, Any]] = lambda body, before: body
    in_shop: Callable[[Body, "Document", str], Iterable[Fault]] = lambda body, document, currency: ()
    warnings: Callable[["Document", Names], Iterable[Fault]] = lambda document, seen: ()
    reliances: Callable[[Definition, Sequence[Definition]], Iterable[Reliance]] = lambda definition, current: ()
    sentence: Callable[[Body, Style], str | None] = lambda body, style: None
    backfills: bool = True

    def load(self, text: str, retention_days: int | None, labels: Labels) -> dict[str, Any]:
        """The checked body of a text; raises DefinitionRefused with every fault and its place.

        ``retention_days`` is the log's retention, None for no limit; texts may use the event ``labels``.
        """
        from functions.core.definitions.loading import load
        from functions.core.segments.language.condition_field import Reading

        return load(self.model(), text, Reading(retention_days, labels))
