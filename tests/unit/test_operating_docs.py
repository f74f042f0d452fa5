"""What docs/operating.md tells one to type is taken: by our command line, by the stack's context, and by AWS."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from botocore import xform_name

from cli.app import application
from functions.topology import QUEUES, TABLES
from infra import configuration

PAGES = [Path(__file__).parents[2] / "docs" / name for name in ("operating.md", "deploying.md")]
BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
# What the command line of AWS itself takes with every operation.
OF_EVERY_OPERATION = {"query", "output", "region"}


def _commands() -> Iterator[str]:
    for page in PAGES:
        text = page.read_text()
        for block in BLOCK.findall(text):
            yield from (line.partition(" #")[0].strip() for line in block.replace("\\\n", " ").splitlines())
        yield from INLINE.findall(BLOCK.sub("", text))


COMMANDS = sorted(set(_commands()))
# Such as the words "segue refold --since" before an instant in prose.
OURS = [each for each in COMMANDS if each.startswith("segue ") and "…" not in each and not each.endswith("--since")]
CONTEXTS = [each for each in COMMANDS if re.search(r"-c [a-z_]+=", each) and not re.search("…|<|name=value", each)]
OF_AWS = [each for each in COMMANDS if each.startswith("aws ")]


def test_there_are_some_of_each() -> None:
    assert 5 < len(OURS)
    assert 5 < len(CONTEXTS)
    assert 10 < len(OF_AWS)


@pytest.mark.parametrize("line", OURS)
def test_a_command_of_ours_is_one(line: str) -> None:
    group = application()
    with group.make_context("segue", ["cost"], resilient_parsing=True) as context:
        name, command, rest = group.resolve_command(context, shlex.split(line)[1:])
        assert command is not None
        # Without what it needs nothing is told of it but its name.
        if rest or name in ("backfills", "cost", "jobs"):
            command.make_context(name, rest).close()


@pytest.mark.parametrize("line", CONTEXTS)
def test_a_context_is_taken_by_the_stack(line: str) -> None:
    given = dict(each.split("=", 1) for each in re.findall(r"-c ([a-z_]+=(?:\"[^\"]*\"|\S+))", line))
    configuration.read({name: value.strip('"') for name, value in given.items()})


@pytest.mark.parametrize("line", OF_AWS)
def test_a_command_of_aws_is_an_operation_with_these_parameters(line: str) -> None:
    for service, operation, rest in re.findall(r"aws ([a-z0-9]+) ([a-z0-9-]+)((?:(?!aws [a-z]).)*)", line):
        known = _parameters(service, rest.split()[0] if operation == "wait" else operation, operation == "wait")
        asked = {each.removeprefix("no-") for each in re.findall(r"--([a-z-]+)", rest)}
        assert asked <= known | OF_EVERY_OPERATION, (service, operation)


def _parameters(service: str, operation: str, is_waiter: bool) -> set[str]:
    client = boto3.client(service, region_name="eu-west-1")
    model = client.meta.service_model
    names = {xform_name(each, "-"): each for each in model.operation_names}
    if is_waiter:
        waiters = {each: client.get_waiter(each) for each in client.waiter_names}
        names = {each.replace("_", "-"): waiter.config.operation for each, waiter in waiters.items()}
    assert operation in names, f"{service} has no {operation}"
    shape = model.operation_model(names[operation]).input_shape
    return {xform_name(each, "-") for each in shape.members} if shape else set()


def test_the_tables_and_dead_letters_that_are_named_exist() -> None:
    operating = PAGES[0].read_text()
    rows = re.findall(r"^\| `([a-z]+)` \| (?:`([a-z]+)`)? *\|", operating, re.MULTILINE)
    assert rows
    assert {name for pair in rows for name in pair if name} <= {table.name for table in TABLES}
    queues = {f"{queue.name}-dead" for queue in QUEUES}
    assert {"refolds-dead", "changes-dead"} <= queues & set(INLINE.findall(operating))
