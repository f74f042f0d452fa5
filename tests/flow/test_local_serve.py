"""The local host over HTTP: its port, its one worker, its page."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Generator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from functions.topology import FUNCTIONS
from local.http.serve import CannotServe, Serving, bind, main, port_wanted
from local.runtime.host import running
from local.runtime.worker import Worker


class Door:
    """A client of one port."""

    def __init__(self, port: int) -> None:
        self.port = port

    def __call__(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, Any, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        found = answer.status, answer.headers, answer.read()
        connection.close()
        return found


SEEN: list[Any] = []


def echo(event: Any, context: Any) -> Any:
    SEEN.append((threading.current_thread().name, event))
    if event["rawPath"].endswith("slow"):
        time.sleep(0.2)
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(event)}


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    handlers = {function.name: echo for function in FUNCTIONS}
    bound = bind(0)
    with running("http://127.0.0.1:1", handlers) as host:
        server = Serving(host, Worker(host.scheduler.step, None), bound)
        server.start()
        yield Door(bound.getsockname()[1])
        server.stop()


def test_a_request_reaches_its_function_and_its_answer_comes_back(door: Door) -> None:
    status, headers, body = door("POST", "/v1/track?a=%20b", b'{"x":1}', content_type="application/json", x_y="z")
    event = json.loads(body)
    assert (200, "application/json") == (status, headers["content-type"])
    assert ('{"x":1}', "z", {"a": " b"}) == (event["body"], event["headers"]["x-y"], event["queryStringParameters"])
    assert "127.0.0.1" == event["requestContext"]["http"]["sourceIp"]


def test_an_encoded_path_stays_encoded_until_it_is_matched(door: Door) -> None:
    event = json.loads(door("GET", "/api/profiles/a%2Fb%20c")[2])
    assert "/api/profiles/a%2Fb%20c" == event["rawPath"]
    assert {"proxy": "profiles/a/b c"} == event["pathParameters"]


def test_every_function_runs_in_one_thread_whoever_asks(door: Door) -> None:
    SEEN.clear()
    askers = [threading.Thread(target=door, args=("GET", "/api/slow")) for _ in range(4)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert [("functions")] * 4 == [name for name, _ in SEEN]


def test_a_body_beyond_ten_megabytes_is_refused(door: Door) -> None:
    assert 413 == door("POST", "/v1/track", b"x" * (10 * 1024 * 1024 + 1))[0]


def test_an_unknown_path_is_answered_as_api_gateway_does(door: Door) -> None:
    status, _, body = door("GET", "/nothing/here")
    assert (404, {"message": "Not Found"}) == (status, json.loads(body))


def test_a_head_has_no_body(door: Door) -> None:
    assert (200, b"") == door("HEAD", "/u/token")[::2]


def test_the_page_and_its_parts_are_served_and_nothing_else_of_the_disk(door: Door) -> None:
    status, headers, body = door("GET", "/")
    assert (200, "text/html; charset=utf-8") == (status, headers["content-type"])
    assert b"<main" in body
    for part in (Path(__file__).parent.parent.parent / "local" / "page").glob("*.*"):
        assert 200 == door("GET", f"/page/{part.name}")[0], part.name
    for path in ("/page/../host.py", "/page/..%2fhost.py", "/page/pictures", "/page/none.js"):
        assert 404 == door("GET", path)[0], path


def test_no_file_of_the_page_names_another_host() -> None:
    for part in (Path(__file__).parent.parent.parent / "local" / "page").rglob("*.*"):
        if part.suffix == ".png":
            continue
        text = part.read_text().replace("http://www.w3.org/2000/svg", "")
        assert "//" not in text.replace("https?://", "").replace("// ", ""), part.name


def test_a_port_in_use_says_what_to_change() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CannotServe, match=r"another program has it.*\n.*PORT="):
            bind(taken.getsockname()[1])


def test_a_destination_that_is_none_is_said_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "0")
    monkeypatch.setenv("DESTINATIONS", "eventbus, pager")
    assert 1 == main()
    assert capsys.readouterr().err.startswith("destinations: no destination 'pager'; known: eventbus")


@pytest.mark.parametrize("text", ["a", "-1", "70000", "80 80"])
def test_a_port_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(CannotServe, match="not a port"):
        port_wanted()


def test_the_worker_does_background_work_between_jobs_and_rests_when_there_is_none() -> None:
    steps: list[int] = []

    def idle() -> bool:
        steps.append(1)
        return len(steps) < 5

    worker = Worker(idle, None)
    worker.start()
    assert 7 == worker.submit(lambda: 7).result(timeout=5)
    deadline = time.monotonic() + 5
    while len(steps) < 6 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.05)
    assert len(steps) in (5, 6)
    worker.stop()


def test_the_worker_outlives_a_job_that_raises() -> None:
    worker = Worker(lambda: False, None)
    worker.start()
    with pytest.raises(ZeroDivisionError):
        worker.submit(lambda: 1 / 0).result(timeout=5)
    assert 1 == worker.submit(lambda: 1).result(timeout=5)
    worker.stop()


def test_the_worker_runs_what_waits_between_two_slices_of_a_long_job() -> None:
    worker, order = Worker(lambda: False, None), []

    def long() -> Generator[None, None, str]:
        for number in range(3):
            order.append(f"slice {number}")
            worker.submit(lambda: order.append("a job"))
            yield
        return "done"

    ended = worker.submit_slices(long())
    worker.start()
    assert "done" == ended.result(timeout=5)
    assert ["slice 0", "a job", "slice 1", "a job", "slice 2", "a job"] == order
    worker.stop()


def test_long_jobs_follow_each_other_and_one_that_raises_ends_no_other() -> None:
    worker, order = Worker(lambda: False, None), []

    def long(name: str) -> Generator[None, None, None]:
        order.append(name)
        yield
        order.append(name)
        raise ValueError(name)

    ended = [worker.submit_slices(long(name)) for name in ("first", "second")]
    worker.start()
    assert ["first", "second"] == [str(each.exception(timeout=5)) for each in ended]
    assert ["first", "first", "second", "second"] == order
    worker.stop()


def test_requests_are_answered_while_the_clock_is_on_its_way_and_see_how_far_it_is() -> None:
    released = threading.Event()

    def nightly(event: Any, context: Any) -> None:
        released.wait(0.02)

    with running(
        "http://127.0.0.1:1", {function.name: nightly if function.name == "refresh" else echo for function in FUNCTIONS}
    ) as host:
        bound = bind(0)
        server = Serving(host, Worker(host.scheduler.step, None), bound)
        server.start()
        door = Door(bound.getsockname()[1])
        begun = json.loads(door("GET", "/_local/clock")[2])
        answers: list[Any] = []
        movers = [
            threading.Thread(
                target=lambda: answers.append(json.loads(door("POST", "/_local/clock", b'{"advance": "200d"}')[2]))
            )
            for _ in range(2)
        ]
        for mover in movers:
            mover.start()
        while (seen := json.loads(door("GET", "/_local/clock")[2]))["moving"] is None:
            time.sleep(0.001)
        assert 200 == door("GET", "/api/anything")[0]
        overview = json.loads(door("GET", "/_local/overview")[2])
        assert seen["moving"] == overview["moving"]
        assert (begun["now"], None) == (seen["moving"]["from"], begun["moving"])
        assert seen["moving"]["from"] <= seen["now"] <= overview["now"] < seen["moving"]["to"]
        released.set()
        for mover in movers:
            mover.join(timeout=20)
        assert [seen["moving"]["to"], None] == [answers[0]["now"], answers[0]["moving"]]
        assert 400 == (datetime.fromisoformat(answers[1]["now"]) - datetime.fromisoformat(begun["now"])).days
        server.stop()
