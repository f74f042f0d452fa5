"""Every operation of AWS that the adapters call is known to read or to write; the crash tests interrupt the writes."""

import pytest

from functions.topology import SERVICES
from tests.operations import Operation, called, models, writes

READS = {
    Operation("dynamodb", "BatchGetItem"),
    Operation("dynamodb", "DescribeTable"),
    Operation("dynamodb", "GetItem"),
    Operation("dynamodb", "Query"),
    Operation("dynamodb", "Scan"),
    Operation("secretsmanager", "GetSecretValue"),
    Operation("sesv2", "GetAccount"),
}


def test_what_the_adapters_call_and_is_not_named_here_as_a_read_is_a_write() -> None:
    """Named by hand: an operation whose name only sounds like a read is looked at before it counts as one."""
    assert READS == {operation for operation in called() if not writes(operation)}


def test_the_adapters_call_every_service_that_a_function_may_be_granted() -> None:
    assert set(SERVICES.values()) == set(models()) == {operation.service for operation in called()}


@pytest.mark.parametrize("name", ["TransactWriteItems", "PutItem", "ExecuteStatement", "ExecuteTransaction"])
def test_whatever_may_change_a_table_is_a_write(name: str) -> None:
    assert writes(Operation("dynamodb", name))


@pytest.mark.parametrize("name", ["GetItem", "TransactGetItems", "BatchGetItem", "ListTables", "DescribeBackup"])
def test_whatever_leaves_a_table_as_it_is_is_a_read(name: str) -> None:
    assert not writes(Operation("dynamodb", name))


def test_an_operation_that_sounds_like_a_read_but_receives_is_a_write() -> None:
    assert writes(Operation("sqs", "ReceiveMessage"))
