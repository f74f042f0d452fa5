"""What a cold start pays: importing each handler and making its clients, beside a bare function with the same ones.

Processor time, since starting does little else and this machine may be busy with something else.
"""

import subprocess
import sys
from pathlib import Path

from bench.table import Row
from functions.topology import FUNCTIONS, Function

ROOT = Path(__file__).parent.parent
SERVICES = {"table": "dynamodb", "queue": "sqs", "secret": "secretsmanager", "bus": "events", "email": "sesv2"}
TIMES = 7
BUDGET = 1.15

_TIMED = "import time; begin = time.process_time(); {work}; print(time.process_time() - begin)"
_OURS = "import functions.handlers.{name}; from functions import wiring; {clients}"
_OUR_CLIENT = "wiring.clients().get({service!r})"
_BOTO3 = "import boto3; {clients}"
_BOTO3_CLIENT = "boto3.client({service!r}, region_name='eu-west-1')"
_BOTOCORE = "import botocore.session; session = botocore.session.get_session(); {clients}"
_BOTOCORE_CLIENT = "session.create_client({service!r}, region_name='eu-west-1')"

_ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def rows() -> list[Row]:
    """The ratio for each function, the least of several starts of each side, taken in turn."""
    return [row for function in FUNCTIONS for row in _rows(function)]


def _rows(function: Function) -> list[Row]:
    services = sorted({SERVICES[grant.kind] for grant in function.grants})
    ours = _OURS.format(name=function.name, clients=_each(_OUR_CLIENT, services))
    boto3 = _BOTO3.format(clients=_each(_BOTO3_CLIENT, services))
    botocore = _BOTOCORE.format(clients=_each(_BOTOCORE_CLIENT, services))
    sides: dict[str, list[float]] = {ours: [], boto3: [], botocore: []}
    for _ in range(TIMES + 1):
        for work, times in sides.items():
            times.append(_start(work))
    # The first start of each may have written byte code.
    least = {work: min(times[1:]) * 1000 for work, times in sides.items()}
    note = f"{least[ours]:.0f} ms; bare boto3 {least[boto3]:.0f} ms, botocore {least[botocore]:.0f} ms"
    return [
        Row(f"{function.name}: start, beside bare boto3", least[ours] / least[boto3], "times", BUDGET, note),
        Row(f"{function.name}: start, beside bare botocore", least[ours] / least[botocore], "times"),
    ]


def _each(client: str, services: list[str]) -> str:
    return "; ".join(client.format(service=service) for service in services)


def _start(work: str) -> float:
    command = [sys.executable, "-c", _TIMED.format(work=work)]
    done = subprocess.run(command, cwd=ROOT, env=_ENVIRONMENT, capture_output=True, text=True, check=True)
    return float(done.stdout)
