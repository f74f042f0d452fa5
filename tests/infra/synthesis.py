"""Synthesises as a shop would, and reads the template that comes of it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from functions.topology import FUNCTIONS, QUEUES
from functions.topology_rows import Every, QueueMessages, Stream
from infra import bundle

CONTEXT = {"from_address": "hello@shop.example", "alarm_email": "ops@shop.example"}

STREAMED = [(row, trigger) for row in FUNCTIONS for trigger in row.triggers if isinstance(trigger, Stream)]
QUEUED = [(row, trigger) for row in FUNCTIONS for trigger in row.triggers if isinstance(trigger, QueueMessages)]
ASYNCHRONOUS = [row for row in FUNCTIONS if any(isinstance(trigger, Every) for trigger in row.triggers)]

# Who has dead letters.
DEAD = [row.name for row in QUEUES] + [row.name for row, _ in STREAMED] + [row.name for row in ASYNCHRONOUS]


def synthesise(output: Path, context: Mapping[str, str], **more: str) -> "subprocess.CompletedProcess[str]":
    """Run ``python app.py`` with no AWS variable, and with no git, Docker or Node.js to be found."""
    programs = output.parent / f"{output.name}-programs"
    programs.mkdir()
    if compiler := bundle.find_compiler():
        (programs / f"python{bundle.PYTHON}").symlink_to(compiler)
    foreign = ("AWS_", "CDK_", "PATH", "DOCKER_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    given = [argument for key, value in context.items() for argument in ("-c", f"{key}={value}")]
    return subprocess.run(
        [sys.executable, "app.py", *given],
        cwd=bundle.ROOT,
        env={**environment, "PATH": str(programs), "CDK_OUTDIR": str(output), **more},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


class Template:
    """A synthesised template, asked by type of resource."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.body = body

    def all(self, kind: str) -> dict[str, dict[str, Any]]:
        """Properties of every resource of the type (``Lambda::Function``), by logical id."""
        found = self.body["Resources"].items()
        return {name: each.get("Properties", {}) for name, each in found if each["Type"] == f"AWS::{kind}"}

    def one(self, kind: str, part: str) -> tuple[str, dict[str, Any]]:
        """The one resource of the type whose logical id holds the part."""
        found = [(name, body) for name, body in self.all(kind).items() if part.replace("-", "") in name]
        assert len(found) == 1, f"{part}: {[name for name, _ in found]}"
        return found[0]

    def function(self, name: str) -> tuple[str, dict[str, Any]]:
        """The Lambda function of the topology's row."""
        functions = self.all("Lambda::Function").items()
        found = [each for each in functions if each[1]["Environment"]["Variables"]["FUNCTION"] == name]
        assert len(found) == 1
        return found[0]

    def alias(self, name: str) -> dict[str, str]:
        """The reference to the alias of the topology's row, which everything calls."""
        return {"Ref": self.one("Lambda::Alias", f"functions{name}alias")[0]}

    def called(self, logical_id: str) -> dict[str, Any]:
        """The function of this id, or behind the alias of this id."""
        alias = self.all("Lambda::Alias").get(logical_id)
        return self.all("Lambda::Function")[alias["FunctionName"]["Ref"] if alias else logical_id]

    def statements(self, function: str) -> list[dict[str, Any]]:
        """What the function's role allows."""
        role = self.function(function)[1]["Role"]["Fn::GetAtt"][0]
        policies = [body for body in self.all("IAM::Policy").values() if {"Ref": role} in body["Roles"]]
        return [each for policy in policies for each in policy["PolicyDocument"]["Statement"]]
