"""Tokens of the API: take them back. They are made by whoever can read the key, and not by the API."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.core.base import rfc3339
from functions.handlers.call import Call
from functions.handlers.models.tokens import IssuedQuery, Revoked, RevokedIssued
from functions.handlers.operation import operation
from functions.handlers.routes.parameters import TokenId
from functions.usecases import authorise

router = APIGatewayHttpRouter()


@operation(router, "DELETE /api/tokens/<id>", (400,))
def revoke_token(call: Call, id: TokenId) -> Revoked:
    """Take a token back.

    The id is the claim `jti` of the token. It is refused from the next request on; that there is such a token is not
    checked, since tokens are not stored.
    """
    authorise.revoke(call.context, id)
    return Revoked(id=id)


@operation(router, "DELETE /api/tokens", (400,))
def revoke_tokens(call: Call, query: IssuedQuery) -> RevokedIssued:
    """Take back every token that was issued up to an instant, the caller's own included."""
    until = call.context.now if query.issued_until is None else query.issued_until
    authorise.revoke_issued(call.context, until)
    return RevokedIssued(issued_until=rfc3339.text(until))
