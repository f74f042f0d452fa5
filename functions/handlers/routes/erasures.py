"""Erasures of the whole shop: what waits to be confirmed, and the confirmation."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.handlers.call import Call
from functions.handlers.models.erasures import ShopConfirmed, ShopErasure, ShopErasures
from functions.handlers.operation import operation

router = APIGatewayHttpRouter()


@operation(router, "GET /api/erasures/shop")
def list_shop_erasures(call: Call) -> ShopErasures:
    """The storefront's requests to erase the shop.

    None is carried out before it is confirmed.
    """
    from functions.usecases import shop_erasures

    return ShopErasures.model_validate(shop_erasures.listing(call.context))


@operation(router, "POST /api/erasures/shop", (400, 404, 413))
def confirm_shop_erasure(call: Call, body: ShopConfirmed) -> ShopErasure:
    """Erase everybody, as the storefront has asked.

    Deletes every person, of every shop of this deployment, and cannot be undone. Only what the storefront has asked for
    is done. It may be repeated.
    """
    from functions.usecases import shop_erasures

    return ShopErasure.model_validate(shop_erasures.confirm(call.context, body.confirm, call.author))
