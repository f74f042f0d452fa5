"""Runs cdk-nag, and acknowledges the findings that are accepted, each with the reason."""

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks, ServerlessChecks
from constructs import IConstruct

from functions.topology import TABLES
from infra.metrics import reads_stream, scheduled
from infra.stack import Segue

_EVERYWHERE = {
    "AwsSolutions::AwsSolutions-APIG4": "Callers prove themselves by HMAC over the raw body, write key, signed token or"
    " bearer JWT, which no authorizer of an HTTP API can check; each function refuses the rest.",
    "AwsSolutions::AwsSolutions-L1": "python3.13 is supported until 2029-06 and is what the wheels are pinned for.",
    "Serverless::Serverless-LambdaLatestVersion": "As AwsSolutions-L1.",
    "AwsSolutions::AwsSolutions-SMG4": "Rotated by hand: the other end of each secret is a shop's SDKs or storefront."
    " The previous value stays valid, so a rotation loses nothing.",
    "Serverless::Serverless-LambdaDLQ": "Callers of the API get the answer, queues and streams have dead-letter queues"
    " of their own, and asynchronous calls an on-failure destination, which unlike a DLQ keeps the error.",
    "Serverless::Serverless-LambdaEventSourceMappingDestination": "Mappings of queues only: SQS takes no destination;"
    " what fails goes to the queue's own dead-letter queue.",
    "Serverless::Serverless-SNSRedrivePolicy": "The only subscription is the address that alarms go to; the alarm's"
    " state stays in CloudWatch, whatever becomes of the letter.",
    "Serverless::Serverless-LambdaTracing": "Without the X-Ray SDK a trace repeats the metrics, costs money and needs"
    " a wildcard permission.",
}

_DEAD_LETTERS = {
    "AwsSolutions::AwsSolutions-SQS3": "It is a dead-letter queue.",
    "Serverless::Serverless-SQSRedrivePolicy": "It is a dead-letter queue.",
}

_IAM = "AwsSolutions::AwsSolutions-IAM5[Resource::{}]"

_SENDER = "From one address only, which a condition says: in the sandbox SES asks for the recipient's identity too."

_ACCOUNT = "ses:GetAccount knows no resources."


def add(app: cdk.App, stack: Segue) -> None:
    """Run the rule packs at synthesis; a finding that is not acknowledged here fails it."""
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app))
    _acknowledge(stack, _EVERYWHERE)
    for queue in (*stack.resources.queues.dead.values(), *(each.dead for each in stack.functions if each.dead)):
        _acknowledge(queue, _DEAD_LETTERS)
    indexes = _indexes(stack)
    for function in stack.functions:
        _acknowledge(function.role, indexes)
        if reads_stream(function):
            _acknowledge(function.role, {_IAM.format("*"): "dynamodb:ListStreams knows no resources."})
        if any(grant.kind == "email" for grant in function.row.grants):
            _acknowledge(function.role, {_identities(stack): _SENDER, _IAM.format("*"): _ACCOUNT})
        if scheduled(function):
            versions = _IAM.format(f"<{_logical_id(stack, function.function)}.Arn>:*")
            _acknowledge(stack, {versions: "The schedule may call the function and its versions, and nothing else."})


def _indexes(stack: Segue) -> dict[str, str]:
    tables = [stack.resources.tables.by_name[row.name] for row in TABLES if row.indexes]
    names = [_IAM.format(f"<{_logical_id(stack, table)}.Arn>/index/*") for table in tables]
    return dict.fromkeys(names, "The indexes of this one table.")


def _identities(stack: Segue) -> str:
    """The finding about all identities of the account, which cdk-nag names by what the template knows of it."""
    region, account = (
        f"<{pseudo}>" if cdk.Token.is_unresolved(value) else value
        for pseudo, value in (("AWS::Region", stack.region), ("AWS::AccountId", stack.account))
    )
    return _IAM.format(f"arn:<AWS::Partition>:ses:{region}:{account}:identity/*")


def _logical_id(stack: Segue, construct: cdk.Resource) -> str:
    resource = construct.node.default_child
    assert isinstance(resource, cdk.CfnElement)
    return stack.get_logical_id(resource)


def _acknowledge(scope: IConstruct, findings: dict[str, str]) -> None:
    rules = [cdk.Acknowledgment(id=name, reason=reason) for name, reason in findings.items()]
    cdk.Validations.of(scope).acknowledge(*rules)
