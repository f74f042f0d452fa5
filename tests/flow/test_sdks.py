"""The published SDKs, unchanged, with nothing but their host pointed at the local host on a real port."""

import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

ROOT = Path(__file__).parent.parent.parent
NODE_SDK = ROOT / "node_modules/@segment/analytics-node"

NODE_STORY = """
const { Analytics } = require('@segment/analytics-node')
const sdk = new Analytics({ writeKey: process.env.WRITE_KEY, host: process.env.HOST })
const traits = { email: 'node@mail.example', first_name: 'Nora', email_marketing_consent: 'subscribed' }
sdk.on('error', (error) => { console.error(error); process.exitCode = 1 })
sdk.identify({ userId: 'node-1', traits })
sdk.track({ userId: 'node-1', event: 'Order Completed', properties: { order_id: 'n1', total: 12.5, currency: 'EUR' } })
sdk.page({ userId: 'node-1', name: 'Home' })
sdk.screen({ userId: 'node-1', name: 'Start' })
sdk.group({ userId: 'node-1', groupId: 'g1' })
sdk.alias({ userId: 'node-1', previousId: 'node-1-device' })
sdk.closeAndFlush()
"""
TOLD = {"Aliased", "Group Joined", "Identified", "Order Completed", "Page Viewed", "Screen Viewed"}


class Server:
    """``python -m local`` on a port of its own, spoken to over HTTP."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.keys = self._get("/_local/keys")

    def _get(self, path: str, **headers: str) -> Any:
        with urlopen(Request(self.url + path, headers=headers), timeout=10) as answer:
            return json.load(answer)

    def settle(self) -> None:
        """Wait until nothing is in flight."""
        urlopen(Request(f"{self.url}/_local/settle", method="POST"), timeout=60).close()

    def told(self, identifier: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The profile that has the identifier, and its events."""
        self.settle()
        token = {"Authorization": f"Bearer {self.keys['admin_token']}"}
        profile = self._get(f"/api/profiles?identifier={quote(identifier)}", **token)
        return profile, self._get(f"/api/profiles/{profile['id']}/events", **token)["events"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A host in a process of its own, so that the SDKs live under the real clock."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    said = tmp_path_factory.mktemp("host") / "said.txt"
    with said.open("wb") as output:
        command, environment = [sys.executable, "-m", "local"], {**os.environ, "PORT": str(port)}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        try:
            yield _reached(f"http://127.0.0.1:{port}", process, said)
        finally:
            process.terminate()
            process.wait(10)


def _reached(url: str, process: "subprocess.Popen[bytes]", said: Path) -> Server:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError):
            return Server(url)
        time.sleep(0.1)
    raise AssertionError(said.read_text())


def _tell(sdk: Any, user: str, email: str) -> None:
    """One of each call; the Python SDKs share their signatures."""
    sdk.identify(user, {"email": email, "first_name": "Ann", "email_marketing_consent": "subscribed"})
    sdk.track(user, "Order Completed", {"order_id": f"order-{user}", "total": 12.5, "currency": "EUR"})
    sdk.page(user, "Shop", "Home")
    sdk.screen(user, "Shop", "Start")
    sdk.group(user, "g1", {"name": "Friends"})
    sdk.alias(f"{user}-device", user)
    sdk.flush()
    sdk.join()


def _check(server: Server, user: str, email: str, first_name: str = "Ann") -> None:
    profile, events = server.told(f"user_id:{user}")
    names = {f"email:{email}", f"user_id:{user}", f"anonymous_id:{user}-device"}
    assert names <= set(profile["identifiers"])
    assert first_name == profile["traits"]["first_name"]
    assert "subscribed" == profile["consent"]["marketing"]
    assert sorted(TOLD) == sorted(event["name"] for event in events)
    (order,) = (event for event in events if event["name"] == "Order Completed")
    assert 1250 == order["properties"]["total"]


@pytest.mark.parametrize("gzip", [False, True])
@pytest.mark.parametrize("library", ["segment", "rudderstack"])
def test_the_sdk_for_python_tells_of_a_person_with_its_host_alone_changed(
    server: Server, library: str, gzip: bool
) -> None:
    sdk = pytest.importorskip(f"{library}.analytics.client", reason=f"the SDK of {library} is not installed")
    user, email = f"{library}-{gzip}", f"{library}-{gzip}@mail.example".lower()
    failed: list[Any] = []
    client = sdk.Client(
        server.keys["server_key"], host=server.url, gzip=gzip, on_error=lambda *why: failed.append(why), max_retries=1
    )
    _tell(client, user, email)
    assert [] == failed
    _check(server, user, email)


@pytest.fixture(scope="module")
def node() -> str:
    """Node.js with the SDK that package-lock.json pins, installed when it is not there."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None:
        pytest.skip("there is no node here")
    if not NODE_SDK.is_dir():
        if npm is None:
            pytest.skip("the SDK is not installed, and there is no npm here")
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=300)
        if done.returncode:
            pytest.skip(f"npm could not install the SDK: {done.stderr.strip().splitlines()[-1:]}")
    return node


def test_the_sdk_for_node_tells_of_a_person_with_its_host_alone_changed(server: Server, node: str) -> None:
    environment = {**os.environ, "WRITE_KEY": server.keys["server_key"], "HOST": server.url}
    done = subprocess.run(
        [node, "-e", NODE_STORY], check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert 0 == done.returncode, done.stderr
    _check(server, "node-1", "node@mail.example", "Nora")


def test_a_repeated_batch_changes_nothing(server: Server) -> None:
    body = {"batch": [{"type": "track", "userId": "again", "event": "Product Viewed", "messageId": "m-1"}]}
    for _ in range(2):
        assert 200 == _post(server, "/v1/batch", {**body, "writeKey": server.keys["server_key"]})
    assert 1 == len(server.told("user_id:again")[1])


def test_a_wrong_write_key_is_refused_in_words(server: Server) -> None:
    basic = base64.b64encode(b"wrong:").decode()
    assert 401 == _post(server, "/v1/track", {"userId": "x", "event": "E"}, Authorization=f"Basic {basic}")


def _post(server: Server, path: str, body: Any, **headers: str) -> int:
    request = Request(server.url + path, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})
    try:
        with urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code
