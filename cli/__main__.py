"""Segue's command line: ``segue <command> --help``, or ``python -m cli`` from a checkout."""

import sys
from collections.abc import Sequence

# Said before anything is imported that an older Python cannot read.
if sys.version_info < (3, 11):  # noqa: UP036 (whoever runs it from a checkout may have one)
    sys.exit("Segue needs Python 3.11 or newer; `make up` makes an environment: .venv/bin/segue")

from cli.errors import CliError, Interrupted, asks_for_json, missing_package, report


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the process's exit code; a Python that lacks a package is told where there is one."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        from cli.main import main as run

        return run(words)
    except ModuleNotFoundError as error:
        return _stopped(missing_package(error), words)
    except KeyboardInterrupt:
        # While it starts; a command that is at work ends in cli.main.
        return _stopped(Interrupted(), words)


def _stopped(error: CliError, words: Sequence[str]) -> int:
    """As ``cli.outcome`` does it, without what may be missing."""
    if text := report(error, as_json=asks_for_json(words)):
        print(text, file=sys.stderr)
    return error.code


if __name__ == "__main__":
    sys.exit(main())
