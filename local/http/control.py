"""``/_local/*``: operations of the local host that are never deployed."""

import json
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

from local.aws.mailbox import ACTIONS, NoLink
from local.http import names, overview, segment_page
from local.runtime.clock import ClockFault, RealTime, now, target
from local.runtime.host import Host
from local.runtime.lambda_events import LocalAnswer, LocalRequest


class Faulty(Exception):
    """A request that cannot be carried out, with its answer."""

    def __init__(self, status: int, error: str, where: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": error, "faults": [{"where": where, "message": message}]}


@dataclass(frozen=True, slots=True)
class Control:
    """Answers ``/_local/*`` for one host."""

    host: Host

    def answer(self, request: LocalRequest) -> LocalAnswer:
        """Answer a request, always with JSON."""
        try:
            return _json(200, self._find(request)(request))
        except Faulty as fault:
            return _json(fault.status, fault.body)
        except segment_page.ApiRefusal as refused:
            return refused.answer

    def moving(self, request: LocalRequest) -> Generator[None, None, LocalAnswer]:
        """The answer to ``POST /_local/clock``, in slices between which others are answered."""
        try:
            yield from self._moves(request)
            return _json(200, self._now())
        except Faulty as fault:
            return _json(fault.status, fault.body)

    def _find(self, request: LocalRequest) -> Callable[[LocalRequest], Any]:
        method = "GET" if request.method == "HEAD" else request.method
        parts = request.path.removeprefix("/_local/").strip("/").split("/")
        table: Mapping[tuple[str, int], Mapping[str, Callable[[LocalRequest], Any]]] = {
            ("keys", 1): {"GET": lambda _: self.host.keys()},
            ("overview", 1): {"GET": lambda _: overview.overview(self.host)},
            ("names", 1): {"GET": lambda _: names.names(self.host)},
            ("flows", 1): {"GET": lambda _: names.flows(self.host)},
            ("people", 1): {"GET": self._people, "POST": self._named},
            ("segments", 2): {"GET": lambda asked: self._segment(unquote(parts[1]), asked)},
            ("deliveries", 1): {"GET": lambda _: list(self.host.deliveries)},
            ("runs", 1): {"GET": lambda _: overview.runs(self.host)},
            ("clock", 1): {"GET": lambda _: self._now(), "POST": self._move},
            ("settle", 1): {"POST": lambda _: self._settle()},
            ("mailbox", 1): {"GET": self._list},
            ("mailbox", 2): {"GET": lambda _: self._mail(parts[1])},
            ("mailbox", 3): {"POST": lambda asked: self._act(parts[1], parts[2], asked)},
        }
        methods = table.get((parts[0], len(parts)))
        if methods is None:
            paths = ", ".join(sorted({f"/_local/{name}" for name, _ in table}))
            raise Faulty(404, "not_found", "path", f"there is no {request.path} here; there are {paths}")
        if method not in methods:
            raise Faulty(405, "method_not_allowed", "method", f"use {' or '.join(methods)}")
        return methods[method]

    def _now(self) -> dict[str, Any]:
        return overview.clock(self.host)

    def _move(self, request: LocalRequest) -> dict[str, Any]:
        for _ in self._moves(request):
            pass
        return self._now()

    def _moves(self, request: LocalRequest) -> Iterator[None]:
        try:
            yield from self.host.scheduler.advancing(target(_body(request), now()))
        except RealTime as reason:
            raise Faulty(409, "real_clock", "clock", str(reason)) from None
        except ClockFault as fault:
            raise Faulty(400, "malformed", fault.where, str(fault)) from None

    def _settle(self) -> dict[str, Any]:
        self.host.scheduler.settle()
        return self._now()

    def _people(self, request: LocalRequest) -> dict[str, Any]:
        return names.latest(self.host, _parameter(request, "q"))

    def _named(self, request: LocalRequest) -> dict[str, Any]:
        profiles = _body(request).get("profiles")
        if not isinstance(profiles, list) or not all(isinstance(each, str) and each for each in profiles):
            raise Faulty(400, "malformed", "profiles", "a list of profile ids")
        return names.people(self.host, profiles)

    def _segment(self, name: str, request: LocalRequest) -> dict[str, Any]:
        return segment_page.segment(self.host, name, _parameter(request, "next"))

    def _list(self, request: LocalRequest) -> list[dict[str, Any]]:
        self.host.mailbox.collect()
        brief = _parameter(request, "brief") == "1"
        mails = list(self.host.mailbox.mails.values())
        return [mail.summary() if brief else mail.as_json() for mail in mails]

    def _mail(self, message_id: str) -> dict[str, Any]:
        self.host.mailbox.collect()
        if message_id not in self.host.mailbox.mails:
            raise Faulty(404, "not_found", "id", f"the mailbox holds no message {message_id}")
        return self.host.mailbox.mails[message_id].as_json()

    def _act(self, message_id: str, action: str, request: LocalRequest) -> dict[str, Any]:
        self._mail(message_id)
        if action not in ACTIONS:
            raise Faulty(404, "not_found", "action", f"{action} is not one of {', '.join(ACTIONS)}")
        link = (_body(request) if request.body.strip() else {}).get("link")
        if link is not None and not isinstance(link, str):
            raise Faulty(400, "malformed", "link", "not a text")
        try:
            self.host.mailbox.act(message_id, action, link)
        except NoLink as fault:
            raise Faulty(400, "malformed", "link", str(fault)) from None
        return {"id": message_id, "action": action, **self._now()}


def _body(request: LocalRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body)
    except ValueError as error:
        raise Faulty(400, "malformed", "body", f"not JSON: {error}") from None
    if not isinstance(body, dict):
        raise Faulty(400, "malformed", "body", "not a JSON object")
    return body


def _parameter(request: LocalRequest, name: str) -> str:
    return parse_qs(request.query).get(name, [""])[-1]


def _json(status: int, value: Any) -> LocalAnswer:
    return LocalAnswer(status, json.dumps(value, ensure_ascii=False, default=str).encode())
