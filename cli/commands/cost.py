"""Print what an installation costs in a month in which nothing happens, line by line.

It is read from the CloudFormation template that `make synth` or `python app.py` writes; no host and no account is
asked.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from cli import costs, output
from cli.errors import CliError
from cli.options import AsJson

EXAMPLES = ("segue cost", "segue cost cdk.out/Segue.template.json --json")


@dataclass(frozen=True, kw_only=True)
class Arguments(AsJson):
    """The command's arguments."""

    template: Annotated[
        Path,
        typer.Argument(help="The template.", metavar="TEMPLATE"),
    ] = Path("cdk.out/Segue.template.json")


def run(args: Arguments) -> int:
    """Print the lines and their sum."""
    lines, region = list(costs.idle(_resources(args.template))), costs.prices()["region"]
    total = sum(line.dollars for line in lines)
    if args.json:
        output.as_json({"region": region, "idle": [line._asdict() for line in lines], "dollars": round(total, 2)})
        return 0
    width = max(len(line.what) for line in lines)
    output.line(f"A month in which nothing happens, in {region}, without free tiers and taxes:")
    for line in lines:
        output.line(f"  {line.what:<{width}}  {line.amount:>12,.0f}  ${line.dollars:>6.2f}")
    output.line(f"  {'all of it':<{width}}  {'':>12}  ${total:>6.2f}")
    return 0


def _resources(path: Path) -> costs.Resources:
    if not path.is_file():
        raise CliError(f"there is no template at {path}: `make synth` or `python app.py` writes it")
    try:
        found: costs.Resources = json.loads(path.read_text(encoding="utf-8"))["Resources"]
    except (ValueError, KeyError, TypeError):
        raise CliError(f"{path} is no CloudFormation template in JSON") from None
    return found
