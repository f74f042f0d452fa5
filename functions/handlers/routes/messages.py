"""Messages of everybody."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.handlers.call import Call
from functions.handlers.models.messages import MessagePage, MessagesQuery
from functions.handlers.operation import operation

router = APIGatewayHttpRouter()


@operation(router, "GET /api/messages", (400,))
def list_messages(call: Call, query: MessagesQuery) -> MessagePage:
    """Messages of everybody, newest first.

    A page may hold fewer messages than `limit`, or none, though `next` names another: one answer reads a bounded part
    of the ledger. The list follows a change of a message within about a second.
    """
    from functions.usecases import list_messages as ledger

    filters = ledger.Wanted(query.state, query.flow, query.template)
    return MessagePage.model_validate(ledger.listing(call.context, filters, query.limit, query.next))
