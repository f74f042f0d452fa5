"""Segue's command line: ``segue <command> --help``, or ``python -m cli`` from a checkout."""

import sys
from collections.abc import Sequence

# Said before anything is imported that an older Python cannot read.
if sys.version_info < (3, 11):  # noqa: UP036 (whoever runs it from a checkout may have one)
    sys.exit("Segue needs Python 3.11 or newer; `make up` makes an environment: .venv/bin/segue")

from cli.errors import IMPOSSIBLE, missing_package


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the process's exit code; a Python that lacks a package is told where there is one."""
    try:
        from cli.main import main as run

        return run(arguments)
    except ModuleNotFoundError as error:
        print(missing_package(error), file=sys.stderr)
        return IMPOSSIBLE


if __name__ == "__main__":
    sys.exit(main())
