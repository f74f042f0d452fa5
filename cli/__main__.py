"""Segue's command line: ``segue <command> --help``, or ``python -m cli`` from a checkout."""

import sys

# Said before anything is imported that an older Python cannot read.
if sys.version_info < (3, 11):  # noqa: UP036 (whoever runs it from a checkout may have one)
    sys.exit("Segue needs Python 3.11 or newer; `make up` makes an environment: .venv/bin/segue")

from cli.main import main

if __name__ == "__main__":
    sys.exit(main())
