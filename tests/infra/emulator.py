"""Deploys a cloud assembly to MiniStack with nothing but CloudFormation."""

import io
import json
import time
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from tests import aws

_DEPLOYS_WITHIN = 120


@dataclass(frozen=True, slots=True)
class MiniStack:
    """A running emulator."""

    url: str

    def client(self, service: str) -> Any:
        """A client with the credentials of the account's root."""
        return boto3.client(service, **aws.options_of(self.url))

    def sent_mail(self) -> list[dict[str, Any]]:
        """What its SES was given."""
        with urllib.request.urlopen(f"{self.url}/_ministack/ses/messages", timeout=10) as answer:
            return list(json.loads(answer.read())["messages"].get(aws.ACCOUNT, []))


def deploy(stack: MiniStack, assembly: Path, name: str) -> dict[str, str]:
    """Upload the assembly's assets, create its stack, and return the outputs."""
    # The CDK's templates ask which version of its bootstrap stack the account has.
    stack.client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String")
    placed = _upload(stack, assembly, json.loads((assembly / f"{name}.assets.json").read_text()))
    template = f"{stack.url}/{placed[f'{name}.template.json']}"
    cloudformation = stack.client("cloudformation")
    # The template is an asset too: as a body it would be over CloudFormation's limit of 51,200 bytes.
    cloudformation.create_stack(StackName=name, TemplateURL=template, Capabilities=["CAPABILITY_IAM"])
    until = time.monotonic() + _DEPLOYS_WITHIN
    while (found := cloudformation.describe_stacks(StackName=name)["Stacks"][0])["StackStatus"].endswith("IN_PROGRESS"):
        assert time.monotonic() < until, f"not deployed within {_DEPLOYS_WITHIN} s"
        time.sleep(0.2)
    assert found["StackStatus"] == "CREATE_COMPLETE", _failures(cloudformation, name)
    return {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}


def _upload(stack: MiniStack, assembly: Path, assets: dict[str, Any]) -> dict[str, str]:
    s3, placed = stack.client("s3"), {}
    for asset in assets["files"].values():
        source = assembly / asset["source"]["path"]
        body = _zipped(source) if asset["source"]["packaging"] == "zip" else _understood(source)
        for place in asset["destinations"].values():
            if place["bucketName"] not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
                where = {"LocationConstraint": aws.REGION}
                s3.create_bucket(Bucket=place["bucketName"], CreateBucketConfiguration=where)
            s3.put_object(Bucket=place["bucketName"], Key=place["objectKey"], Body=body)
            placed[asset["source"]["path"]] = f"{place['bucketName']}/{place['objectKey']}"
    return placed


def _understood(template: Path) -> bytes:
    """The template, but for four things that MiniStack 1.5.33 takes differently from AWS.

    It speaks HTTP alone, so that a policy which refuses HTTP refuses everything. The Ref of a secret is its ARN;
    MiniStack gives the name, which no policy matches. sqs:SendMessage allows SendMessageBatch too, for which
    MiniStack wants an action of that name, which AWS does not know. And it looks up ses:SendEmail for any resource,
    without the address that a message comes from.
    """
    body = json.loads(template.read_text())
    resources = body["Resources"]
    secrets = {name for name, each in resources.items() if each["Type"] == "AWS::SecretsManager::Secret"}
    body = _reworded(body, secrets)
    body["Resources"] = {name: each for name, each in body["Resources"].items() if not _is_empty_policy(each)}
    return json.dumps(body).encode()


def _reworded(value: Any, secrets: set[str]) -> Any:
    if isinstance(value, dict):
        if value.get("Ref") in secrets:
            return {"Fn::GetAtt": [value["Ref"], "Id"]}
        if "ses:SendEmail" in value.get("Action", ()):
            return {name: each for name, each in value.items() if name != "Condition"} | {"Resource": "*"}
        return {name: _reworded(each, secrets) for name, each in value.items()}
    if isinstance(value, list):
        batch = ["sqs:SendMessageBatch"] if "sqs:SendMessage" in value else []
        return [_reworded(each, secrets) for each in value if not _refuses_http(each)] + batch
    return value


def _refuses_http(statement: Any) -> bool:
    return isinstance(statement, dict) and statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}


def _is_empty_policy(resource: dict[str, Any]) -> bool:
    return resource.get("Properties", {}).get("PolicyDocument", {}).get("Statement") == []


def _zipped(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    return buffer.getvalue()


def _failures(cloudformation: Any, name: str) -> str:
    reason = cloudformation.describe_stacks(StackName=name)["Stacks"][0].get("StackStatusReason", "")
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"].endswith("FAILED")]
    return "\n".join([reason, *(f"{each['LogicalResourceId']}: {each.get('ResourceStatusReason')}" for each in failed)])
