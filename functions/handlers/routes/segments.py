"""Segments: list them, count them and try a condition."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.handlers.call import Call
from functions.handlers.models.segments import (
    Condition,
    Impact,
    ImpactQuery,
    Members,
    MembersQuery,
    Preview,
    Segments,
    SegmentsQuery,
)
from functions.handlers.operation import operation
from functions.handlers.routes.parameters import SegmentId, SegmentText

router = APIGatewayHttpRouter()


@operation(router, "GET /api/segments", (400,))
def list_segments(call: Call, query: SegmentsQuery) -> Segments:
    """Every segment with its sentence."""
    from functions.usecases.list_segments import segments

    return Segments.model_validate(segments(call.context, query.next, counted=query.count))


@operation(router, "GET /api/segments/<id>/members", (400, 404))
def list_members(call: Call, id: SegmentId, query: MembersQuery) -> Members:
    """List the members of a segment.

    Exact whether or not anybody acts on the segment. The past is rebuilt from the log by the current definition.
    """
    from functions.usecases.members import page

    at = call.context.now if query.at is None else query.at
    return Members.model_validate(page(call.context, id, at, query.limit, query.next))


@operation(router, "POST /api/segments/<id>/impact", (400, 413, 422), needs="read")
def tell_impact(call: Call, id: SegmentId, query: ImpactQuery, text: SegmentText) -> Impact:
    """What publishing a segment would change."""
    from functions.usecases.impact import impact  # brings what publishing brings

    send = query.backfilled == "send"
    return Impact.model_validate(impact(call.context, id, text, send_backfilled=send))


@operation(router, "POST /api/preview", (400, 413, 422), needs="read")
def preview_condition(call: Call, body: Condition) -> Preview:
    """Count the people for whom a condition holds."""
    from functions.usecases.preview import preview  # brings lark

    at = call.context.now if body.at is None else body.at
    return Preview.model_validate(preview(call.context, body.when, at))
