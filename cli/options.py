"""Options that commands share, stated once.

The arguments of a command are a frozen dataclass, composed of these by inheritance; its fields are what typer reads.
So a command is a function of one argument, however many options it has.
"""

from dataclasses import dataclass
from typing import Annotated

import typer

_HOST = "Host"

# The paths of a command that takes files and folders of definitions.
DEFINITIONS = typer.Argument(
    help="Folders or files; the folder definitions without any.",
    default_factory=lambda: ["definitions"],
    show_default=False,
    metavar="PATH",
)


@dataclass(frozen=True, kw_only=True)
class AsJson:
    """Every command has it."""

    json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.", rich_help_panel="Output")] = False


@dataclass(frozen=True, kw_only=True)
class LocalHost:
    """Which local host to speak to."""

    url: Annotated[
        str | None,
        typer.Option(help="The address of the API.", envvar="SEGUE_URL", metavar="URL", rich_help_panel=_HOST),
    ] = None
    local: Annotated[
        bool,
        typer.Option(
            "--local",
            help="The host of `make up`, at http://127.0.0.1:8787 or the port in PORT, unless --url says another.",
            rich_help_panel=_HOST,
        ),
    ] = False


@dataclass(frozen=True, kw_only=True)
class Host(LocalHost):
    """Which host to speak to, and with what token."""

    token: Annotated[
        str | None,
        typer.Option(help="A bearer token.", envvar="SEGUE_TOKEN", metavar="TOKEN", rich_help_panel=_HOST),
    ] = None
