"""Runs the command that was asked for; whatever ends it becomes a line and an exit code."""

import os
import sys
from collections.abc import Sequence

import typer

from cli.app import application, names, program
from cli.errors import CLOSED, CliError, Interrupted, asks_for_json
from cli.outcome import stopped

__all__ = ["main", "names"]


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the process's exit code.

    What stops it before its options are read is told as JSON if --json is anywhere in the line.
    """
    as_json = asks_for_json(arguments)
    try:
        code = application().main(arguments, program(), standalone_mode=False)
        sys.stdout.flush()
        return int(code or 0)
    except typer.TyperException as error:
        return _misused(error, as_json=as_json)
    except CliError as error:
        return stopped(error, as_json=as_json)
    except typer.Abort:
        return stopped(Interrupted(), as_json=as_json)
    except BrokenPipeError:
        return _closed()
    except SystemExit as ended:
        # Both typer and rich end the process where a pipe is closed.
        if isinstance(ended.__context__, BrokenPipeError):
            return _closed()
        raise


def _misused(error: typer.TyperException, *, as_json: bool) -> int:
    """Wrong options and arguments in a line, with where to read what is right; 2."""
    if not (message := error.format_message().rstrip(".").replace("Value error, ", "")):
        return CliError.code
    context = getattr(error, "ctx", None)
    path = context.command_path if context else program()
    misuse = CliError(f"{message[0].lower()}{message[1:]}; `{path} --help` says what there is")
    return stopped(misuse, as_json=as_json)


def _closed() -> int:
    """The exit code after the reader of standard output closed it.

    Standard output is replaced: Python would print an error at exit.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return CLOSED
