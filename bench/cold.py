"""What a cold start pays: importing each handler and making its clients, beside a bare function with the same ones.

Processor time, since starting does little else and this machine may be busy with something else.
"""

import subprocess
import sys
from pathlib import Path

from bench.table import Row
from functions.topology import ENVIRONMENT, FUNCTIONS, Function

ROOT = Path(__file__).parent.parent
SERVICES = {"table": "dynamodb", "queue": "sqs", "secret": "secretsmanager", "bus": "events", "email": "sesv2"}
TIMES = 7
BUDGET = 1.6

_TIMED = "import time; begin = time.process_time(); {work}; print(time.process_time() - begin)"
_OURS = "import functions.handlers.{name}; from functions import wiring; {clients}"
_OUR_CLIENT = "wiring.clients().get({service!r})"
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
    """The ratio for each function, the least of several starts of each side, taken in turn."""
    return [_row(function) for function in FUNCTIONS]


def _row(function: Function) -> Row:
    services = sorted({SERVICES[grant.kind] for grant in function.grants})
    ours = _OURS.format(name=function.name, clients=_each(_OUR_CLIENT, services))
    bare = _BARE.format(clients=_each(_BARE_CLIENT, services))
    sides: dict[str, list[float]] = {ours: [], bare: []}
    for _ in range(TIMES + 1):
        for work, times in sides.items():
            times.append(_start(work))
    # The first start of each may have written byte code.
    least = {work: min(times[1:]) * 1000 for work, times in sides.items()}
    note = f"{least[ours]:.0f} ms; bare {least[bare]:.0f} ms"
    return Row(f"{function.name}: start, beside bare boto3", least[ours] / least[bare], "times", BUDGET, note)


def _each(client: str, services: list[str]) -> str:
    return "; ".join(client.format(service=service) for service in services)


def _start(work: str) -> float:
    command = [sys.executable, "-c", _TIMED.format(work=work)]
    done = subprocess.run(command, cwd=ROOT, env=_ENVIRONMENT, capture_output=True, text=True, check=True)
    return float(done.stdout)
