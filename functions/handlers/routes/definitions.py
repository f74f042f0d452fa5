"""Definitions: show, publish and withdraw them."""

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.core.base.errors import Fault, Malformed
from functions.handlers.call import Call
from functions.handlers.models.definitions import (
    BackfilledQuery,
    ChangedDefinition,
    Changes,
    Definition,
    ListedDefinitions,
    ListQuery,
    Published,
    PublishTogether,
    TogetherQuery,
    VersionQuery,
    Withdrawn,
)
from functions.handlers.models.impacts import ImpactTogether, ImpactTogetherQuery
from functions.handlers.models.jobs import Accepted, accepted
from functions.handlers.operation import operation
from functions.handlers.routes.parameters import AnyDefinition, DefinitionId, DefinitionKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from functions.usecases.publish_together import DefinitionChange

# Bytes of a request that holds several definitions.
LARGEST_TOGETHER = 4 * 1024 * 1024

router = APIGatewayHttpRouter()


@operation(router, "POST /api/definitions", (400, 412, 413, 422), largest=LARGEST_TOGETHER)
def publish_definitions(call: Call, query: TogetherQuery, body: PublishTogether) -> Changes:
    """Check several definitions and make all of them current, or none.

    Each is checked against what will be there, so their order does not matter and what refers to each other may change
    together. They get one revision and one backfill. Texts that are current already keep their version.
    """
    from functions.usecases.publish_together import compare, publish_together  # brings what publishing brings

    texts = _texts(body)
    if query.check:
        found = compare(call.context, texts)
        return Changes(checked_only=True, revision=found.revision, **_changes(found.changes))
    send = query.backfilled == "send"
    changes = publish_together(call.context, texts, call.author, seen=query.seen, send_backfilled=send)
    return Changes(checked_only=False, **_changes(changes))


@operation(router, "POST /api/definitions/impact", (400, 413, 422, 429), needs="read", largest=LARGEST_TOGETHER)
def tell_impact_together(call: Call, query: ImpactTogetherQuery, body: PublishTogether) -> ImpactTogether | Accepted:
    """What publishing several definitions together would change.

    Each is weighed as if all of them were current. Segments that are not among them are told too if what they refer to
    would change them. Whatever has no room in one answer is on the page that `next` names, for which the same texts are
    sent again. Of more people than a request may evaluate it is the result of a job.
    """
    from functions.usecases.impact_together import impact_together  # brings what publishing brings

    send = query.backfilled == "send"
    impacts = impact_together(call.context, _texts(body), query.next, call.author, send_backfilled=send)
    return accepted(impacts, ImpactTogether)


@operation(router, "GET /api/definitions/<kind>", (400, 404))
def list_definitions(call: Call, kind: DefinitionKind, query: ListQuery) -> ListedDefinitions:
    """The current definitions of a kind."""
    from functions.usecases.list_definitions import listing

    return ListedDefinitions.model_validate(listing(call.context, kind, query.next))


@operation(router, "GET /api/definitions/<kind>/<id>", (400, 404))
def show_definition(call: Call, kind: DefinitionKind, id: DefinitionId, query: VersionQuery) -> Definition:
    """A definition as saved."""
    from functions.usecases.list_definitions import show

    return Definition.model_validate(show(call.context, kind, id, query.version))


@operation(router, "PUT /api/definitions/<kind>/<id>", (400, 404, 413, 422))
def publish_definition(
    call: Call, kind: DefinitionKind, id: DefinitionId, query: BackfilledQuery, text: AnyDefinition
) -> Published:
    """Check a definition and make it current.

    Everything that it refers to must exist, its examples must pass, and no other current definition may break. Profiles
    are brought up to date in the background; what the API reads is exact at once.
    """
    from functions.core.answers.views import backfilled_view, warnings_view
    from functions.usecases import warn
    from functions.usecases.publish import publish  # brings lark, PyYAML and Liquid, which no other path needs

    send_backfilled = "backfilled" in query.model_fields_set
    if send_backfilled and kind != "segments":
        raise Malformed(Fault("only a segment's new version brings people in; leave it out", "backfilled"))
    send = query.backfilled == "send"
    saved = publish(call.context, kind, id, text, call.author, send_backfilled=send)
    ports, currency = call.context.ports, call.context.settings.shop_currency
    definitions, names = ports.definitions.current(), ports.names.all()
    more = warnings_view(warn.of_definition(saved, definitions, names, currency))
    if send_backfilled:
        more |= backfilled_view(saved)
    return Published(id=saved.id, kind=saved.kind, version=saved.version, **more)


@operation(router, "DELETE /api/definitions/<kind>/<id>", (404, 409))
def withdraw_definition(call: Call, kind: DefinitionKind, id: DefinitionId) -> Withdrawn:
    """Withdraw a definition that nothing refers to.

    The withdrawal is the definition's next version, and a later publication goes on counting. Members of a withdrawn
    segment are nobody, and runs of a withdrawn flow end when their next step is due.
    """
    from functions.usecases.withdraw import withdraw  # brings what publishing brings

    tombstone = withdraw(call.context, kind, id, call.author)
    return Withdrawn(id=tombstone.id, kind=tombstone.kind, version=tombstone.version, withdrawn=True)


def _texts(body: PublishTogether) -> dict[tuple[str, str], str]:
    return {(each.kind, each.id): each.text for each in body.definitions}


def _changes(changes: "Sequence[DefinitionChange]") -> dict[str, Any]:
    """What becomes of each definition, with as many warnings as an answer carries."""
    from functions.core.answers import pages

    views, left_out = pages.with_room(map(_change, changes), "warnings")
    definitions = list(map(ChangedDefinition.model_validate, views))
    return {"definitions": definitions, **({"warnings_left_out": left_out} if left_out else {})}


def _change(change: "DefinitionChange") -> dict[str, Any]:
    """What becomes of one definition, with the version that is current now if there is one."""
    from functions.core.answers.views import backfilled_view, warnings_view

    view = {"kind": change.kind, "id": change.id, "change": change.change, **warnings_view(change.warnings)}
    if change.definition is not None:
        view |= {"version": change.definition.version, **backfilled_view(change.definition)}
    return view
