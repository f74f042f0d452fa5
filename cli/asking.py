"""Asks at the terminal before something is done that is not undone."""

import sys

import typer

from cli import output
from cli.errors import CliError


def confirm(question: str, nothing: str, otherwise: str) -> None:
    """Return if the user agrees; raises CliError with ``nothing``, what was not done, if they do not.

    If standard input is no terminal it says ``otherwise``, what can be given instead.
    """
    if not sys.stdin.isatty():
        raise CliError(f"{nothing}: there is no terminal to ask at; {otherwise}")
    try:
        agreed = typer.confirm(question, err=True)
    except typer.Abort:
        output.note(f"\n{nothing}")
        raise
    if not agreed:
        raise CliError(nothing)
