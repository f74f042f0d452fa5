"""What the tests of the double opt-in say, press and look at."""

import json
import re
from typing import Any

from tests.flow.host import URL, Host

BOB = "bob@x.org"
MARK = f"email:{BOB}"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def say(host: Host, answer: str, email: str = BOB, device: str = "a1", **more: Any) -> None:
    traits = {"email": email, "email_marketing_consent": answer, **more.pop("traits", {})}
    taken = host.segment("identify", {"anonymousId": device, "traits": traits, **more}, key="write_key")
    assert taken.status == 200, taken.body
    host.settle()


def link(mail: dict[str, Any]) -> str:
    """The path of the one link in the e-mail."""
    in_html = re.findall(r"(?:href|src)=\"([^\"]+)\"", mail["html"])
    (only,) = {*re.findall(r"https?://\S+", mail["text"]), *in_html}
    assert only.startswith(f"{URL}/confirm/")
    return only.removeprefix(URL)


def press(host: Host, path: str, body: str = "action=confirm") -> int:
    status = host.request("POST", path, body.encode(), FORM).status
    host.settle()
    return status


def marketing(host: Host, identifier: str = MARK) -> str:
    return (host.profile(identifier) or {"consent": {"marketing": "nobody"}})["consent"]["marketing"]


def messages(host: Host) -> list[dict[str, Any]]:
    return json.loads(host.api("GET", "messages").body)["messages"]


def stored(host: Host, *tables: str) -> str:
    return json.dumps([host.inner.rows(table, 1000) for table in tables], default=str)
