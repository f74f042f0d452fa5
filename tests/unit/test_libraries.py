"""Which libraries each part of the project may import, and what an invocation does not load."""

import re
import subprocess
import sys

import pytest

from tests.unit.sources_read import ROOT, imported, is_ours, modules

# Where models of pydantic are: of payloads and of definitions.
MODELS = {
    "functions/sources",
    "functions/core/base/model",
    "functions/core/segments/language/condition_field.py",
    "functions/core/segments/language/event_fields.py",
    "functions/core/segments/language/span_field.py",
    "functions/core/scores/rule_field.py",
    "functions/core/flows/step_models.py",
    "functions/core/definitions",
}
# What the core may import beside the standard library, by the part of it that does.
LIBRARIES = {
    "yaml": {f"functions/core/definitions/{name}.py" for name in ("yaml_text", "scalar_position", "document")},
    "lark": {"functions/core/segments/language"},
    "liquid": {"functions/core/messages"},
    "babel": {"functions/core/messages"},
    "markupsafe": {"functions/core/messages"},
    "mjml": {"functions/core/definitions/template_body.py"},
    "jwt": {"functions/core/base/tokens.py"},
    "jmespath": {"functions/core/mappings"},
    "pydantic": MODELS,
    "pydantic_core": MODELS,
    "cryptography": {"functions/core/messages/sealed.py"},
}
SDK = {"boto3", "botocore"}


@pytest.mark.parametrize(
    "room", ["functions/core", "functions/sources", "functions/destinations", "functions/usecases"]
)
def test_what_decides_imports_the_standard_library_and_named_libraries_only(room):
    for path in modules(room):
        where = path.relative_to(ROOT).as_posix()
        for name in imported(path):
            top = name.partition(".")[0]
            if is_ours(name) or top in sys.stdlib_module_names:
                continue
            assert any(where.startswith(place) for place in LIBRARIES.get(top, ())), f"{where} imports {name}"


# What the command line may import beside the standard library, by the part of it that does; typer's annotations are
# everywhere.
OF_THE_CLI = {
    "typer": {""},
    "rich": {"drawing.py", "app.py"},
    "httpx": {"client.py"},
    "boto3": {"aws.py"},
    "botocore": {"aws.py"},
    # Of the extra `count`, where it is installed.
    "polars": {"imports/parquet.py"},
}


def test_the_command_line_speaks_http_and_draws_in_one_place_each():
    for path in modules("cli"):
        where = path.relative_to(ROOT / "cli").as_posix()
        for name in imported(path):
            top = name.partition(".")[0]
            if is_ours(name) or top in sys.stdlib_module_names:
                continue
            assert any(where.startswith(place) for place in OF_THE_CLI.get(top, ())), f"{where} imports {name}"


def test_only_adapters_and_wiring_know_the_sdk():
    for path in modules("functions"):
        if SDK & {name.partition(".")[0] for name in imported(path)}:
            assert path.is_relative_to(ROOT / "functions/adapters"), path


def test_only_handlers_adapters_and_telemetry_know_powertools():
    for path in modules("functions"):
        if "aws_lambda_powertools" in {name.partition(".")[0] for name in imported(path)}:
            where = path.relative_to(ROOT / "functions").parts[0]
            assert where in ("handlers", "adapters", "telemetry.py"), path


def test_adapters_know_of_botocore_no_more_than_its_errors_its_configuration_and_how_it_reads_rows():
    found = {
        (path.name, name)
        for path in modules("functions/adapters")
        for name in imported(path)
        if name.startswith("botocore")
    }
    parsing = {"botocore.session", "botocore.parsers.JSONParser", "botocore.parsers.ResponseParserFactory"}
    assert {("clients.py", "botocore.config.Config"), *(("answers.py", each) for each in parsing)} == {
        each for each in found if each[0] != "errors.py"
    }
    modules_of_errors = {name.rpartition(".")[0] for where, name in found if where == "errors.py"}
    assert {"botocore.exceptions", "botocore.parsers"} == modules_of_errors


@pytest.mark.parametrize("room", ["functions", "infra", "local", "cli", "batch", "bench", "tests"])
def test_clients_are_made_by_boto3_everywhere(room):
    session = re.compile(r"^\s*(import botocore\.session|from botocore(\.session)? import .*session)", re.MULTILINE)
    # Its session is boto3's: answers.py tells it how rows are read.
    allowed = {ROOT / "functions/adapters/answers.py", ROOT / "tests/unit/test_aws_answers.py"}
    assert [] == [path for path in modules(room) if path not in allowed and session.search(path.read_text())]


@pytest.mark.parametrize("room", ["functions/core", "functions/usecases", "functions/sources"])
def test_what_decides_reads_no_clock_and_no_environment(room):
    for path in modules(room):
        assert not {"time", "os", "logging"} & {name.partition(".")[0] for name in imported(path)}, path
        source = path.read_text()
        assert "datetime.now" not in source and "utcnow" not in source, path


@pytest.mark.parametrize(
    "name", ["collect", "fold", "wake", "react", "tick", "feedback", "send", "backfill", "erase", "deliver", "refold"]
)
def test_what_every_event_passes_loads_no_parser_and_no_renderer(name):
    # pydantic is let in: every function reads its settings by it, which docs/decisions gives in milliseconds.
    heavy = {"lark", "yaml", "liquid", "babel", "mjml", "jwt", "functions.core.mappings.expression"}
    heavy |= {"functions.core.base.model", "functions.core.flows.step_models", "functions.core.definitions.loading"}
    ruleset = subprocess.run(
        [sys.executable, "-c", f"import sys, functions.handlers.{name}; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert not heavy & set(ruleset)


RECORDS = """
import sys
from functions.core.definitions.kinds import KINDS
from functions.core.definitions.records import Definition
from functions.core.definitions.registry import sentence
from functions.core.definitions.ruleset import load
bodies = {
    "segments": {"when": {"op": "did", "events": [{"named": "bought"}]}},
    "flows": {"id": "f", "start": {"events": ["X"]}, "goal": [], "steps": [{"do": "wait", "span": 1}]},
    "scores": {"id": "f", "name": "F", "rules": [{"points": 1, "per": {"events": ["X"]}}], "tiers": {}},
    "events": {"any of": ["X"]}, "templates": {}, "rates": {"base": "EUR", "rates": {}},
    "sources": {"events": [{"event": "X"}]},
}
assert set(KINDS) == set(bodies)
there = [Definition(kind, "f", 1, "", {"id": "f"} | body, "", 0) for kind, body in bodies.items()]
load(there)
print(*sys.modules)
print(*(name for each in there for name in sentence(each)), *sys.modules)
"""


def test_compiling_definitions_loads_no_record_of_a_kind_and_a_sentence_loads_no_model():
    done = subprocess.run([sys.executable, "-c", RECORDS], cwd=ROOT, capture_output=True, text=True, check=True)
    compiled, sentences = (set(line.split()) for line in done.stdout.splitlines())
    assert not {name for name in compiled if name.startswith("functions.core.definitions.kinds.")}
    assert "sentence" in sentences
    assert not {"lark", "yaml", "liquid", "mjml", "pydantic"} & (compiled | sentences)


@pytest.mark.parametrize("name", ["fold", "wake", "react", "send", "backfill", "refresh", "erase", "deliver", "refold"])
def test_a_batch_is_handled_without_a_model_for_every_event_of_aws(name):
    """Powertools' batches import them all (150 ms) if pydantic has been imported before them."""
    program = f"import sys, functions.handlers.{name}; print('aws_lambda_powertools.utilities.parser' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "False" == found.stdout.strip()


@pytest.mark.parametrize("source", ["shopify", "woocommerce", "stripe", "segment", "ses"])
def test_the_first_body_of_a_source_loads_its_models_and_no_other_ones(source):
    program = f"""
import sys
from functions.core.base.errors import NotUnderstood, Refused
from functions.core.base.translation import Request
from functions.sources import SOURCES
def loaded():
    names = [name.split(".") for name in sys.modules if name.startswith("functions.sources.")]
    return {{name[2] for name in names if "models" in name}}
print(*loaded(), "pydantic" in sys.modules)
try:
    body = b'{{"id": "evt_1", "type": "charge.refunded", "created": 1}}'
    headers = {{"x-shopify-topic": "orders/create", "x-wc-webhook-topic": "order.updated"}}
    SOURCES["{source}"].translate(Request(body, headers, "track"))
except (NotUnderstood, Refused):
    print(*loaded())
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert f"False\n{source}\n" == done.stdout
