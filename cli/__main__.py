"""Segue's command line: ``python -m cli <command> --help``."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from cli import backfills, count, explain, preview, pull, push, schema, token
from cli.client import CliError

COMMANDS = {
    "push": push,
    "pull": pull,
    "preview": preview,
    "count": count,
    "explain": explain,
    "backfills": backfills,
    "schema": schema,
    "token": token,
}


def parser() -> ArgumentParser:
    """Every command with its arguments; a command's help is its module's docstring."""
    root = ArgumentParser(prog="python -m cli", description="Definitions and people of a Segue host.")
    commands = root.add_subparsers(dest="command", required=True, metavar="command")
    for name, module in COMMANDS.items():
        summary = (module.__doc__ or "").strip()
        command = commands.add_parser(name, help=summary.splitlines()[0], description=summary)
        module.arguments(command)
        command.set_defaults(run=module.run)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the process's exit code."""
    args = parser().parse_args(arguments)
    try:
        return int(args.run(args))
    except CliError as error:
        print(f"{error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
