"""Check definitions without a host: all that publishing checks and that needs no stored data.

Each text is parsed, what it refers to has to be among the files beside it, and its examples are run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from cli import output
from cli.errors import DONE, REFUSED, describe
from cli.folder import DefinitionFile, beside, find
from cli.options import DEFINITIONS, AsJson
from cli.spans import span_option
from functions.settings import DEFAULTS

EXAMPLES = ("segue check", "segue check my-shop", "segue check my-shop/segments/vip.yaml --log-retention 365d")
_DAY = 86_400
_KEPT = f"{DEFAULTS['LOG_RETENTION_DAYS']}d"


@dataclass(frozen=True, kw_only=True)
class Arguments(AsJson):
    """The command's arguments."""

    paths: Annotated[list[Path], DEFINITIONS]
    log_retention: Annotated[int, span_option("--log-retention", _KEPT, "How long the host keeps its log.")]


def run(args: Arguments) -> int:
    """Print every fault in its place, and how many definitions are right."""
    files = find(args.paths)
    # What a file refers to may lie beside it; if that is wrong, the file cannot be known to be right.
    around = beside(files)
    faults = _faults(around, args.log_retention // _DAY)
    if args.json:
        output.as_json({"checked": len(files), "faults": faults})
    else:
        _show(around, faults)
        wrong = {fault["where"] for fault in faults}
        right = sum(each.address not in wrong for each in files)
        output.line(f"{right} right, {len(wrong)} wrong" if wrong else (f"{right} right", "green"))
    return REFUSED if faults else DONE


def _faults(files: Sequence[DefinitionFile], retention_days: int) -> list[dict[str, Any]]:
    from functions.core.answers.views import fault_view
    from functions.core.base.errors import DefinitionRefused
    from functions.core.definitions.together import check_together

    try:
        check_together({(each.kind, each.id): each.text() for each in files}, (), retention_days)
    except DefinitionRefused as refused:
        return [fault_view(each) for each in refused.faults]
    return []


def _show(files: Sequence[DefinitionFile], faults: Sequence[dict[str, Any]]) -> None:
    paths = {each.address: each.path for each in files}
    for fault in faults:
        output.note((describe(paths[fault["where"]], fault), "red"))
