"""Check, before this release is deployed or rolled back to, whether it can work with what is stored.

It reads the outputs of the deployed stack and one row, and changes nothing. Exit code 1 means that this release must
not be deployed there. It needs the permissions cloudformation:DescribeStacks and dynamodb:GetItem.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import typer

from cli import aws, output, stored_formats
from cli.errors import DONE, REFUSED, CliError
from cli.options import AsJson
from cli.stored_formats import Deployed, findings
from functions.core.base.formats import READ, WRITTEN

EXAMPLES = ("segue release", "segue release --stack Segue --region eu-central-1 --json")
# The code that CloudFormation gives for a stack that does not exist.
_MISSING = "ValidationError"
# The format of releases that do not say which one they read.
_UNSAID = 1


@dataclass(frozen=True, kw_only=True)
class Arguments(AsJson):
    """The command's arguments."""

    stack: Annotated[str, typer.Option(help="The name of the deployed stack.", metavar="NAME")] = "Segue"
    region: Annotated[str, typer.Option(help="The region; else the credentials'.", show_default=False)] = ""


def run(args: Arguments) -> int:
    """Print what was found; faults make the exit code 1."""
    deployed = _deployed(args)
    found = list(findings(deployed)) if deployed else []
    if args.json:
        numbers = deployed._asdict() if deployed else None
        output.as_json({"works": not found, "deployed": numbers, "findings": [each._asdict() for each in found]})
        return REFUSED if found else DONE
    for each in found:
        output.line((f"{each.level}: ", "red"), f"{each.about}: {each.message}")
        output.line(f"  → {each.remedy}")
    if deployed is None:
        output.line(f"There is no stack {args.stack} in this region: nothing is stored.")
    elif not found:
        output.line(f"This release reads what is stored (format {deployed.stored} of {READ}; it writes {WRITTEN}).")
    return REFUSED if found else DONE


def _deployed(args: Arguments) -> Deployed | None:
    """What the stack says, and the row of its table; None if there is no stack."""
    outputs = _outputs(args)
    if outputs is None:
        return None
    reads = int(outputs.get(stored_formats.READS, _UNSAID))
    if not (table := outputs.get(stored_formats.TABLE)):
        return Deployed(_UNSAID, reads)
    try:
        answer = aws.ask(
            aws.client("dynamodb", args.region), "GetItem", TableName=table, Key=stored_formats.KEY, ConsistentRead=True
        )
    except aws.Refused as refused:
        raise CliError(f"{table} cannot be read: {refused.code}") from None
    return Deployed(stored_formats.stored(answer.get("Item")), reads)


def _outputs(args: Arguments) -> Mapping[str, str] | None:
    """The outputs of the stack by their names; None if there is no such stack."""
    try:
        answer = aws.ask(aws.client("cloudformation", args.region), "DescribeStacks", StackName=args.stack)
    except aws.Refused as refused:
        if refused.code == _MISSING:
            return None
        raise CliError(f"the stack {args.stack} cannot be read: {refused.code}") from None
    return {each["OutputKey"]: each["OutputValue"] for each in answer["Stacks"][0].get("Outputs", ())}
