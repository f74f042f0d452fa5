"""Answers of DynamoDB are read in a short way, and come out as botocore itself reads them."""

import base64
import json
from typing import Any

import botocore.session
import pytest
from botocore.parsers import create_parser
from hypothesis import given
from hypothesis import strategies as st

from functions.adapters import answers
from functions.adapters.clients import Clients

BYTES = st.binary().map(lambda value: base64.b64encode(value).decode())
VALUES = st.recursive(
    st.one_of(
        st.fixed_dictionaries({"S": st.text()}),
        st.fixed_dictionaries({"N": st.decimals(allow_nan=False, allow_infinity=False).map(str)}),
        st.fixed_dictionaries({"B": BYTES}),
        st.fixed_dictionaries({"BOOL": st.booleans()}),
        st.just({"NULL": True}),
        st.fixed_dictionaries({"SS": st.lists(st.text())}),
        st.fixed_dictionaries({"NS": st.lists(st.integers().map(str))}),
        st.fixed_dictionaries({"BS": st.lists(BYTES)}),
    ),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"L": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"M": st.dictionaries(st.text(), inner, max_size=3)}),
    ),
    max_leaves=6,
)
ROWS = st.dictionaries(st.text(), VALUES, max_size=5)
OPERATIONS = botocore.session.get_session().get_service_model("dynamodb")


def both(operation, answer, status=200):
    """The answer of an operation as botocore reads it, and as the adapters do."""
    response = {"body": json.dumps(answer).encode(), "headers": {}, "status_code": status}
    shape: Any = OPERATIONS.operation_model(operation).output_shape
    return create_parser("json").parse(response, shape), answers.RowParser().parse(response, shape)


@given(st.lists(ROWS, max_size=3), ROWS)
def test_rows_of_every_kind_of_value_are_read_alike(rows, key):
    expected, read = both("Query", {"Items": rows, "Count": len(rows), "LastEvaluatedKey": key})
    assert expected == read
    expected, read = both("BatchGetItem", {"Responses": {"log": rows}, "UnprocessedKeys": {"log": {"Keys": [key]}}})
    assert expected == read


@pytest.mark.parametrize("item", [{"pk": {"S": "a"}}, None])
def test_a_refused_condition_carries_its_row(item):
    answer = {"__type": "com.amazonaws.dynamodb#ConditionalCheckFailedException", "message": "no", "Item": item}
    expected, read = both("PutItem", answer, 400)
    assert expected == read


def test_clients_read_in_the_short_way():
    clients = Clients(region_name="eu-west-1", aws_access_key_id="test", aws_secret_access_key="test")
    client: Any = clients.get("dynamodb")
    parsers = client._endpoint._response_parser_factory
    assert isinstance(parsers.create_parser("json"), answers.RowParser)
    assert not isinstance(parsers.create_parser("rest-json"), answers.RowParser)
