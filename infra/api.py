"""The HTTP API for storefronts, SDKs, recipients, the console and the CLI."""

import json

from aws_cdk import RemovalPolicy
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_logs as logs
from constructs import Construct

from functions.topology_rows import Http
from infra.function import Function

# The route, never the path: a path holds people's unsubscribe tokens. No address of the caller either.
_LOGGED = {
    "request": "$context.requestId",
    "time": "$context.requestTimeEpoch",
    "route": "$context.routeKey",
    "status": "$context.status",
    "bytes": "$context.responseLength",
    "milliseconds": "$context.responseLatency",
    "error": "$context.integrationErrorMessage",
}


class Api(Construct):
    """One stage at the root, with an access log; functions authenticate callers themselves.

    Each route is throttled by itself: a flood at one leaves storefronts theirs, and recipients who unsubscribe.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        requests_per_second: int,
        burst: int,
        retention: logs.RetentionDays,
    ) -> None:
        super().__init__(scope, construct_id)
        self.api = apigateway.HttpApi(self, "http", create_default_stage=False)
        self._rate, self._burst = requests_per_second, burst
        self._paces: dict[str, dict[str, float]] = {}
        self._integrations: dict[str, integrations.HttpLambdaIntegration] = {}
        self.log_group = logs.LogGroup(self, "access", retention=retention, removal_policy=RemovalPolicy.DESTROY)
        self.stage = apigateway.HttpStage(
            self,
            "stage",
            http_api=self.api,
            auto_deploy=True,
            throttle=apigateway.ThrottleSettings(rate_limit=requests_per_second, burst_limit=burst),
        )
        stage = self.stage.node.default_child
        assert isinstance(stage, apigateway.CfnStage)
        self._stage = stage
        stage.access_log_settings = apigateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=self.log_group.log_group_arn, format=json.dumps(_LOGGED)
        )

    @property
    def url(self) -> str:
        """The API's URL, without a slash at the end."""
        return self.api.api_endpoint

    def route(self, route: Http, function: Function) -> None:
        """Route requests to the function."""
        name = function.row.name
        integration = self._integrations.setdefault(name, integrations.HttpLambdaIntegration(name, function.alias))
        routes = self.api.add_routes(
            path=route.path, methods=[apigateway.HttpMethod[route.method]], integration=integration
        )
        self._paces[f"{route.method} {route.path}"] = self._pace(route)
        self._stage.route_settings = self._paces
        for each in routes:
            # A stage cannot throttle a route that is not there yet.
            self._stage.node.add_dependency(each)

    def _pace(self, route: Http) -> dict[str, float]:
        rate, burst = (max(1, each * route.pace // 100) for each in (self._rate, self._burst))
        return {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": burst}
