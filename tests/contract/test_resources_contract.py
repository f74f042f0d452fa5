"""What the topology names is created as it says, once."""

from functions.settings import variable_of, variables_of
from functions.topology import FUNCTIONS, QUEUES, TABLES
from local.aws.resources import create, create_sender, environment_of
from tests.aws import CONFIGURATION_SET, SENDER, Aws


def test_creating_again_finds_what_is_there(place: Aws) -> None:
    places = create(place.clients.get)
    create_sender(place.clients.get, SENDER, CONFIGURATION_SET)
    assert places == create(place.clients.get)
    create_sender(place.clients.get, SENDER, CONFIGURATION_SET)


def test_tables_have_their_keys_indexes_streams_and_expiry(place: Aws, environment: dict[str, str]) -> None:
    client = place.clients.get("dynamodb")
    for table in TABLES:
        found = client.describe_table(TableName=f"segue-{table.name}")["Table"]
        assert [table.hash, *([table.range] if table.range else [])] == [k["AttributeName"] for k in found["KeySchema"]]
        indexes = found.get("GlobalSecondaryIndexes", [])
        assert [
            (each.name, "INCLUDE" if each.include else "KEYS_ONLY", list(each.include)) for each in table.indexes
        ] == [
            (each["IndexName"], each["Projection"]["ProjectionType"], each["Projection"].get("NonKeyAttributes", []))
            for each in indexes
        ]
        assert table.stream == found.get("StreamSpecification", {}).get("StreamViewType")
        expiry = client.describe_time_to_live(TableName=f"segue-{table.name}")["TimeToLiveDescription"]
        assert table.ttl == expiry.get("AttributeName")


def test_queues_have_dead_letter_queues(place: Aws, environment: dict[str, str]) -> None:
    client = place.clients.get("sqs")
    for queue in QUEUES:
        url = client.get_queue_url(QueueName=f"segue-{queue.name}")["QueueUrl"]
        found = client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        assert str(queue.visibility) == found["VisibilityTimeout"]
        assert f"segue-{queue.name}-dead" in found["RedrivePolicy"]


def test_a_function_is_told_its_name_the_places_it_was_granted_and_its_settings(environment: dict[str, str]) -> None:
    for function in FUNCTIONS:
        granted = {name for grant in function.grants if (name := variable_of(grant))}
        assert {"FUNCTION", *granted, *variables_of(function)} == set(environment_of(function, environment))
