"""The parameters of paths and the texts of bodies, with their descriptions in OpenAPI."""

from typing import Annotated

from pydantic import Field

from functions.core.base.keys import ID
from functions.core.definitions.kinds import KINDS
from functions.handlers.models.base import TextOf

_ID = f"^{ID.pattern}$"

DefinitionKind = Annotated[str, Field(description="the kind of definition", json_schema_extra={"enum": list(KINDS)})]
DefinitionId = Annotated[str, Field(description="the definition's id", json_schema_extra={"pattern": _ID})]
AnyDefinition = Annotated[str, TextOf(KINDS)]
SegmentText = Annotated[str, TextOf(("segments",))]
FlowText = Annotated[str, TextOf(("flows",))]
SchemaKind = Annotated[str, Field(description=f"{', '.join(KINDS)} or conditions")]
FlowId = Annotated[str, Field(description="the flow's id", json_schema_extra={"pattern": _ID})]
SegmentId = Annotated[str, Field(description="the segment's id")]
ProfileId = Annotated[str, Field(description="a profile id; a merged one leads to the living")]
Source = Annotated[str, Field(description="such as shopify")]
TokenId = Annotated[str, Field(description="the token's claim `jti`")]
QuarantineId = Annotated[str, Field(description="the item's id, escaped")]
JobId = Annotated[str, Field(description="the job's id")]
