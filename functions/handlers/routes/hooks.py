"""Webhooks of storefronts: what happened in a shop, signed by the storefront."""

from urllib.parse import unquote

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions import wiring
from functions.handlers import event_requests
from functions.usecases.collect import collect_hook

router = APIGatewayHttpRouter()


@router.post("/hooks/<source>")
def take_webhook(source: str) -> Response[str]:
    """Something that happened in a storefront, signed by it.

    The signature is over the bytes of the body, whatever its content type. A genuine request that is not understood
    is kept in quarantine and answered like any other.
    """
    context = wiring.context()
    request = event_requests.request(context, router.current_event)
    return event_requests.accepted(collect_hook(context, unquote(source), request))
