"""The DynamoDB tables of the topology."""

from collections.abc import Mapping
from typing import TypedDict

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from functions.topology import TABLES
from functions.topology_rows import Index, Table
from infra.adopted import AdoptedTable
from infra.configuration import MostUnits

_TYPES = {"N": dynamodb.AttributeType.NUMBER, "S": dynamodb.AttributeType.STRING}


class _Most(TypedDict, total=False):
    """The parameters of tables and indexes that bound what they take."""

    max_read_request_units: int
    max_write_request_units: int


class Tables(Construct):
    """Every table by its name in the topology: on demand, encrypted, with 35 days of point-in-time recovery.

    Those that are ``adopted`` exist already, and stay as they are.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        protect: bool,
        most_units: MostUnits,
        adopted: Mapping[str, AdoptedTable],
    ) -> None:
        super().__init__(scope, construct_id)
        self._most: _Most = {}
        if most_units.reads:
            self._most["max_read_request_units"] = most_units.reads
        if most_units.writes:
            self._most["max_write_request_units"] = most_units.writes
        self.by_name: dict[str, dynamodb.ITable] = {
            row.name: self._adopt(row, adopted[row.name]) if row.name in adopted else self._table(row, protect)
            for row in TABLES
        }

    def _adopt(self, row: Table, found: AdoptedTable) -> dynamodb.ITable:
        arn = Stack.of(self).format_arn(service="dynamodb", resource="table", resource_name=found.name)
        return dynamodb.Table.from_table_attributes(
            self,
            row.name,
            table_arn=arn,
            table_stream_arn=f"{arn}/stream/{found.label}" if found.label else None,
            global_indexes=[index.name for index in row.indexes] or None,
        )

    def _table(self, row: Table, protect: bool) -> dynamodb.Table:
        table = dynamodb.Table(
            self,
            row.name,
            partition_key=_text(row.hash),
            sort_key=_text(row.range) if row.range else None,
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.AWS_MANAGED,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            stream=dynamodb.StreamViewType[row.stream] if row.stream else None,
            time_to_live_attribute=row.ttl,
            deletion_protection=protect,
            removal_policy=RemovalPolicy.RETAIN if protect else RemovalPolicy.DESTROY,
            **self._most,
        )
        for index in row.indexes:
            _add_index(table, index, self._most)
        return table


def _add_index(table: dynamodb.Table, index: Index, most: _Most) -> None:
    table.add_global_secondary_index(
        index_name=index.name,
        partition_key=_text(index.hash),
        sort_key=dynamodb.Attribute(name=index.range, type=_TYPES[index.range_type]),
        projection_type=dynamodb.ProjectionType.INCLUDE if index.include else dynamodb.ProjectionType.KEYS_ONLY,
        non_key_attributes=list(index.include) or None,
        **most,
    )


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
