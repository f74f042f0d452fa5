"""Tokens of the API, as `segue token` makes them, and calls with them."""

import json
from typing import Any

from functions.core.base.tokens import ApiToken, mint
from functions.settings import variable
from functions.usecases.authorise import KEY
from local.runtime.clock import now
from local.runtime.lambda_events import LocalAnswer
from tests.flow.host import Host


def some_token() -> ApiToken:
    """A token with the role to publish."""
    return ApiToken("mine", "ann", "publish", now(), now() + 60)


def signed(host: Host, token: ApiToken, audience: str = "") -> str:
    """The token as `segue token` makes it."""
    return mint(host.inner.secret(KEY), audience or host.inner.cloud.environment[variable("secret", KEY)], token)


def ask(host: Host, token: str, method: str = "GET", path: str = "/api/definitions/flows") -> LocalAnswer:
    """A call with the token."""
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    return host.request(method, path, b"" if method == "GET" else b"{}", headers)


def fault(answer: LocalAnswer) -> Any:
    """The first fault of a refusal."""
    return json.loads(answer.body)["faults"][0]
