"""What the routes that take events share: the request as sources read it, and the answer that every sender may read."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from functions import telemetry
from functions.core.base.domains import domains
from functions.core.base.translation import Request
from functions.handlers import http
from functions.usecases.collect import Receipt
from functions.usecases.context import Context

# SDKs in web pages read every answer, refusals included.
CORS = {"access-control-allow-origin": "*"}


def request(context: Context, event: APIGatewayProxyEventV2, route: str = "") -> Request:
    """The request in the form that sources read; ``route`` names the path where a source has several."""
    return Request(
        body=http.body(event),
        headers=http.headers(event),
        route=route,
        received=context.now,
        currency=context.settings.shop_currency,
        id=event.request_context.get("requestId") or "",
        # Never X-Forwarded-For, in which a sender may write what it likes.
        address=(event.request_context.get("http") or {}).get("sourceIp") or "",
        shops=domains(context.settings.shop_domain),
    )


def accepted(receipt: Receipt) -> Response[str]:
    """Answer 200: what was sent is in the log or in quarantine."""
    counts = {
        "RequestsQuarantined": receipt.quarantined,
        "TopicsUnused": int(bool(receipt.unused)),
        "ShopErasuresAsked": receipt.shop_erasures,
    }
    telemetry.count(counts, source=receipt.source, topic=receipt.unused)
    return http.answer(200, {"success": True}, CORS)
