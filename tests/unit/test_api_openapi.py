"""The API's description is what its routes and models make, and is an OpenAPI document."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from jsonschema import Draft202012Validator

from functions.core.answers.views import plain
from functions.core.definitions.document import read
from functions.core.definitions.kinds import KINDS
from functions.core.flows.flow import FlowState
from functions.core.messages.records import MessageState
from functions.handlers import api, make_openapi, openapi
from functions.handlers.models import flows, messages
from functions.sources.segment.models import MODELS, SdkMessage
from functions.topology import FUNCTIONS
from functions.topology_rows import Http
from tests.lambda_context import CONTEXT
from tests.requests import gateway

DOCUMENT = json.loads(openapi.FILE.read_text())
GOLDEN = Path(__file__).parents[1] / "golden"
SHIPPED = sorted((Path(__file__).parents[2] / "definitions").glob("*/*.yaml"))
METHODS = {"get", "put", "post", "delete", "patch", "head", "options"}
OPERATIONS = {
    (method.upper(), path): operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if method in METHODS
}


# What SDKs say and are not refused for.
SENT = [
    case
    for case in json.loads((GOLDEN / "sources" / "segment" / "messages.json").read_text())
    if "refused" not in case["expect"] and isinstance(case["body"], dict)
]

# Paths of which every parameter has an answer: a segment that is yet to be.
ANYTHING_GOES = ("/api/segments/{id}/impact", "/api/flows/{id}/impact", "/api/tokens/{id}")


def references(value):
    if isinstance(value, dict):
        yield from ([value["$ref"]] if "$ref" in value else [])
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_the_document_is_what_the_routes_and_models_make_of_it():
    assert make_openapi.text(make_openapi.make()) == openapi.FILE.read_text(), "run: make openapi"


def test_an_operation_of_the_api_needs_no_token_only_where_nothing_of_the_shop_is_told():
    unprotected = {name for name, operation in OPERATIONS.items() if operation.get("security") == []}
    open_to_all = {("GET", "/api/openapi.json"), ("GET", "/api/schema/{kind}")}
    # What lets somebody in is a part of these paths.
    links = {("GET", "/v1/projects/{write_key}/settings")}
    links |= {(method, path) for path in ("/u/{token}", "/confirm/{token}") for method in ("GET", "HEAD", "POST")}
    assert open_to_all | links == unprotected


def test_every_path_that_is_deployed_is_described_and_no_other():
    deployed = {
        (trigger.method, trigger.path)
        for function in FUNCTIONS
        for trigger in function.triggers
        if isinstance(trigger, Http) and not trigger.path.endswith("{proxy+}")
    }
    assert deployed == {name for name in OPERATIONS if not name[1].startswith("/api/")}


@pytest.mark.parametrize("case", SENT, ids=lambda case: case["case"])
def test_what_sdks_may_send_fits_its_description(case):
    content = DOCUMENT["paths"][f"/v1/{case['route']}"]["post"]["requestBody"]["content"]
    schema = {**content["application/json"]["schema"], "components": DOCUMENT["components"]}
    Draft202012Validator(schema).validate(case["body"])


def test_each_field_that_is_checked_of_a_message_is_described():
    kinds = [DOCUMENT["components"]["schemas"][kind.title()]["properties"] for kind in MODELS]
    SdkMessage.model_rebuild()
    aliases = [field.validation_alias for field in SdkMessage.model_fields.values()]
    # What lies deeper has a path for its alias, and stands in one of these.
    read = {alias for alias in aliases if isinstance(alias, str)}
    assert read | {"writeKey"} == {name for properties in kinds for name in properties}


def test_every_operation_says_what_it_is_for_in_one_sentence():
    for operation in OPERATIONS.values():
        assert operation["summary"] and ". " not in operation["summary"]


def test_the_document_names_the_states_and_kinds_that_there_are():
    assert get_args(FlowState) == get_args(flows.FlowState)
    assert get_args(MessageState) == get_args(messages.MessageState)


def test_each_path_finds_the_area_that_its_routes_are_in():
    assert {path.split("/")[2] for path in DOCUMENT["paths"] if path.startswith("/api/")} == set(api.AREAS)


def test_path_parameters_are_described():
    for (_, path), operation in OPERATIONS.items():
        described = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
        assert set(re.findall(r"{(\w+)}", path)) == described


def test_every_operation_says_what_it_answers_and_when_it_refuses():
    for (_, path), operation in OPERATIONS.items():
        assert "503" in operation["responses"]
        assert {"200", "202"} & operation["responses"].keys()
        assert ("401" in operation["responses"]) is (operation.get("security") != [])
        assert ("404" in operation["responses"]) or "{" not in path or path in ANYTHING_GOES


def test_references_lead_somewhere_and_every_schema_is_used():
    used = set(references(DOCUMENT))
    for reference in used:
        place = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
    parts = DOCUMENT["components"]
    assert used == {f"#/components/schemas/{name}" for name in parts["schemas"]}


def test_schemas_are_json_schema_of_2020_12_as_openapi_3_1_asks():
    assert DOCUMENT["openapi"] == "3.1.0"
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def content_of(method, path):
    return DOCUMENT["paths"][path][method]["requestBody"]["content"]


def kinds_of(schema):
    return [each["$ref"].rpartition(".")[2] for each in schema.get("oneOf", [schema])]


@pytest.mark.parametrize(
    ("method", "path", "kinds"),
    [
        ("put", "/api/definitions/{kind}/{id}", KINDS),
        ("post", "/api/segments/{id}/impact", ("segments",)),
        ("post", "/api/flows/{id}/impact", ("flows",)),
    ],
)
def test_the_text_of_a_definition_has_the_shape_of_its_kind_as_yaml_and_as_json(method, path, kinds):
    content = content_of(method, path)
    assert list(kinds) == kinds_of(content["application/json"]["schema"])
    assert {"application/json", "application/yaml", "text/yaml", "text/plain"} == set(content)
    for text in (content["application/yaml"], content["text/yaml"], content["text/plain"]):
        assert ("string", "application/yaml") == (text["schema"]["type"], text["schema"]["contentMediaType"])
        assert content["application/json"]["schema"] == text["schema"]["contentSchema"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_is_shipped_fits_the_schema_of_one_kind(path):
    schemas = content_of("put", "/api/definitions/{kind}/{id}")["application/json"]["schema"]["oneOf"]
    body = plain(read(path.read_text()).body)
    fitting = [
        kinds_of(schema)[0]
        for schema in schemas
        if Draft202012Validator({**schema, "components": DOCUMENT["components"]}).is_valid(body)
    ]
    assert [path.parent.name] == fitting


def asked(method, path):
    answer = api.handler(gateway(method, path), CONTEXT)
    return answer["statusCode"], answer["headers"].get("allow"), json.loads(answer["body"])


@pytest.mark.parametrize("method", ["POST", "HEAD", "OPTIONS", "PATCH"])
def test_a_wrong_method_names_the_right_ones_before_a_token_is_asked_for(method):
    status, allow, answer = asked(method, "/api/definitions/segments/vip")
    assert (405, "DELETE, GET, PUT", "method_not_allowed") == (status, allow, answer["error"])
    assert "this path takes DELETE, GET, PUT" == answer["faults"][0]["message"]


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/nothing", "/api/profiles/a/b/c", "/api/definitions/segments/a/b", "/", "//"]
)
def test_a_wrong_path_is_told_of_the_document(path):
    status, _, answer = asked("GET", path)
    assert (404, "not_found") == (status, answer["error"])
    assert "openapi.json" in answer["faults"][0]["message"]


def test_an_answer_does_not_load_what_describes_the_api():
    asked = gateway("GET", "/api/profiles/x/events", b"")
    code = f"""if True:
        import sys
        from functions.handlers import api
        from tests.lambda_context import CONTEXT
        assert 401 == api.handler({asked!r}, CONTEXT)["statusCode"]
        print([name for name in sys.modules if "event_handler.openapi.p" in name or "routes.seg" in name])
    """
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]" == ran.stdout.strip()


def test_the_api_starts_without_the_libraries_that_only_publishing_needs():
    heavy = ("lark", "yaml", "liquid", "babel", "mjml", "css_inline", "html2text", "jwt")
    code = f"import sys, functions.handlers.api; print([name for name in {heavy} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]" == ran.stdout.strip()
