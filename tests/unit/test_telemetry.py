"""Lines and counts of an invocation: what they name, when they are written, and what is never in them."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions import telemetry
from tests.lambda_context import CONTEXT
from tests.log_lines import LogLines, log_lines

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def lines() -> Iterator[LogLines]:
    with log_lines() as caught:
        yield caught


@telemetry.observed("requestContext.requestId")
def handler(event: dict[str, Any], _context: object) -> str:
    telemetry.logger().warning("something was tried", extra={"error": "Throttled"})
    telemetry.count(event.get("counts", {}), source="ses")
    if event.get("fails"):
        raise RuntimeError
    return telemetry.correlation_id()


def test_a_line_names_the_request_the_invocation_and_the_function(lines: LogLines) -> None:
    assert "r1" == handler({"requestContext": {"requestId": "r1"}}, CONTEXT)
    (line,) = lines()
    assert ("WARNING", "something was tried", "Throttled") == (line["level"], line["message"], line["error"])
    assert ("r1", CONTEXT.aws_request_id) == (line["correlation_id"], line["function_request_id"])
    assert (CONTEXT.function_name, "Segue") == (line["function_name"], line["service"])


def test_lines_are_caught_though_the_logger_was_made_in_a_test_that_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(telemetry.logger().registered_handler, "stream", closed)
    with log_lines() as lines:
        handler({}, CONTEXT)
        assert ["something was tried"] == [line["message"] for line in lines()]


def test_an_invocation_without_a_request_is_its_own_cause_whatever_was_before(lines: LogLines) -> None:
    handler({"requestContext": {"requestId": "r1"}}, CONTEXT)
    assert CONTEXT.aws_request_id == handler({}, CONTEXT)
    assert ["r1", CONTEXT.aws_request_id] == [line["correlation_id"] for line in lines()]


def test_counts_are_written_once_without_dimensions(lines: LogLines, capsys: pytest.CaptureFixture[str]) -> None:
    handler({"counts": {"Taken": 2, "Refused": 0}}, CONTEXT)
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    (about,) = line["_aws"]["CloudWatchMetrics"]
    assert {"Namespace": "Segue", "Dimensions": [[]], "Metrics": [{"Name": "Taken", "Unit": "Count"}]} == about
    assert ([2], "ses") == (line["Taken"], line["source"])


def test_counts_of_a_failed_invocation_are_written_and_no_other_has_them(
    lines: LogLines, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(RuntimeError):
        handler({"counts": {"Taken": 1}, "fails": True}, CONTEXT)
    assert [1] == json.loads(capsys.readouterr().out)["Taken"]
    handler({"counts": {"Taken": 0}}, CONTEXT)
    assert "" == capsys.readouterr().out


def test_importing_makes_no_logger_and_no_counts() -> None:
    program = "import functions.telemetry as t; print(t.logger.cache_info().currsize, t._metrics.cache_info().currsize)"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "0 0" == found.stdout.strip()
