"""Partial batches: which records Lambda is told to bring again, what stops a batch, and what is written about it."""

import json
from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes import SQSEvent

from functions import telemetry
from functions.core.base.errors import Refused, Throttled
from functions.core.base.tasks.wakes import WakeProfile
from functions.handlers import batches
from tests.lambda_context import CONTEXT
from tests.log_lines import log_lines

FAILED = Throttled("put log", "ThrottlingException")


def message(name: str, body: Any, cause: str = "") -> dict[str, Any]:
    attributes = {"correlation_id": {"dataType": "String", "stringValue": cause}} if cause else {}
    return {"messageId": name, "body": json.dumps(body), "messageAttributes": attributes}


def row(number: int, cause: str = "") -> dict[str, Any]:
    image = {"pk": {"S": "email:ann@x.org"}} | ({"q": {"S": cause}} if cause else {})
    return {"eventName": "INSERT", "dynamodb": {"NewImage": image, "SequenceNumber": str(number)}}


def wakes(event: dict[str, Any], work: Any) -> Any:
    return batches.tasks(SQSEvent(event), "wakes", work)


def changes(park: Any) -> Any:
    return lambda event, work: batches.changes(event, work, park)


def invoke(call: Any, records: list[dict[str, Any]], work: Any) -> Any:
    return telemetry.observed()(lambda event, _: call(event, work))({"Records": records}, CONTEXT)


def named(answer: Any) -> list[str]:
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def test_messages_that_fail_come_again_and_the_others_do_not() -> None:
    done: list[str] = []

    def work(task: WakeProfile) -> None:
        if task.profile in "13":
            raise FAILED if task.profile == "1" else Refused()
        done.append(task.profile)

    answer = invoke(wakes, [message(f"m{n}", {"profile": str(n)}) for n in range(5)], work)
    assert (["m1", "m3"], ["0", "2", "4"]) == (named(answer), done)


def test_a_batch_of_which_everything_fails_is_answered_and_not_raised() -> None:
    def work(_task: WakeProfile) -> None:
        raise FAILED

    records = [message("m0", {"profile": "p0"}), message("m1", {"profile": "p1"})]
    assert ["m0", "m1"] == named(invoke(wakes, records, work))


def test_a_fault_of_the_program_at_a_message_fails_the_invocation() -> None:
    def work(_each: object) -> None:
        raise KeyError("a fault")

    with pytest.raises(KeyError, match="a fault"):
        invoke(wakes, [message("m0", {"profile": "p0"}), message("m1", {"profile": "p1"})], work)


def test_a_fault_of_the_program_at_a_record_of_a_stream_stops_no_other_and_is_put_aside() -> None:
    tried: list[str] = []
    aside: list[dict[int, Exception]] = []

    def work(record: Any) -> None:
        tried.append(record.dynamodb.sequence_number)
        if tried[-1] == "2":
            raise KeyError("email:ann@x.org")

    def put_aside(errors: Any, _records: object) -> dict[int, Exception]:
        aside.append(dict(errors))
        return {}

    with log_lines() as lines:
        assert [] == named(invoke(changes(put_aside), [row(n) for n in (1, 2, 3)], work))
        (line,) = lines()
    assert ["1", "2", "2", "3"] == tried
    assert [{1: KeyError}] == [{place: type(error) for place, error in each.items()} for each in aside]
    assert ("KeyError", 1) == (line["error"], line["parked"])
    assert "ann" not in json.dumps(line)


def test_what_is_not_put_aside_comes_again_under_the_name_of_its_error() -> None:
    def work(_record: Any) -> None:
        raise KeyError("email:ann@x.org")

    with log_lines() as lines:
        assert ["1", "2"] == named(invoke(changes(lambda errors, _: errors), [row(1), row(2)], work))
        text = lines.raw()
    assert "KeyError" in text
    assert "ann" not in text


def test_a_stream_stops_at_the_first_failure_and_names_it() -> None:
    tried: list[str] = []

    def work(record: Any) -> None:
        tried.append(record.dynamodb.sequence_number)
        if tried[-1] == "2":
            raise FAILED

    assert ["2"] == named(invoke(changes(lambda errors, _: errors), [row(n) for n in (1, 2, 3)], work))
    assert ["1", "2"] == tried


def test_records_that_are_worked_on_together_are_named_by_what_failed() -> None:
    answer = invoke(batches.inserts, [row(n) for n in (1, 2, 3, 4)], lambda records: {3: FAILED, 1: FAILED})
    assert ["2", "4"] == named(answer)
    assert [] == named(invoke(batches.inserts, [row(1)], lambda records: {}))


def test_each_message_is_worked_on_under_its_own_cause() -> None:
    seen: list[str] = []
    records = [message("m0", {"profile": "p0"}, "r1"), message("m1", {"profile": "p1"}, "r2")]
    invoke(wakes, records, lambda _: seen.append(telemetry.correlation_id()))
    assert ["r1", "r2"] == seen


def test_a_message_without_a_cause_is_not_told_under_that_of_the_one_before() -> None:
    seen: list[str] = []
    records = [message("m0", {"profile": "p0"}, "r1"), message("m1", {"profile": "p1"})]
    invoke(wakes, records, lambda _: seen.append(telemetry.correlation_id()))
    assert ["r1", CONTEXT.aws_request_id] == seen


def test_a_batch_of_the_log_is_folded_under_the_requests_that_it_came_of() -> None:
    seen: list[str] = []

    def work(_records: object) -> dict[int, Any]:
        seen.append(telemetry.correlation_id())
        return {}

    invoke(batches.inserts, [row(1, "r1"), row(2, "r1"), row(3, "r2"), row(4)], work)
    invoke(batches.inserts, [row(n, f"r{n}") for n in range(9)], work)
    assert ["r1 r2", "r0 r1 r2 r3 r4 +4"] == seen
