"""Several definitions as one request of the API, and what became of each."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from functions.core.answers.views import backfilled_view, fault_view
from functions.core.base.errors import Fault, Malformed

if TYPE_CHECKING:
    from functions.usecases.publish_together import Change

MOST_DEFINITIONS = 500


def read_texts(body: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """The texts by (kind, id); raises Malformed with every fault of the request's shape."""
    given = body.get("definitions")
    if not isinstance(given, list) or not 0 < len(given) <= MOST_DEFINITIONS:
        raise Malformed(Fault(f"not a list of 1 to {MOST_DEFINITIONS} definitions", "definitions"))
    faults = [fault for number, each in enumerate(given) for fault in _faults(number, each)]
    if faults:
        raise Malformed(*faults)
    texts = {(each["kind"], each["id"]): each["text"] for each in given}
    if len(texts) < len(given):
        addresses = [(each["kind"], each["id"]) for each in given]
        twice = sorted({"/".join(each) for each in addresses if addresses.count(each) > 1})
        raise Malformed(Fault(f"named twice: {', '.join(twice)}", "definitions"))
    return texts


def _faults(number: int, given: Any) -> list[Fault]:
    place = f"definitions.{number}"
    if not isinstance(given, dict):
        return [Fault("not an object with kind, id and text", place)]
    keys = ("kind", "id", "text")
    return [Fault("missing or not text", f"{place}.{key}") for key in keys if not isinstance(given.get(key), str)]


def change_view(change: "Change") -> dict[str, Any]:
    """What becomes of one definition, with the version that is current now if there is one."""
    shown: dict[str, Any] = {"kind": change.kind, "id": change.id, "change": change.change}
    if change.definition is not None:
        shown |= {"version": change.definition.version, **backfilled_view(change.definition)}
    if change.warnings:
        shown["warnings"] = list(map(fault_view, change.warnings))
    return shown
