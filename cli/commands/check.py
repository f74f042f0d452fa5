"""Check definitions without a host: all that publishing checks and that needs no stored data.

Each text is parsed, what it refers to has to be among the files beside it, and its examples are run.
"""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cli.errors import describe
from cli.folder import DefinitionFile, beside, find
from cli.spans import span
from functions.topology import DEFAULTS

_DAY = 86_400


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    kept = f"{DEFAULTS['LOG_RETENTION_DAYS']}d"
    parser.add_argument("paths", nargs="*", default=["definitions"], help="folders or files; definitions without any")
    parser.add_argument("--log-retention", type=span, default=kept, help=f"how long the host keeps its log; {kept}")
    parser.add_argument("--json", action="store_true", help="the faults as the API would give them")


def run(args: Namespace) -> int:
    """Print every fault in its place, and how many definitions are right."""
    files = find(map(Path, args.paths))
    # What a file refers to may lie beside it; if that is wrong, the file cannot be known to be right.
    around = beside(files)
    faults = _faults(around, args.log_retention // _DAY)
    if args.json:
        print(json.dumps({"checked": len(files), "faults": faults}, indent=2, ensure_ascii=False))
    else:
        _show(around, faults)
        wrong = {fault["where"] for fault in faults}
        right = sum(each.address not in wrong for each in files)
        print(f"{right} right, {len(wrong)} wrong" if wrong else f"{right} right")
    return 1 if faults else 0


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
        print(describe(paths[fault["where"]], fault), file=sys.stderr)
