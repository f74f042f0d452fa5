"""Erasures: of one person, and of the whole shop, which waits to be confirmed."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from functions.handlers.call import Call
from functions.handlers.models.erasures import PersonErasure, PersonNamed, ShopConfirmed, ShopErasure, ShopErasures
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


@operation(router, "POST /api/erasures/people", (400, 413))
def erase_person(call: Call, body: PersonNamed) -> PersonErasure:
    """Erase a person.

    Deletes the person who has the identifier, with all events, messages, runs and identifiers, and cannot be undone. It
    is done within seconds, as a rule, and may be repeated. What was said of the person before falls away from then on.
    """
    from functions.usecases import request_erasure

    return PersonErasure.model_validate(request_erasure.request(call.context, body.identifier))
