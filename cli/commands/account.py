"""Check, before anything is deployed, whether the AWS account can carry an installation, and say what to do.

It asks SES and Lambda in the region of the credentials and changes nothing. Exit code 1 means that an installation
could not work. It needs the permissions ses:GetAccount, ses:GetEmailIdentity and lambda:GetAccountSettings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from cli import aws, output
from cli.accounts import Ask, Denied, Finding, findings
from cli.errors import DONE, REFUSED
from cli.options import AsJson

EXAMPLES = (
    "segue account --from-address hello@shop.example",
    "segue account --from-address hello@shop.example --concurrency 1000 --json",
)
_SERVICES = {"ses": "sesv2", "lambda": "lambda"}
_MISSING = ("NotFoundException",)


@dataclass(frozen=True, kw_only=True)
class Arguments(AsJson):
    """The command's arguments."""

    from_address: Annotated[
        str, typer.Option(help="The address that messages are to come from.", metavar="ADDRESS", show_default=False)
    ] = ""
    concurrency: Annotated[
        int, typer.Option(help="What the deployment is to be given as concurrency.", min=0, show_default=False)
    ] = 0
    region: Annotated[str, typer.Option(help="The region; else the credentials'.", show_default=False)] = ""


def run(args: Arguments) -> int:
    """Print what was found; faults make the exit code 1."""
    found = list(findings(_asking(args.region), args.from_address, args.concurrency))
    works = not any(each.level == "fault" for each in found)
    if args.json:
        output.as_json({"works": works, "findings": [each._asdict() for each in found]})
    else:
        for each in found:
            _print(each)
        output.line("An installation works in this account." if works else "An installation would not work yet.")
    return DONE if works else REFUSED


def _print(found: Finding) -> None:
    colour = "red" if found.level == "fault" else "yellow"
    output.line((f"{found.level}: ", colour), f"{found.about}: {found.message}")
    output.line(f"  → {found.remedy}")


def _asking(region: str) -> Ask:
    clients: dict[str, Any] = {}

    def ask(action: str, **request: Any) -> Mapping[str, Any] | None:
        prefix, _, operation = action.partition(":")
        if prefix not in clients:
            clients[prefix] = aws.client(_SERVICES[prefix], region)
        try:
            return aws.ask(clients[prefix], operation, **request)
        except aws.Refused as refused:
            if refused.code in _MISSING:
                return None
            raise Denied(action, refused.code) from None

    return ask
