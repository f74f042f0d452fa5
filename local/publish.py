"""Publishes the shipped definitions through the API, as the CLI would."""

import json
from pathlib import Path

from cli.push import find, in_rounds
from local.host import Host
from local.shapes import Answer, Request

DEFINITIONS = Path(__file__).parent.parent / "definitions"


class NotPublished(Exception):
    """A shipped definition was refused; says why."""


def publish_all(host: Host, folder: Path = DEFINITIONS) -> list[str]:
    """Publish every definition of the folder; return their names. Raises NotPublished."""
    token = host.keys()["admin_token"]
    headers = (("authorization", f"Bearer {token}"), ("content-type", "application/yaml"))

    def push(path: Path) -> Answer | None:
        request = Request("PUT", f"/api/definitions/{_name(path)}", headers=headers, body=path.read_bytes())
        answer = host.request(request)
        return None if answer.status == 200 else answer

    files = find(folder)
    for path, answer in in_rounds(files, push).items():
        raise NotPublished(f"{path}: {answer.status} {json.loads(answer.body)}")
    host.pump.settle()
    return [_name(path) for path in files]


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"
