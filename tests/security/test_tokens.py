"""What a token of the API opens: every route needs what its record says."""

import base64
import re
from collections.abc import Iterator

import pytest

from functions.handlers.openapi import document
from tests.flow.host import Host, opened
from tests.security.tokens import ask, fault, signed, some_token

METHODS = ("get", "head", "post", "put", "patch", "delete")
OPERATIONS = [
    (method.upper(), re.sub(r"\{\w+\}", "some", path), operation["security"])
    for path, operations in document()["paths"].items()
    for method, operation in operations.items()
    if path.startswith("/api/") and method in METHODS
]
OPEN = [each for each in OPERATIONS if each[2] == []]
CLOSED = [(method, path, security[0]["token"][0]) for method, path, security in OPERATIONS if security]


@pytest.fixture(scope="module")
def served() -> Iterator[Host]:
    """A host that the tests of this module change nothing of."""
    with opened(shipped=False) as host:
        yield host


def test_every_operation_under_api_is_open_or_says_one_role() -> None:
    assert {"/api/openapi.json", "/api/schema/some"} == {path for _, path, _ in OPEN}
    assert {"read", "publish"} == {role for _, _, role in CLOSED}
    # Everybody's addresses in one file are not for whoever may only look.
    assert ["/api/jobs/some/export"] == [path for method, path, role in CLOSED if method == "GET" and role != "read"]


@pytest.mark.parametrize(("method", "path", "role"), CLOSED, ids=str)
def test_an_operation_is_refused_without_a_token_and_to_whoever_may_only_read_if_it_changes_anything(
    served: Host, method: str, path: str, role: str
) -> None:
    assert 401 == ask(served, "", method, path).status
    status = ask(served, str(served.keys["read_token"]), method, path)
    assert (status.status == 403) is (role == "publish"), status
    assert ask(served, str(served.keys["admin_token"]), method, path).status not in (401, 403)
    if role == "publish":
        assert "this needs a token with the role publish; this one has the role read" == fault(status)["message"]


def test_the_write_key_and_the_server_key_open_nothing_of_the_api(served: Host) -> None:
    for key in ("write_key", "server_key", "identity_key"):
        assert 401 == ask(served, served.keys[key]).status
        basic = base64.b64encode(f"{served.keys[key]}:".encode()).decode()
        assert 401 == served.request("GET", "/api/segments", headers={"authorization": f"Basic {basic}"}).status


def test_a_token_of_another_deployment_that_was_given_the_same_key_is_refused(served: Host) -> None:
    token = some_token()
    assert 200 == ask(served, signed(served, token)).status
    other = ask(served, signed(served, token, "arn:aws:secretsmanager:eu-west-1:123456789012:secret:other"))
    assert (401, "this token is for another deployment") == (other.status, fault(other)["message"])


def test_a_token_of_thousands_of_characters_or_nested_brackets_is_refused(served: Host) -> None:
    brackets = base64.urlsafe_b64encode(b"[" * 1_200).decode()
    for hostile in ("A" * 8_000, f"{brackets}.e30.e30", "\ud83d.e30.e30", "...", f"e30.{brackets}.e30"):
        assert 401 == ask(served, hostile).status
