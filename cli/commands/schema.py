"""Print the JSON Schema of a kind of definition, or write them all into a folder, for editors."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from cli import output
from cli.completion import schemas
from cli.errors import CliError, hint
from cli.options import AsJson
from functions.core.definitions.kinds import KINDS

EXAMPLES = ("segue schema segments", "segue schema --write definitions/schema")


@dataclass(frozen=True, kw_only=True)
class Arguments(AsJson):
    """The command's arguments; a schema is JSON with and without --json."""

    kind: Annotated[
        str | None,
        typer.Argument(
            help=f"conditions, {', '.join(KINDS[:-1])} or {KINDS[-1]}.",
            autocompletion=schemas,
            metavar="KIND",
        ),
    ] = None
    write: Annotated[
        Path | None,
        typer.Option(help="Write every schema into this folder, one file a kind.", metavar="FOLDER"),
    ] = None


def run(args: Arguments) -> int:
    """Print or write; no host is asked."""
    from functions.core.base.errors import NotFound
    from functions.core.definitions.json_schemas import SCHEMAS, schema

    if not args.kind and not args.write:
        raise CliError(f"which kind? {', '.join(SCHEMAS)}; or --write a folder")
    try:
        if args.kind:
            output.line(_text(schema(args.kind)))
    except NotFound as error:
        raise CliError(f"{error.faults[0].message}{hint(error.faults[0].suggestion)}") from None
    if args.write:
        written = [_write(args.write / f"{kind}.json", schema(kind)) for kind in SCHEMAS]
        if args.json and not args.kind:
            output.as_json({"written": written})
    return 0


def _write(path: Path, schema: object) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{_text(schema)}\n", encoding="utf-8")
    return str(path)


def _text(schema: object) -> str:
    return json.dumps(schema, indent=1, ensure_ascii=False)
