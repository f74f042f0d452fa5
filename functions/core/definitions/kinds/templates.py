"""templates: the subject and the content of an e-mail. Nobody's memberships depend on them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from functions.core.base.errors import Fault
from functions.core.definitions.kind import KindRecord
from functions.core.definitions.records import Body, Definition
from functions.core.definitions.vocabulary.check import Judged
from functions.core.definitions.vocabulary.known import Vocabulary
from functions.core.definitions.vocabulary.seen import Names

if TYPE_CHECKING:
    from functions.core.base.model import Whole
    from functions.core.definitions.document import Document


def _model() -> "type[Whole]":
    from functions.core.definitions.template import Template

    return Template


def _judge(body: Body, document: "Document", vocabulary: Vocabulary, current: Iterable[Definition]) -> Judged:
    """The faults and warnings of the names in the template's tokens."""
    from functions.core.definitions import token_names

    return token_names.judge(str(body["id"]), document, vocabulary, current)


def _warnings(document: "Document", seen: Names) -> Iterable[Fault]:
    """The warnings of what recipients would notice."""
    from functions.core.messages import advice

    return map(document.place, advice.warnings(document.body))


KIND = KindRecord(one="template", model=_model, judge=_judge, warnings=_warnings, backfills=False)
