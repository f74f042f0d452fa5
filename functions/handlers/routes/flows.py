"""Flows and the backfills that follow a publication."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.handlers.call import Call
from functions.handlers.models.backfills import Backfills, BackfillsQuery
from functions.handlers.models.flows import FlowImpact, PublishedState, StateWanted
from functions.handlers.models.jobs import Accepted, accepted
from functions.handlers.operation import operation
from functions.handlers.routes.parameters import FlowId, FlowText

router = APIGatewayHttpRouter()


@operation(router, "PUT /api/flows/<id>/state", (400, 404, 413))
def set_flow_state(call: Call, id: FlowId, body: StateWanted) -> PublishedState:
    """Pause, drain or resume a flow.

    Publishes the flow's current text with another `state` as the next version; nothing else in it moves and nothing
    else is checked. A flow that has the state already keeps its version. It holds for the very next send.
    """
    from functions.usecases.set_flow_state import set_flow_state as change

    saved = change(call.context, id, body.state, call.author)
    return PublishedState(id=saved.id, kind=saved.kind, version=saved.version, state=body.state)


@operation(router, "POST /api/flows/<id>/impact", (400, 413, 422, 429), needs="read")
def tell_flow_impact(call: Call, id: FlowId, text: FlowText) -> FlowImpact | Accepted:
    """What publishing a flow would do to its runs under way.

    Of more runs than a request may read it is the result of a job.
    """
    from functions.usecases.flow_impact import flow_impact  # brings what publishing brings

    return accepted(flow_impact(call.context, id, text, call.author), FlowImpact)


@operation(router, "GET /api/backfills", (400,))
def list_backfills(call: Call, query: BackfillsQuery) -> Backfills:
    """The latest backfills, newest first.

    Every publication of a segment, score or flow is followed by a backfill that brings each profile up to it. A newer
    one replaces what is not finished.
    """
    from functions.usecases.list_backfills import backfills

    return Backfills.model_validate(backfills(call.context, query.limit))
