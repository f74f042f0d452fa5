"""Process a quarantined request again, after its mapping was corrected."""

from functions.core.base.errors import NotUnderstood
from functions.core.base.quarantine import Quarantined
from functions.sources.base import Source
from functions.usecases.collect import Receipt, request_of, store
from functions.usecases.context import Context
from functions.usecases.feedback import about_known_messages, about_people
from functions.usecases.held_joins import JOIN, release


def replay(context: Context, source: Source | None, item: Quarantined) -> Receipt:
    """Process the request as if it came now, with its original time of receipt, and delete it from quarantine.

    Raises NotUnderstood, and keeps it, if it still cannot be translated. ``source`` is None if it is declared no more.
    """
    if JOIN in item.headers:
        return Receipt(item.source, release(context, item))
    if source is None:
        raise NotUnderstood("the source is not declared any more")
    translation = source.translate(request_of(item, context.settings))
    if translation.unclear:
        raise NotUnderstood(translation.unclear[0].reason)
    translation = about_known_messages(context, about_people(translation))
    new = store(context, translation)
    context.ports.quarantine.remove(item.source, item.id)
    return Receipt(item.source, len(translation.events), new, 0, translation.unused)
