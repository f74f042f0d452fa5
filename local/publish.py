"""Publishes the shipped definitions through the API, as the CLI would."""

import json
from pathlib import Path

from local.host import Host
from local.shapes import Request

DEFINITIONS = Path(__file__).parent.parent / "definitions"

# A segment names scores, a flow its segment and templates, so these come first.
KINDS = ("scores", "segments", "templates", "flows")


class NotPublished(Exception):
    """A shipped definition was refused; says why."""


def publish_all(host: Host, folder: Path = DEFINITIONS) -> list[str]:
    """Publish every definition of the folder; return their names. Raises NotPublished."""
    token = host.keys()["admin_token"]
    headers = (("authorization", f"Bearer {token}"), ("content-type", "application/yaml"))
    published = []
    for kind in KINDS:
        for path in sorted((folder / kind).glob("*.yaml")):
            request = Request("PUT", f"/api/definitions/{kind}/{path.stem}", headers=headers, body=path.read_bytes())
            answer = host.request(request)
            if answer.status != 200:
                raise NotPublished(f"{path}: {answer.status} {json.loads(answer.body)}")
            published.append(f"{kind}/{path.stem}")
    host.pump.settle()
    return published
