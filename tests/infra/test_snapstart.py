"""With ``-c snapstart=true`` what is called every day starts from a snapshot, and nothing else changes."""

import json
from typing import Any

import pytest

from functions.topology import FUNCTIONS
from functions.topology_rows import Every, Function, Http, QueueMessages, SesEvents, Stream
from tests.infra.synthesis import Template

RESTORED = [row for row in FUNCTIONS if row.snapshot]
OTHERS = [row for row in FUNCTIONS if not row.snapshot]


def _named(row: Function) -> str:
    return row.name


def _alias(template: Template, row: Function) -> dict[str, str]:
    """The reference to the function's alias."""
    logical_id, _ = template.one("Lambda::Alias", f"functions{row.name}alias")
    return {"Ref": logical_id}


def _called(template: Template) -> list[Any]:
    """Everything that anything calls: of routes, mappings, schedules, rules and the permissions for them."""
    found = [each["IntegrationUri"] for each in template.all("ApiGatewayV2::Integration").values()]
    found += [each["FunctionName"] for each in template.all("Lambda::EventSourceMapping").values()]
    found += [each["FunctionName"] for each in template.all("Lambda::Permission").values()]
    found += [each["FunctionName"] for each in template.all("Lambda::EventInvokeConfig").values()]
    found += [each["Target"]["Arn"] for each in template.all("Scheduler::Schedule").values()]
    found += [target["Arn"] for each in template.all("Events::Rule").values() for target in each["Targets"]]
    return found


def _of(template: Template, row: Function) -> list[Any]:
    """What of that leads to the function itself."""
    logical_id, _ = template.function(row.name)
    return [each for each in _called(template) if each in ({"Ref": logical_id}, {"Fn::GetAtt": [logical_id, "Arn"]})]


def test_somebody_starts_from_a_snapshot_and_nobody_whose_calls_must_not_be_refused() -> None:
    """Lambda refuses calls of a version that was not called for 14 days: an unsubscribe link must not meet that."""
    assert RESTORED
    kept = {"preferences"} | {row.name for row in FUNCTIONS if {Every, SesEvents} & set(map(type, row.triggers))}
    assert not kept & {row.name for row in RESTORED}


def test_without_snapstart_there_are_no_versions_aliases_and_snapshots(template: Template) -> None:
    assert not template.all("Lambda::Version")
    assert not template.all("Lambda::Alias")
    assert not [each for each in template.all("Lambda::Function").values() if "SnapStart" in each]


@pytest.mark.parametrize("row", RESTORED, ids=_named)
def test_a_snapshot_is_taken_of_each_published_version(template_with_snapshots: Template, row: Function) -> None:
    logical_id, function = template_with_snapshots.function(row.name)
    assert {"ApplyOn": "PublishedVersions"} == function["SnapStart"]
    # What Lambda does not restore: more storage than this, file systems, and kept concurrency beside it.
    assert not {"EphemeralStorage", "FileSystemConfigs"} & function.keys()
    name, version = template_with_snapshots.one("Lambda::Version", f"functions{row.name}function")
    assert {"Ref": logical_id} == version["FunctionName"]
    assert "ProvisionedConcurrencyConfig" not in version
    _, alias = template_with_snapshots.one("Lambda::Alias", f"functions{row.name}alias")
    assert {"Fn::GetAtt": [name, "Version"]} == alias["FunctionVersion"]


@pytest.mark.parametrize("row", RESTORED, ids=_named)
def test_a_version_is_published_once_its_permissions_are_there_and_deleted_when_replaced(
    template_with_snapshots: Template, row: Function
) -> None:
    name, _ = template_with_snapshots.one("Lambda::Version", f"functions{row.name}function")
    version = template_with_snapshots.body["Resources"][name]
    assert ("Delete", "Delete") == (version["DeletionPolicy"], version["UpdateReplacePolicy"])
    _, function = template_with_snapshots.function(row.name)
    role = {"Ref": function["Role"]["Fn::GetAtt"][0]}
    policies = [name for name, each in template_with_snapshots.all("IAM::Policy").items() if role in each["Roles"]]
    assert policies
    assert {role["Ref"], *policies} <= set(version["DependsOn"])


@pytest.mark.parametrize("row", RESTORED, ids=_named)
def test_every_trigger_calls_the_alias(template: Template, template_with_snapshots: Template, row: Function) -> None:
    assert not _of(template_with_snapshots, row)
    alias = _alias(template_with_snapshots, row)
    assert len(_of(template, row)) == len([each for each in _called(template_with_snapshots) if each == alias])
    mapped = [trigger for trigger in row.triggers if isinstance(trigger, Stream | QueueMessages)]
    assert len(mapped) == len(_mappings(template_with_snapshots, alias))
    if any(isinstance(trigger, Http) for trigger in row.triggers):
        permissions = template_with_snapshots.all("Lambda::Permission").values()
        assert alias in [each["FunctionName"] for each in permissions]


def _mappings(template: Template, called: dict[str, str]) -> list[str]:
    mappings = template.all("Lambda::EventSourceMapping").items()
    return [name for name, each in mappings if each["FunctionName"] == called]


@pytest.mark.parametrize("row", OTHERS, ids=_named)
def test_the_other_functions_are_as_they_were(
    template: Template, template_with_snapshots: Template, row: Function
) -> None:
    assert template.function(row.name) == template_with_snapshots.function(row.name)
    assert _of(template, row) == _of(template_with_snapshots, row)


def test_switching_snapstart_on_replaces_no_mapping_since_a_new_one_reads_streams_from_their_begin(
    template: Template, template_with_snapshots: Template
) -> None:
    def changeless(found: Template) -> dict[str, Any]:
        mappings = found.all("Lambda::EventSourceMapping").items()
        # Of a mapping CloudFormation changes the function in place.
        return {name: {key: each[key] for key in each if key != "FunctionName"} for name, each in mappings}

    assert changeless(template) == changeless(template_with_snapshots)


def test_switching_snapstart_on_takes_nothing_away(template: Template, template_with_snapshots: Template) -> None:
    assert template.body["Resources"].keys() < template_with_snapshots.body["Resources"].keys()
    added = template_with_snapshots.body["Resources"].keys() - template.body["Resources"].keys()
    assert 2 * len(RESTORED) == len(added)
    assert json.dumps(template.body["Outputs"]) == json.dumps(template_with_snapshots.body["Outputs"])
