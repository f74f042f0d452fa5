"""Import customers, orders or events of the past from a file; nothing is sent to anybody.

Columns are guessed, shown with a row as a sample, and confirmed; consent is never guessed. A row that cannot be taken
is refused as a whole, with the reason in a report, and the others are taken: the exit code is 3 then. The same file
again changes nothing, and --resume goes on where an import was interrupted.
"""

from datetime import UTC, datetime
from pathlib import Path

from cli import output
from cli.asking import confirm
from cli.client import Client
from cli.errors import DONE, PARTLY, CliError
from cli.imports import place as places
from cli.imports.door import Door, address, connected
from cli.imports.importing import Import, Input, carry_out
from cli.imports.layouts import choose, wanted
from cli.imports.options import Arguments
from cli.imports.parts import parts
from cli.imports.place import Place, Totals
from cli.imports.report import Report
from cli.imports.showing import as_json, conclude, show

EXAMPLES = (
    "segue import customers.csv --dry-run",
    "segue import orders.csv --kind orders --map order_id=number,email=mail,time=when,total=sum,currency=:EUR --local",
    "segue import orders.csv --dates DD.MM.YYYY --timezone Europe/Berlin --decimal , --yes --local",
    "segue import orders_export.csv --resume --yes",
)
__all__ = ["EXAMPLES", "Arguments", "run"]


def run(args: Arguments) -> int:
    """Read, show, ask, import."""
    if args.json and not (args.yes or args.dry_run):
        raise CliError("nobody is asked where JSON is printed: give --yes to import, or --dry-run to look")
    url = "" if args.dry_run else address(args)
    inputs = _inputs(args)
    if not args.json:
        show(inputs)
    task = Import.of(inputs, _now(args, url), quiet=args.json)
    totals, report = _tried(args, task) if args.dry_run else _imported(args, task, url)
    if args.json:
        output.as_json(as_json(task, totals, report, dry_run=args.dry_run))
    else:
        conclude(task, totals, report, dry_run=args.dry_run)
    return PARTLY if totals.refused else DONE


def _inputs(args: Arguments) -> list[Input]:
    """The parts that have rows, with their layouts."""
    found = parts(args.file, args.encoding)
    taken = wanted(found, args)
    if left := [part.name for part in found if part not in taken]:
        output.note(f"passed over: {', '.join(left)}")
    inputs = [Input(part, chosen, part.size()) for part in taken if (chosen := choose(part, args))]
    if not inputs:
        raise CliError(f"{args.file} has no rows")
    return inputs


def _tried(args: Arguments, task: Import) -> tuple[Totals, Report]:
    """What would be imported."""
    with Report(_report(args)) as report:
        return carry_out(task, None, report, places.fresh(_place(args), "")), report


def _imported(args: Arguments, task: Import, url: str) -> tuple[Totals, Report]:
    """What was imported, from the start or from where it was interrupted."""
    digest = task.digest(url)
    path = _place(args)
    place = places.stored(path, digest) if args.resume else places.fresh(path, digest)
    if path.exists() and not args.resume and not args.json:
        output.note(f"an import of it was interrupted ({path}): --resume goes on there; this one begins at its start")
    _ask(args, task, place)
    with connected(args, url) as client, Report(_report(args), place.report) as report:
        try:
            return carry_out(task, Door(client), report, place), report
        except KeyboardInterrupt:
            if not args.json:
                output.note(f"interrupted behind {place.totals.items:,} rows or orders; --resume goes on there")
            raise


def _ask(args: Arguments, task: Import, place: Place) -> None:
    """Return if the user confirms the import; raises CliError otherwise, or if standard input is no terminal."""
    if args.yes:
        return
    rest = f", from row or order {place.totals.items + 1:,} on" if args.resume else ""
    confirm(f"Import {task.lines:,} lines{rest}?", "nothing was imported", "--yes imports it, --dry-run only looks")


def _now(args: Arguments, url: str) -> str:
    """What the host's clock says; a local one may have been moved."""
    if args.local and url:
        with Client(url) as client:
            return str(client.get("/_local/clock")["now"])
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _report(args: Arguments) -> Path:
    """Beside the file unless it is named; a dry run leaves that of an import alone."""
    way = "dry-run.refused" if args.dry_run else "refused"
    return args.refused or args.file.with_name(f"{args.file.name}.{way}.csv")


def _place(args: Arguments) -> Path:
    return _report(args).with_name(f"{args.file.name}.place.json")
