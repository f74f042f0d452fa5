"""Folding from the log again."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.core.base.errors import Fault, Malformed
from functions.handlers.call import Call
from functions.handlers.models.jobs import Accepted
from functions.handlers.models.refolds import Refold, Refolding
from functions.handlers.operation import operation

router = APIGatewayHttpRouter()


@operation(router, "POST /api/refolds", (400, 413))
def request_refold(call: Call, body: Refold) -> Refolding:
    """Fold from the log again: people, what was parked, or all that was received since an instant.

    Folding what was folded before changes nothing, so it may be repeated, and more may be named than is missing. What
    is found to have been missed counts as an event that comes late.
    """
    from functions.usecases import refold

    if (body.identifiers is not None) + (body.since is not None) + body.parked != 1:
        raise Malformed(Fault("say one of identifiers, since and parked", "body"))
    if body.identifiers is not None:
        return Refolding.model_validate(refold.request_people(call.context, body.identifiers))
    if body.since is not None:
        return Refolding.model_validate(refold.request_received(call.context, body.since))
    return Refolding.model_validate(refold.request_parked(call.context))


@operation(router, "POST /api/rebuilds", (429,))
def request_rebuild(call: Call) -> Accepted:
    """Rebuild all profiles from the log.

    A job writes anew what is lost and repairs what is damaged; what is right stays as it is. Nobody is written to for
    what it finds. Its result says how many identifiers' people were rebuilt, and how many failed and are parked.
    """
    from functions.usecases.rebuild import request

    return Accepted(job=request(call.context, call.author).id)
