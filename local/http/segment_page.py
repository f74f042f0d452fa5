"""One segment for the page, in one call: its meaning, its count, and its members with their entry times."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from functions.core.scores.link import tier_segments
from local.http import names
from local.runtime.host import Host
from local.runtime.lambda_events import LocalAnswer, LocalRequest

SHOWN = 25


class ApiRefusal(Exception):
    """The product's API refused the call; carries its answer."""

    def __init__(self, answer: LocalAnswer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def segment(host: Host, name: str, start: str = "") -> dict[str, Any]:
    """The segment with a page of its members; raises Refused with the API's answer."""
    place = quote(name, safe="")
    members = _api(host, f"segments/{place}/members", f"limit={SHOWN}" + (f"&next={quote(start)}" if start else ""))
    listed = next(each for each in _api(host, "segments")["segments"] if each["id"] == name)
    people = names.people(host, members["members"])
    return {
        **listed,
        **_source(host, name),
        "count": members["count"],
        "next": members["next"],
        "members": [_member(host, name, profile, people) for profile in members["members"]],
    }


def _source(host: Host, name: str) -> dict[str, Any]:
    """The text that defines the segment: its own, or that of the score of which it is a tier."""
    for each in names.published(host):
        if each.kind == "segments" and each.id == name:
            return {"text": each.text, "score": None}
        if each.kind == "scores" and name in tier_segments(each.body):
            return {"text": each.text, "score": {"id": each.id, "name": each.body.get("name") or each.id}}
    return {"text": "", "score": None}


def _member(host: Host, name: str, profile: str, people: Mapping[str, Any]) -> dict[str, Any]:
    membership_history: list[dict[str, Any]] = _api(host, f"profiles/{profile}")["segments"]
    membership = next((each for each in membership_history if each["id"] == name), {})
    person = people.get(profile) or {"id": profile, "name": ""}
    return person | {"since": membership.get("since"), "until": membership.get("until")}


def _api(host: Host, path: str, query: str = "") -> Any:
    headers = (("authorization", f"Bearer {host.token('publish')}"),)
    answer = host.request(LocalRequest("GET", f"/api/{path}", query, headers))
    if answer.status == 202:
        return _api(host, f"jobs/{json.loads(answer.body)['job']}", "wait=25")["result"]
    if answer.status != 200:
        raise ApiRefusal(answer)
    return json.loads(answer.body)
