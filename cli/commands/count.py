"""Count who would be in each segment, from a file of events, before anything is deployed.

The file is Parquet or CSV with the columns person, time and name; every other column is a property (docs/counting.md).
"""

from argparse import ArgumentParser, Namespace
from importlib.util import find_spec

from cli.errors import CliError

_INSTALL = (
    "this needs polars and numpy: `uv tool install '.[count]'`, or python -m pip install -r requirements-batch.txt"
)


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("definitions", help="a segment's file, or a folder that holds segments/ and scores/")
    parser.add_argument("--events", required=True, help="a Parquet or CSV file of events")
    parser.add_argument("--at", help="as of this instant (RFC 3339) instead of now")
    parser.add_argument("--timezone", default="UTC", help="where the shop's days begin, such as Europe/Berlin")
    parser.add_argument("--currency", help="in which amounts count, such as EUR; else the base of rates/rates.yaml")
    parser.add_argument("--who", help="write who they are into this CSV file, a line for each: segment, person")


def run(args: Namespace) -> int:
    """Print how many people are in each segment, and how many there are."""
    if not all(map(find_spec, ("polars", "numpy"))):
        raise CliError(_INSTALL)
    from cli.counting import count

    return count(args)
