"""What a start pays: entering a function as Lambda does, beside a bare function that makes the same clients.

Entering makes everything that an invocation needs: imports, settings, ports, clients, operators. Both sides have the
SDK as pip installs it, and take turns; what is told is the median of the ratios of the pairs.

The time is the processor's in user mode. The machine may be busy with something else, and the system's share is luck:
CPython keeps frames in chunks of 16 KB, and at a depth of the stack that crosses the end of one it maps and unmaps a
chunk for every call, which adds up to 70 ms to a start.
"""

import subprocess
import sys
from pathlib import Path
from statistics import median

from bench.table import Row, show
from functions.settings import DEFAULTS, variable_of
from functions.topology import ENVIRONMENT, FUNCTIONS, SERVICES
from functions.topology_rows import Function

ROOT = Path(__file__).parent.parent
TIMES = 7
BUDGET = 1.6

_TIMED = """
from resource import RUSAGE_SELF, getrusage
begin = getrusage(RUSAGE_SELF).ru_utime
{work}
print(getrusage(RUSAGE_SELF).ru_utime - begin)
"""
_OURS = "import functions.entry"
_BARE = "import boto3; {clients}"
_BARE_CLIENT = "boto3.client({service!r}, region_name='eu-west-1')"

_ENVIRONMENT = {
    **ENVIRONMENT,
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def rows() -> list[Row]:
    """The ratio for each function."""
    return [_row(function) for function in FUNCTIONS]


def _row(function: Function) -> Row:
    services = sorted({SERVICES[grant.kind] for grant in function.grants})
    bare = _BARE.format(clients="; ".join(_BARE_CLIENT.format(service=service) for service in services))
    sides: dict[str, list[float]] = {_OURS: [], bare: []}
    environment = {**_ENVIRONMENT, **_places(function)}
    for _ in range(TIMES + 1):
        for work, times in sides.items():
            times.append(_start(work, environment))
    # The first start of each may have written byte code.
    pairs = list(zip(sides[_OURS], sides[bare], strict=True))[1:]
    ratio = median(ours / other for ours, other in pairs)
    note = f"{median(sides[_OURS][1:]) * 1000:.0f} ms; bare {median(sides[bare][1:]) * 1000:.0f} ms"
    return Row(f"{function.name}: start, beside bare boto3", ratio, "times", BUDGET, note)


def _places(function: Function) -> dict[str, str]:
    """The function's name, its settings as they are by default, and a name for every resource that it was granted."""
    granted = {name: name.lower() for grant in function.grants if (name := variable_of(grant))}
    return {"FUNCTION": function.name, **DEFAULTS, **granted}


def _start(work: str, environment: dict[str, str]) -> float:
    command = [sys.executable, "-c", _TIMED.format(work=work)]
    process = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return float(process.stdout)


if __name__ == "__main__":
    show("Cold start: a function is entered, in a process of its own", rows())
