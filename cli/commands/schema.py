"""Print the JSON Schema of a kind of definition, or write them all into a folder, for editors."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path

from cli.errors import CliError, hint


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("kind", nargs="?", help="segments, scores, events, rates, flows, templates or conditions")
    parser.add_argument("--write", metavar="FOLDER", help="write every schema into the folder, one file a kind")


def run(args: Namespace) -> int:
    """Print or write; no host is asked."""
    from functions.core.base.errors import NotFound
    from functions.core.definitions.json_schemas import SCHEMAS, schema

    if not args.kind and not args.write:
        raise CliError(f"which kind? {', '.join(SCHEMAS)}; or --write a folder")
    try:
        if args.kind:
            print(_text(schema(args.kind)), end="")
    except NotFound as error:
        raise CliError(f"{error.faults[0].message}{hint(error.faults[0].suggestion)}") from None
    for kind in SCHEMAS if args.write else ():
        path = Path(args.write) / f"{kind}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_text(schema(kind)), encoding="utf-8")
    return 0


def _text(schema: object) -> str:
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
