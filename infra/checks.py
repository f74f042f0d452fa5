"""Runs cdk-nag, and acknowledges the findings that are accepted, each with the reason."""

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from cdk_nag import AwsSolutionsChecks, ServerlessChecks
from constructs import IConstruct

from functions.topology import TABLES
from infra.metrics import reads_stream
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

_CODEDEPLOY = {
    "AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/"
    "AWSCodeDeployRoleForLambdaLimited]": "AWS's own for CodeDeploy: it moves aliases, and may not change functions.",
}

_SENDER = "From one address only, which a condition says: in the sandbox SES asks for the recipient's identity too."

_ACCOUNT = "ses:GetAccount knows no resources."


def add(app: cdk.App, stack: Segue) -> None:
    """Run the rule packs at synthesis; a finding that is not acknowledged here fails it."""
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app))
    _acknowledge(stack, _EVERYWHERE)
    for queue in (*stack.resources.queues.dead.values(), *(each.dead for each in stack.functions if each.dead)):
        _acknowledge(queue, _DEAD_LETTERS)
    if stack.canary:
        _acknowledge(stack.canary.role, _CODEDEPLOY)
    indexes = _indexes(stack)
    for function in stack.functions:
        _acknowledge(function.role, indexes)
        if reads_stream(function):
            _acknowledge(function.role, {_IAM.format("*"): "dynamodb:ListStreams knows no resources."})
        if any(grant.kind == "email" for grant in function.row.grants):
            _acknowledge(function.role, {_identities(stack): _SENDER, _IAM.format("*"): _ACCOUNT})


def _indexes(stack: Segue) -> dict[str, str]:
    tables = [stack.resources.tables.by_name[row.name] for row in TABLES if row.indexes]
    return dict.fromkeys((_IAM.format(f"{_arn(stack, table)}/index/*") for table in tables), "Of this one table.")


def _arn(stack: Segue, table: dynamodb.ITable) -> str:
    """The table as cdk-nag names it: by its logical id or, if the stack has adopted it, by its ARN."""
    if isinstance(table, dynamodb.Table):
        return f"<{_logical_id(stack, table)}.Arn>"
    region, account = _known(stack.region, "AWS::Region"), _known(stack.account, "AWS::AccountId")
    return f"arn:<AWS::Partition>:dynamodb:{region}:{account}:table/{table.table_name}"


def _identities(stack: Segue) -> str:
    """The finding about all identities of the account, which cdk-nag names by what the template knows of it."""
    region, account = _known(stack.region, "AWS::Region"), _known(stack.account, "AWS::AccountId")
    return _IAM.format(f"arn:<AWS::Partition>:ses:{region}:{account}:identity/*")


def _known(value: str, pseudo: str) -> str:
    return f"<{pseudo}>" if cdk.Token.is_unresolved(value) else value


def _logical_id(stack: Segue, construct: cdk.Resource) -> str:
    resource = construct.node.default_child
    assert isinstance(resource, cdk.CfnElement)
    return stack.get_logical_id(resource)


def _acknowledge(scope: IConstruct, findings: dict[str, str]) -> None:
    rules = [cdk.Acknowledgment(id=name, reason=reason) for name, reason in findings.items()]
    cdk.Validations.of(scope).acknowledge(*rules)
