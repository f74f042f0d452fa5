"""Takes events: SDKs send them to ``/v1``, storefronts to ``/hooks``."""

from typing import Any

from aws_lambda_powertools.logging import correlation_paths

from functions import telemetry
from functions.handlers import http
from functions.handlers.refusals import refusing
from functions.handlers.routes import hooks, sdk

app = refusing(http.resolver())
app.include_router(sdk.router)
app.include_router(hooks.router)


@telemetry.observed(correlation_paths.API_GATEWAY_HTTP)
def handler(event: http.Event, lambda_context: Any) -> http.Answer:
    """Answer a request of a storefront or an SDK."""
    return app.resolve(http.escaped(event), lambda_context)
