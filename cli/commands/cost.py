"""Print what events, e-mails and people cost, and what an installation costs in a month in which nothing happens.

The latter is read from the CloudFormation template that `make synth` or `python app.py` writes; no host and no account
is asked.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import bills, costs, output
from cli.errors import CliError
from cli.options import AsJson

_BILLS: Mapping[str, Callable[[], list[costs.Line]]] = {
    "A million events, one request each": partial(bills.million, "single"),
    "A million events in requests of five": partial(bills.million, "together"),
    "A million answers to the shop's page": partial(bills.million, "audience"),
    "A million timers that bring somebody into an announced segment": partial(bills.million, "timer"),
    "A thousand e-mails about carts": bills.emails,
}
EXAMPLES = ("segue cost", "segue cost cdk.out/Segue.template.json --json")


@dataclass(frozen=True, kw_only=True)
class Arguments(AsJson):
    """The command's arguments."""

    template: Annotated[
        Path,
        typer.Argument(help="The template.", metavar="TEMPLATE"),
    ] = Path("cdk.out/Segue.template.json")


def run(args: Arguments) -> int:
    """Print the lines and their sums."""
    lines, region = list(costs.idle(_resources(args.template))), costs.prices()["region"]
    if args.json:
        output.as_json({"region": region, **_used(), "idle": _dicts(lines), "dollars": round(bills.total(lines), 2)})
        return 0
    output.line(f"In {region}, without free tiers and taxes.")
    for what, several in _BILLS.items():
        output.line(f"{what}: ${bills.total(several()):.2f}")
    _print_months()
    _print_idle(lines)
    return 0


def _used() -> dict[str, Any]:
    return {
        "bills": {what: _dicts(several()) for what, several in _BILLS.items()},
        "months": {str(people): _dicts(bills.month(people)) for people in bills.SIZES},
    }


def _dicts(lines: list[costs.Line]) -> list[dict[str, Any]]:
    return [line._asdict() for line in lines]


def _print_months() -> None:
    rows = list(bills.table())
    width = max(len(what) for what, _ in rows)
    output.line(f"A month with {', '.join(f'{people:,}' for people in bills.SIZES)} people, besides:")
    for what, dollars in rows:
        output.line(f"  {what:<{width}}" + "".join(f"  ${amount:>10,.2f}" for amount in dollars))


def _print_idle(lines: list[costs.Line]) -> None:
    width = max(len(line.what) for line in lines)
    output.line("A month in which nothing happens:")
    for line in lines:
        output.line(f"  {line.what:<{width}}  {line.amount:>12,.0f}  ${line.dollars:>6.2f}")
    output.line(f"  {'all of it':<{width}}  {'':>12}  ${bills.total(lines):>6.2f}")


def _resources(path: Path) -> costs.Resources:
    if not path.is_file():
        raise CliError(f"there is no template at {path}: `make synth` or `python app.py` writes it")
    try:
        found: costs.Resources = json.loads(path.read_text(encoding="utf-8"))["Resources"]
    except (ValueError, KeyError, TypeError):
        raise CliError(f"{path} is no CloudFormation template in JSON") from None
    return found
