"""The JSON Schema of a table of exchange rates."""

from functions.core.base.currencies import CODES
from functions.core.base.naming import LONGEST_NAME
from functions.core.definitions import rates
from functions.core.segments.language.schema import DRAFT, Schema, closed
from functions.core.timelines.exchange import ID


def rates_schema() -> Schema:
    """What a schema can say of the table; that days ascend, and that the base is not in it, is left to the check."""
    code: Schema = {"enum": sorted(CODES)}
    words: Schema = {"type": ["string", "null"], "maxLength": LONGEST_NAME}
    said = {
        "id": {"const": ID},
        "name": words,
        "description": words,
        "base": {**code, "description": "the shop's currency"},
        "rates": {
            "type": "object",
            "propertyNames": code,
            "additionalProperties": _of_currency(),
            "description": "by currency, for always or each since a day, in the order of the days",
        },
    }
    return {"$schema": DRAFT, **closed(said, "base", "rates", title="Segue exchange rates")}


def _of_currency() -> Schema:
    rate: Schema = {
        "type": "number",
        "minimum": float(rates.LEAST),
        "maximum": int(rates.MOST),
        "description": "what one unit is worth in the base",
    }
    day = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$", "description": "a day such as 2026-01-01"}
    dated = closed({"since": day, "rate": rate}, "since", "rate")
    return {"anyOf": [rate, {"type": "array", "items": dated, "minItems": 1, "maxItems": rates.MOST_STEPS}]}
