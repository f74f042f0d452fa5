"""People: find them, and say all that is known of them."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.handlers.call import Call
from functions.handlers.models.messages import MessagePage
from functions.handlers.models.people import (
    Events,
    EventsQuery,
    Explanation,
    IdentifierQuery,
    InstantQuery,
    PageQuery,
    Profile,
    Runs,
)
from functions.handlers.operation import operation
from functions.handlers.routes.parameters import ProfileId, SegmentId

router = APIGatewayHttpRouter()


@operation(router, "GET /api/profiles", (400, 404))
def find_profile(call: Call, query: IdentifierQuery) -> Profile:
    """Find the person who has an identifier."""
    from functions.usecases import people

    profile = people.by_identifier(call.context, query.identifier)
    return Profile.model_validate(people.view(call.context, profile))


@operation(router, "GET /api/profiles/<id>", (404,))
def show_profile(call: Call, id: ProfileId) -> Profile:
    """Show a person as of now."""
    from functions.usecases import people

    return Profile.model_validate(people.view(call.context, people.by_id(call.context, id)))


@operation(router, "GET /api/profiles/<id>/events", (400, 404))
def list_events(call: Call, id: ProfileId, query: EventsQuery) -> Events:
    """List the person's events in the log, newest first."""
    from functions.usecases import people

    return Events.model_validate(people.events(call.context, people.by_id(call.context, id), query.limit, query.next))


@operation(router, "GET /api/profiles/<id>/messages", (400, 404))
def list_messages_of(call: Call, id: ProfileId, query: PageQuery) -> MessagePage:
    """List the messages that were sent to a person, held back or failed."""
    from functions.usecases import people

    listed = people.messages(call.context, people.by_id(call.context, id), query.limit, query.next)
    return MessagePage.model_validate(listed)


@operation(router, "GET /api/profiles/<id>/runs", (400, 404))
def list_runs_of(call: Call, id: ProfileId, query: PageQuery) -> Runs:
    """List a person's runs of flows, newest first."""
    from functions.usecases import people

    return Runs.model_validate(people.runs(call.context, people.by_id(call.context, id), query.limit, query.next))


@operation(router, "GET /api/profiles/<id>/explain/<segment>", (400, 404))
def explain_membership(call: Call, id: ProfileId, segment: SegmentId, query: InstantQuery) -> Explanation:
    """Explain why a person is or is not in a segment."""
    from functions.usecases import explain, people

    at = call.context.now if query.at is None else query.at
    profile = people.by_id(call.context, id)
    return Explanation.model_validate(explain.explain(call.context, profile, segment, at, query.next))
