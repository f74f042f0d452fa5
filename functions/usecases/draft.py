"""Check a text that is not published yet, as for publishing, and compile what would be current with it."""

from collections.abc import Iterable
from typing import Any

from functions.core.answers.views import warnings_view
from functions.core.definitions.checks import check
from functions.core.definitions.records import Definition
from functions.core.definitions.ruleset import Ruleset, load
from functions.core.definitions.vocabulary.check import vocabulary
from functions.usecases import warn
from functions.usecases.context import Context


def drafted(context: Context, kind: str, name: str, text: str) -> tuple[Definition, dict[str, Any]]:
    """The checked definition of an unpublished text, and its warnings as the API shows them: ``{"warnings": […]}``.

    Without warnings the second is empty. Raises DefinitionRefused with every fault of the text.
    """
    current, names = context.ports.definitions.current(), context.ports.names.all()
    others = [each for each in current if each.address != (kind, name)]
    body = check(kind, name, text, current, context.settings.log_retention_days, vocabulary(others, names))
    draft = Definition(kind, name, 0, text, body, "", 0)
    warnings = warn.of_definition(draft, [*others, draft], names, context.settings.shop_currency)
    return draft, warnings_view(warnings)


def compiled(context: Context, definitions: Iterable[Definition]) -> Ruleset:
    """The ruleset that there would be if just these definitions were current, borders among them."""
    return load(list(definitions), 0, context.settings.shop_timezone, context.settings.shop_currency)


def compiled_with(context: Context, draft: Definition) -> Ruleset:
    """The ruleset that there would be if the draft were current in place of its version before."""
    current = {each.address: each for each in context.ports.definitions.current()}
    return compiled(context, (current | {draft.address: draft}).values())
