"""The routes of the API, one router an area: what may be asked and the function that answers. Paths say ``<id>``."""

from importlib import import_module

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter


def router(area: str) -> APIGatewayHttpRouter:
    """The routes of an area, which is a module of this package."""
    area_router: APIGatewayHttpRouter = import_module(f"{__name__}.{area}").router
    return area_router
