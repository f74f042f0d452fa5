"""Starts MiniStack in its own process, and deploys a cloud assembly to it with nothing but CloudFormation."""

import io
import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

ACCOUNT, REGION = "123456789012", "eu-west-1"
_STARTS_WITHIN = 30
_DEPLOYS_WITHIN = 120


@dataclass(frozen=True, slots=True)
class MiniStack:
    """A running emulator."""

    url: str
    log: Path

    def client(self, service: str) -> Any:
        """A client with the credentials of the account's root."""
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(service, endpoint_url=self.url, region_name=REGION, **keys)

    def sent_mail(self) -> list[dict[str, Any]]:
        """What its SES was given."""
        with urllib.request.urlopen(f"{self.url}/_ministack/ses/messages", timeout=10) as answer:
            return list(json.loads(answer.read())["messages"])


@contextmanager
def running(program: Path, folder: Path) -> Iterator[MiniStack]:
    """MiniStack on a free port of this machine, with IAM enforced; ended with everything that it started."""
    port = _free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        "AUTH": "true",
        "IOT_MTLS_ENABLED": "0",
    }
    log = folder / "ministack.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [program], env=environment, cwd=folder, stdout=out, stderr=out, start_new_session=True
        )
    try:
        stack = MiniStack(f"http://127.0.0.1:{port}", log)
        _wait_for_start(stack, process)
        yield stack
    finally:
        _end(process)


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
        body = _zipped(source) if asset["source"]["packaging"] == "zip" else source.read_bytes()
        for place in asset["destinations"].values():
            if place["bucketName"] not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]:
                where = {"LocationConstraint": REGION}
                s3.create_bucket(Bucket=place["bucketName"], CreateBucketConfiguration=where)
            s3.put_object(Bucket=place["bucketName"], Key=place["objectKey"], Body=body)
            placed[asset["source"]["path"]] = f"{place['bucketName']}/{place['objectKey']}"
    return placed


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


def _wait_for_start(stack: MiniStack, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"{stack.url}/_ministack/health", timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"MiniStack did not start:\n{stack.log.read_text()[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the whole session: the functions' processes are MiniStack's children."""
    for kind, patience in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
        try:
            os.killpg(process.pid, kind)
            process.wait(patience)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
