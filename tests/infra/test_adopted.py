"""With ``-c tables=…`` the stack uses restored tables in the place of its own, and may do the same with them."""

import json
from typing import Any

import pytest

from functions.topology import FUNCTIONS, TABLES
from functions.topology_rows import Function
from infra import adopted
from tests.infra.synthesis import CONTEXT, STREAMED, Template, synthesise

LABEL = "2026-11-27T03:00:00.000"
# Of each kind: with a stream, with an index, and with neither.
ADOPTED = {"log": f"log-restored@{LABEL}", "messages": "messages-restored", "definitions": "definitions.restored"}


@pytest.fixture(scope="module")
def adopting(tmp_path_factory: pytest.TempPathFactory) -> Template:
    output = tmp_path_factory.mktemp("adopted") / "cdk.out"
    value = ",".join(f"{table}={place}" for table, place in ADOPTED.items())
    done = synthesise(output, CONTEXT | {"tables": value, "max_write_units": "4000"})
    assert done.returncode == 0, done.stderr[-3000:]
    warnings = (output / "Segue.metadata.json").read_text()
    assert "`segue adopt --prepare log=log-restored messages=messages-restored" in warnings
    return Template(json.loads((output / "Segue.template.json").read_text()))


def test_the_stack_makes_all_tables_but_those(template: Template, adopting: Template) -> None:
    gone = template.all("DynamoDB::Table").keys() - adopting.all("DynamoDB::Table").keys()
    assert len(TABLES) - len(ADOPTED) == len(adopting.all("DynamoDB::Table"))
    assert {template.one("DynamoDB::Table", f"tables{name}")[0] for name in ADOPTED} == gone
    # Their rows stay: what CloudFormation no longer has is kept.
    assert {"Retain"} == {template.body["Resources"][name]["DeletionPolicy"] for name in gone}


@pytest.mark.parametrize("row", FUNCTIONS, ids=lambda row: row.name)
def test_functions_are_told_the_names_and_may_do_the_same(
    template: Template, adopting: Template, row: Function
) -> None:
    before, after = (_told(each, row) for each in (template, adopting))
    for table, place in ADOPTED.items():
        if (variable := f"TABLE_{table.upper()}") in before:
            assert place.partition("@")[0] == after[variable]
        assert _actions(template, row, table) == _actions(adopting, row, table)


def _told(template: Template, row: Function) -> dict[str, Any]:
    return dict(template.function(row.name)[1]["Environment"]["Variables"])


def _actions(template: Template, row: Function, table: str) -> dict[str, set[str]]:
    """What the function may do with the table and its indexes, and with its stream."""
    name = ADOPTED[table].partition("@")[0]
    own = [each for each in template.all("DynamoDB::Table") if f"tables{table}" in each]
    found: dict[str, set[str]] = {"table": set(), "indexes": set(), "stream": set()}
    for statement in template.statements(row.name):
        for resource in statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]:
            text = json.dumps(resource)
            if f"table/{name}" in text or any(f'"{each}"' in text for each in own):
                what = "indexes" if "/index/*" in text else "stream" if "tream" in text else "table"
                actions = statement["Action"]
                found[what] |= set(actions if isinstance(actions, list) else [actions])
    return found


def test_a_stream_is_read_from_its_begin_by_the_mapping_of_before(template: Template, adopting: Template) -> None:
    """CloudFormation replaces the mapping, since its source is another; the restored table's stream has just begun."""
    mappings = adopting.all("Lambda::EventSourceMapping")
    assert template.all("Lambda::EventSourceMapping").keys() == mappings.keys()
    (row,) = (row for row, trigger in STREAMED if trigger.table == "log")
    (mapping,) = (
        each
        for each in mappings.values()
        if each["FunctionName"] == adopting.alias(row.name) and "StartingPosition" in each
    )
    assert "TRIM_HORIZON" == mapping["StartingPosition"]
    assert f"table/log-restored/stream/{LABEL}" in json.dumps(mapping["EventSourceArn"])


def test_bounds_that_do_not_reach_a_table_are_told_with_what_sets_them() -> None:
    tables = adopted.read(f"log=log-restored@{LABEL},runs=runs-restored")
    assert "" == adopted.warning({}, 1, 2) == adopted.warning(tables, 0, 0)
    both = "`segue adopt --prepare log=log-restored runs=runs-restored --max-read-units 10 --max-write-units 20`"
    assert "log, runs" in adopted.warning(tables, 10, 20)
    assert both in adopted.warning(tables, 10, 20)
    assert "--max-read" not in adopted.warning(tables, 0, 20)


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("logs=a-restored", "'logs' is none of log, identifiers"),
        ("log=a-restored", "log is given as @ and the label of its stream; `segue adopt` prints it"),
        ("log=a-restored@yesterday", "log is given as @ and the label of its stream"),
        (f"runs=a-restored@{LABEL}", "runs is given as its name alone"),
        ("runs=a b", "'a b' is no name of a table, for runs"),
        ("runs", "'' is no name of a table, for runs"),
        ("runs=abc,names=abc", "names something twice"),
        ("runs=abc,runs=abd", "names something twice"),
    ],
)
def test_a_wrong_value_is_refused_in_words(value: str, fault: str) -> None:
    (found,) = adopted.faults(value)
    assert fault in found
