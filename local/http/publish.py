"""Publishes the shipped definitions through the API, all at once, as the CLI would."""

import json
from pathlib import Path

from cli.folder import find
from local.runtime.host import Host
from local.runtime.lambda_events import LocalRequest

DEFINITIONS = Path(__file__).parents[2] / "definitions"


class NotPublished(Exception):
    """A shipped definition was refused; the text says why."""


def publish_all(host: Host, folder: Path = DEFINITIONS) -> list[str]:
    """Publish every definition in the folder; return their names. Raises NotPublished."""
    files = find([folder])
    body = {"definitions": [{"kind": each.kind, "id": each.id, "text": each.text()} for each in files]}
    headers = (("authorization", f"Bearer {host.keys()['admin_token']}"), ("content-type", "application/json"))
    answer = host.request(LocalRequest("POST", "/api/definitions", headers=headers, body=json.dumps(body).encode()))
    if answer.status != 200:
        raise NotPublished(f"{folder}: {answer.status} {json.loads(answer.body)}")
    host.scheduler.settle()
    return [each.address for each in files]
