"""The API's description is true to its routes, and is an OpenAPI document."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from functions.core.base.errors import MethodNotAllowed, NotFound
from functions.handlers import api_routes

DOCUMENT = json.loads((Path(api_routes.__file__).parent / "openapi.json").read_text())
METHODS = {"get", "put", "post", "delete", "patch", "head", "options"}
OPERATIONS = {
    (method.upper(), path): operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if method in METHODS
}


# Paths of which every parameter has an answer: a segment that is yet to be.
ANYTHING_GOES = ("/api/segments/{id}/impact", "/api/flows/{id}/impact")


def references(value):
    if isinstance(value, dict):
        yield from ([value["$ref"]] if "$ref" in value else [])
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_the_document_describes_exactly_the_routes():
    assert {(route.method, route.path) for route in api_routes.ROUTES} == set(OPERATIONS)


def test_an_operation_is_named_after_its_function_and_open_where_its_route_is():
    for route in api_routes.ROUTES:
        operation = OPERATIONS[route.method, route.path]
        assert operation["operationId"] == route.run.__name__
        assert (operation.get("security") == []) is route.open


def test_path_parameters_are_described():
    for (_, path), operation in OPERATIONS.items():
        described = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
        assert set(re.findall(r"{(\w+)}", path)) == described


def test_every_operation_says_what_it_answers_and_when_it_refuses():
    for (_, path), operation in OPERATIONS.items():
        assert {"200", "503"} <= operation["responses"].keys()
        assert ("401" in operation["responses"]) is (operation.get("security") != [])
        assert ("404" in operation["responses"]) or "{" not in path or path in ANYTHING_GOES


def test_references_lead_somewhere_and_every_schema_is_used():
    used = set(references(DOCUMENT))
    for reference in used:
        place = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
    parts = DOCUMENT["components"]
    assert used == {f"#/components/{kind}/{name}" for kind in ("schemas", "responses") for name in parts[kind]}


def test_schemas_are_json_schema_of_2020_12_as_openapi_3_1_asks():
    assert DOCUMENT["openapi"] == "3.1.0"
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_a_wrong_method_names_the_right_ones_and_a_wrong_path_the_document():
    with pytest.raises(MethodNotAllowed) as refused:
        api_routes.find("POST", "/api/definitions/segments/vip")
    assert ["DELETE", "GET", "PUT"] == refused.value.methods
    for path in ("/api", "/api/", "/api/nothing", "/api/profiles/a/b/c", "/api/definitions/segments/a/b"):
        with pytest.raises(NotFound, match=r"openapi\.json"):
            api_routes.find("GET", path)


def test_the_api_starts_without_the_libraries_that_only_publishing_needs():
    heavy = ("lark", "yaml", "liquid", "babel", "mjml", "css_inline", "html2text", "jwt")
    code = f"import sys, functions.handlers.api; print([name for name in {heavy} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]" == ran.stdout.strip()
