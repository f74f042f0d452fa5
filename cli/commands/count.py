"""Count who would be in each segment, from a file of events, before anything is deployed.

The file is Parquet or CSV with the columns person, time and name; every other column is a property (docs/counting.md).
"""

from importlib.util import find_spec

from cli.count_options import Arguments
from cli.errors import CliError

EXAMPLES = (
    "segue count my-shop --events orders.csv",
    "segue count my-shop/segments/vip.yaml --events events.parquet --who vip.csv",
    "segue count my-shop --events orders.csv --at 2026-01-01T00:00:00Z --timezone Europe/Berlin --currency EUR",
)
_INSTALL = (
    "this needs polars and numpy: `uv tool install '.[count]'`, or python -m pip install -r requirements-batch.txt"
)


__all__ = ["EXAMPLES", "Arguments", "run"]


def run(args: Arguments) -> int:
    """Print how many people are in each segment, and how many there are."""
    if not all(map(find_spec, ("polars", "numpy"))):
        raise CliError(_INSTALL)
    from cli.counting import count

    return count(args)
