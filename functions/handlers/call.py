"""A request of the API, decoded and authorised: what its operations are given."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from functions import wiring
from functions.core.base import json_text, texts
from functions.core.base.errors import Fault, Malformed, Oversize
from functions.handlers import http
from functions.handlers.deadline import ANSWER_MS, late
from functions.usecases.authorise import authorise

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from functions.usecases.context import Context

HALF = "holds half of a surrogate pair, which is no character"
# What a route needs of its caller: the role of a token, or nothing.
Needs = Literal["nothing", "read", "publish"]


@dataclass(frozen=True, slots=True)
class Call:
    """One request, with the context of its use case, whose definitions are those of this moment.

    ``author`` is the token's subject, empty where no token is needed.
    """

    context: "Context"
    author: str
    query: Sequence[tuple[str, str]]
    content: bytes

    def parameters(self, names: Collection[str]) -> Mapping[str, str]:
        """The parameters of the query with these names; raises Malformed for each that is given twice."""
        return http.parameters(self.query, names)

    def text(self) -> str:
        """The body as text; raises Malformed."""
        try:
            return self.content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Malformed(Fault(f"byte {error.start} is not UTF-8", where="body")) from None

    def json(self) -> Mapping[str, Any]:
        """The body as a JSON object; raises Malformed."""
        value = json_text.read(self.text(), where="body")
        if not isinstance(value, dict):
            raise Malformed(Fault("not a JSON object", where="body"))
        if halves := [steps for text, steps in texts.texts(value) if not texts.is_whole(text)]:
            raise Malformed(*(Fault(HALF, texts.whole(".".join(map(str, steps))) or "body") for steps in halves))
        return value


def accept(event: http.Event, lambda_context: "LambdaContext", *, needs: Needs, largest: int) -> Call:
    """The call that the event makes; raises BadCredential or Forbidden, or Oversize (``largest`` bytes)."""
    context = replace(wiring.context(fresh=True), late=late(lambda_context, ANSWER_MS))
    author = "" if needs == "nothing" else authorise(context, _bearer(http.headers(event)), needs).subject
    content = http.body(event)
    if len(content) > largest:
        raise Oversize(Fault(f"a request has at most {largest} bytes", "body"))
    return Call(context, author, http.query(event), content)


def _bearer(headers: Mapping[str, str]) -> str:
    """The bearer token; empty if there is none."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
