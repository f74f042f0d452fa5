"""Everything calls the alias of a published version, which a deployment moves at once or, if asked to, bit by bit."""

from typing import Any

import pytest

from functions.topology import FUNCTIONS
from functions.topology_rows import Every, Function, Http, QueueMessages, Stream
from infra.configuration import CANARIES
from tests.infra.synthesis import Template


def _named(row: Function) -> str:
    return row.name


def _called(template: Template) -> list[Any]:
    """Everything that anything calls: of routes, mappings, schedules, rules and the permissions for them."""
    found = [each["IntegrationUri"] for each in template.all("ApiGatewayV2::Integration").values()]
    found += [each["FunctionName"] for each in template.all("Lambda::EventSourceMapping").values()]
    found += [each["FunctionName"] for each in template.all("Lambda::Permission").values()]
    found += [each["Target"]["Arn"] for each in template.all("Scheduler::Schedule").values()]
    found += [target["Arn"] for each in template.all("Events::Rule").values() for target in each["Targets"]]
    found += [each for statement in _invoking(template) for each in _listed(statement["Resource"])]
    return found


def _invoking(template: Template) -> list[dict[str, Any]]:
    """What policies allow to call."""
    policies = template.all("IAM::Policy").values()
    statements = [each for policy in policies for each in policy["PolicyDocument"]["Statement"]]
    return [each for each in statements if "lambda:InvokeFunction" in _listed(each["Action"])]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_nothing_calls_anything_but_aliases(template: Template) -> None:
    aliases = [template.alias(row.name) for row in FUNCTIONS]
    called = _called(template)
    assert all(each in aliases for each in called)
    assert all(each in called for each in aliases)


@pytest.mark.parametrize("row", FUNCTIONS, ids=_named)
def test_every_trigger_of_a_row_calls_its_alias(template: Template, row: Function) -> None:
    alias = template.alias(row.name)
    mappings = [each for each in template.all("Lambda::EventSourceMapping").values() if each["FunctionName"] == alias]
    assert len([each for each in row.triggers if isinstance(each, Stream | QueueMessages)]) == len(mappings)
    schedules = [each for each in template.all("Scheduler::Schedule").values() if each["Target"]["Arn"] == alias]
    assert len([each for each in row.triggers if isinstance(each, Every)]) == len(schedules)
    permissions = [each for each in template.all("Lambda::Permission").values() if each["FunctionName"] == alias]
    # Each route has its own.
    assert len([each for each in row.triggers if isinstance(each, Http)]) == len(permissions)


@pytest.mark.parametrize("row", FUNCTIONS, ids=_named)
def test_the_alias_is_live_and_leads_to_the_version_of_this_deployment(template: Template, row: Function) -> None:
    logical_id, _ = template.function(row.name)
    name, version = template.one("Lambda::Version", f"functions{row.name}function")
    assert {"Ref": logical_id} == version["FunctionName"]
    _, alias = template.one("Lambda::Alias", f"functions{row.name}alias")
    assert ("live", {"Fn::GetAtt": [name, "Version"]}) == (alias["Name"], alias["FunctionVersion"])


@pytest.mark.parametrize("row", FUNCTIONS, ids=_named)
def test_a_version_is_published_once_its_permissions_are_there_and_deleted_when_replaced(
    template: Template, row: Function
) -> None:
    name, _ = template.one("Lambda::Version", f"functions{row.name}function")
    version = template.body["Resources"][name]
    assert ("Delete", "Delete") == (version["DeletionPolicy"], version["UpdateReplacePolicy"])
    _, function = template.function(row.name)
    role = {"Ref": function["Role"]["Fn::GetAtt"][0]}
    policies = [name for name, each in template.all("IAM::Policy").items() if role in each["Roles"]]
    assert policies
    assert {role["Ref"], *policies} <= set(version["DependsOn"])


def test_a_mapping_is_the_functions_own_so_that_a_release_without_aliases_goes_on_where_its_stream_was(
    template: Template,
) -> None:
    """Of a mapping CloudFormation changes the function in place; under another name it would be a new one."""
    mappings = template.all("Lambda::EventSourceMapping")
    assert mappings
    assert not [name for name in mappings if "alias" in name.lower()]


def test_without_a_canary_there_is_nothing_of_codedeploy(template: Template) -> None:
    assert "CodeDeploy" not in str(template.body)


@pytest.mark.parametrize("row", FUNCTIONS, ids=_named)
def test_a_canary_moves_each_alias_and_goes_back_if_an_alarm_of_its_function_rings(
    template_with_canary: Template, row: Function
) -> None:
    name, group = template_with_canary.one("CodeDeploy::DeploymentGroup", f"canary{row.name}")
    assert "CodeDeployDefault.LambdaCanary10Percent5Minutes" == group["DeploymentConfigName"]
    back = {"Enabled": True, "Events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]}
    assert back == group["AutoRollbackConfiguration"]
    watched = [each["Name"]["Ref"] for each in group["AlarmConfiguration"]["Alarms"]]
    errors, _ = template_with_canary.one("CloudWatch::Alarm", f"alarms{row.name}errors")
    broken, _ = template_with_canary.one("CloudWatch::Alarm", "alarmsapi5xx")
    answers = any(isinstance(trigger, Http) for trigger in row.triggers)
    assert (group["AlarmConfiguration"]["Enabled"], [errors, broken][: 1 + answers]) == (True, watched)
    alias = template_with_canary.body["Resources"][template_with_canary.alias(row.name)["Ref"]]
    (application,) = template_with_canary.all("CodeDeploy::Application")
    moved = {"ApplicationName": {"Ref": application}, "DeploymentGroupName": {"Ref": name}}
    assert {"CodeDeployLambdaAliasUpdate": moved} == alias["UpdatePolicy"]


def test_a_canary_changes_nothing_but_how_aliases_move(template: Template, template_with_canary: Template) -> None:
    added = template_with_canary.body["Resources"].keys() - template.body["Resources"].keys()
    assert len(FUNCTIONS) + 2 == len(added)
    for name, each in template.body["Resources"].items():
        found = template_with_canary.body["Resources"][name]
        assert each == {key: found[key] for key in found if key != "UpdatePolicy"}


def test_every_way_of_a_canary_is_one_of_codedeploys() -> None:
    from aws_cdk import aws_codedeploy as codedeploy

    for way in CANARIES.values():
        assert getattr(codedeploy.LambdaDeploymentConfig, way).deployment_config_name
