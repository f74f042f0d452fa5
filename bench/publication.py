"""What a publication costs, and what each process that follows it reads, with the bundle and without."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import boto3
from moto import mock_aws

from bench.definitions import stored
from bench.table import Row
from bench.units import Meter
from functions.adapters.clients import Clients
from functions.core.definitions.records import Body
from functions.core.segments.language import parser
from functions.wiring import Wiring
from local.aws.resources import create

DEFINITIONS, PROCESSES = (100, 1_000), 1_000
_REGION = {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}


def rows() -> list[Row]:
    """Round trips and read units of one process, and the read units of a thousand."""
    return [row for count in DEFINITIONS for row in _rows(count)]


def _rows(count: int) -> Iterator[Row]:
    with _metered() as (ports, meter):
        wrote = _publish(ports, meter, count)
        yield Row(f"{count:,} definitions: publish one of them", wrote, "WRU")
        looked = _read(ports, meter, ports.definitions.revision)
        yield Row("  a look that finds nothing new", looked[1], "RRU")
        bundled = _read(ports, meter, ports.definitions.published)
        yield Row("  a process that reads the bundle", bundled[1], "RRU", note=f"{bundled[0]} round trips")
        single = _read(ports, meter, ports.definitions.current)
        yield Row("  and definition by definition", single[1], "RRU", note=f"{single[0]} round trips")
        yield Row(f"  {PROCESSES:,} processes, with the bundle", bundled[1] * PROCESSES, "RRU")
        yield Row("  and without", single[1] * PROCESSES, "RRU")


def _publish(ports: Wiring, meter: Meter, count: int) -> float:
    """Publish all, then one once more; the write units of the second."""
    definitions = [replace(each, text=_text(each.body)) for each in stored(count)]
    ports.definitions.publish_together(definitions)
    meter.clear()
    ports.definitions.publish(replace(definitions[0], text="another"))
    return meter.writes["definitions"]


def _text(body: Body) -> str:
    return f"id: {body['id']}\nname: {body['name']}\nwhen: {parser.text(body['when'])}\n"


def _read(ports: Wiring, meter: Meter, call: Callable[[], object]) -> tuple[int, float]:
    meter.clear()
    call()
    return meter.round_trips, meter.reads["definitions"]


@contextmanager
def _metered() -> Iterator[tuple[Wiring, Meter]]:
    before = dict(os.environ)
    os.environ.update(_REGION)
    try:
        with mock_aws():
            plain, watched = Clients(), Clients(boto3.Session())
            environment = create(plain.get)
            yield Wiring(environment, watched), Meter(watched.session, plain.get("dynamodb"))
    finally:
        os.environ.clear()
        os.environ.update(before)
