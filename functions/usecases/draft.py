"""Check a text that is not published yet, as for publishing, and collect its warnings."""

from typing import Any

from functions.core.answers.views import fault_view
from functions.core.definitions.checks import Body, check
from functions.core.definitions.records import Definition
from functions.core.definitions.vocabulary.check import vocabulary
from functions.usecases import warn
from functions.usecases.context import Context


def drafted(context: Context, kind: str, name: str, text: str) -> tuple[Body, dict[str, Any]]:
    """The checked body of an unpublished text, and its warnings as the API shows them: ``{"warnings": […]}``.

    Without warnings the second is empty. Raises DefinitionRefused with every fault of the text.
    """
    current, seen = context.ports.definitions.current(), context.ports.names.all()
    others = [each for each in current if (each.kind, each.id) != (kind, name)]
    body = check(kind, name, text, current, context.settings.log_retention_days, vocabulary(others, seen))
    draft = Definition(kind, name, 0, text, body, "", 0)
    warnings = list(map(fault_view, warn.of_definition(draft, [*others, draft], seen, context.settings.shop_currency)))
    return body, {"warnings": warnings} if warnings else {}
