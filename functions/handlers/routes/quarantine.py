"""Quarantine: look through it, take a request again, drop it."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.handlers.call import Call
from functions.handlers.models.quarantine import (
    Dropped,
    PartQuery,
    Quarantine,
    Quarantined,
    QuarantineQuery,
    Replayed,
    ReplayedTogether,
    ReplayQuery,
)
from functions.handlers.operation import operation
from functions.handlers.routes.parameters import QuarantineId, Source

router = APIGatewayHttpRouter()


@operation(router, "GET /api/quarantine", (400, 404))
def list_quarantine(call: Call, query: QuarantineQuery) -> Quarantine:
    """Requests that were not understood, newest first.

    Without what was in them, which may speak of people. Each is kept for 90 days. A page may hold fewer than `limit`,
    or none, though `next` names another.
    """
    from functions.usecases import quarantine

    return Quarantine.model_validate(quarantine.listing(call.context, query.source, query.limit, query.next))


@operation(router, "GET /api/quarantine/<source>/<id>", (400, 404))
def show_quarantined(call: Call, source: Source, id: QuarantineId, query: PartQuery) -> Quarantined:
    """A request in quarantine, whole.

    The body of a large one comes in parts, of which `next` names the following.
    """
    from functions.usecases import quarantine

    return Quarantined.model_validate(quarantine.show(call.context, source, id, query.next))


@operation(router, "DELETE /api/quarantine/<source>/<id>", (404,))
def drop_quarantined(call: Call, source: Source, id: QuarantineId) -> Dropped:
    """Delete a request from quarantine for good."""
    from functions.usecases import quarantine

    return Dropped.model_validate(quarantine.drop(call.context, source, id))


@operation(router, "POST /api/quarantine/<source>/<id>/replay", (404,))
def replay_quarantined(call: Call, source: Source, id: QuarantineId) -> Replayed:
    """Process a quarantined request again; it stays in quarantine if it still is not understood."""
    from functions.usecases import quarantine

    return Replayed.model_validate(quarantine.again(call.context, source, id))


@operation(router, "POST /api/quarantine/replay", (400, 404))
def replay_quarantine(call: Call, query: ReplayQuery) -> ReplayedTogether:
    """Process a page of quarantined requests again, newest first.

    Each is read by its source as it is now. What is understood leaves quarantine; the rest stays, with the reason of
    now. To do it twice changes nothing.
    """
    from functions.usecases import quarantine

    return ReplayedTogether.model_validate(
        quarantine.again_together(call.context, query.source, query.limit, query.next)
    )
