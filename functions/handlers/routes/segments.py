"""Segments: list them, count them and try a condition."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.handlers.call import Call
from functions.handlers.models.jobs import Accepted, accepted
from functions.handlers.models.segments import (
    Condition,
    Export,
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


@operation(router, "GET /api/segments", (400, 413, 429))
def list_segments(call: Call, query: SegmentsQuery) -> Segments | Accepted:
    """Every segment with its sentence.

    Counts of more people than a request may evaluate are the result of a job.
    """
    from functions.usecases import list_segments as usecase

    if not query.count:
        return Segments.model_validate(usecase.segments(call.context, query.next))
    return accepted(usecase.counted(call.context, query.next, call.author), Segments)


@operation(router, "GET /api/segments/<id>/members", (400, 404, 413, 429))
def list_members(call: Call, id: SegmentId, query: MembersQuery) -> Members | Accepted:
    """List the members of a segment.

    Exact whether or not anybody acts on the segment. The past is rebuilt from the log by the current definition. Of
    more people than a request may evaluate they are the result of a job. The pages after the first are of what was
    found for that one.
    """
    from functions.usecases.members import page

    return accepted(page(call.context, id, query.at, query.limit, query.next, call.author), Members)


@operation(router, "POST /api/segments/<id>/impact", (400, 413, 422, 429), needs="read")
def tell_impact(call: Call, id: SegmentId, query: ImpactQuery, text: SegmentText) -> Impact | Accepted:
    """What publishing a segment would change.

    Of more people than a request may evaluate it is the result of a job.
    """
    from functions.usecases.impact import impact  # brings what publishing brings

    send = query.backfilled == "send"
    return accepted(impact(call.context, id, text, call.author, send_backfilled=send), Impact)


@operation(router, "POST /api/segments/<id>/export", (400, 404, 413, 429))
def export_segment(call: Call, id: SegmentId, body: Export) -> Accepted:
    """Export the members of a segment.

    A job finds them; once it is done, `GET /api/jobs/{id}/export` gives their rows page by page.
    """
    from functions.core.answers.exports import Columns
    from functions.usecases.export import request

    columns = Columns(list(dict.fromkeys(body.traits)), body.addresses)
    return Accepted(job=request(call.context, id, columns, body.format, body.at, call.author).id)


@operation(router, "POST /api/preview", (400, 413, 422, 429), needs="read")
def preview_condition(call: Call, body: Condition) -> Preview | Accepted:
    """Count the people for whom a condition holds.

    Of more people than a request may evaluate it is the result of a job.
    """
    from functions.usecases.preview import preview  # brings lark

    return accepted(preview(call.context, body.when, body.at, call.author), Preview)
