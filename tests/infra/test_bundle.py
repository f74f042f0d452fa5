"""What Lambda gets: the right wheels, byte code, and nothing that it does not need."""

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import botocore
import pytest
from botocore.regions import EndpointResolver

from functions.topology import FUNCTIONS
from infra import bundle, trim


@pytest.fixture(scope="module")
def asset() -> bundle.Asset:
    return bundle.build(bundle.lambda_target())


def _top(asset: bundle.Asset) -> set[str]:
    return {path.name for path in asset.path.iterdir()}


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_every_compiled_extension_is_for_arm64(asset: bundle.Asset) -> None:
    extensions = list(asset.path.rglob("*.so"))
    assert extensions
    for path in extensions:
        header = path.read_bytes()[:20]
        assert b"\x7fELF" == header[:4]
        assert 183 == int.from_bytes(header[18:20], "little"), f"{path} is not for AArch64"


def test_every_handler_is_in_it_and_nothing_else_of_the_project(asset: bundle.Asset) -> None:
    for row in FUNCTIONS:
        assert (asset.path / "functions" / "handlers" / f"{row.name}.py").is_file()
    assert not {"infra", "local", "cli", "batch", "tests", "definitions"} & _top(asset)


@pytest.mark.skipif(bundle.find_compiler() is None, reason="no interpreter of Lambda's version on this machine")
def test_the_byte_code_of_the_asset_is_used_without_a_look_at_the_source(asset: bundle.Asset) -> None:
    modules = [path for path in asset.path.rglob("*.py") if "functions" in path.parts]
    for path in modules:
        code = path.parent / "__pycache__" / f"{path.stem}.cpython-313.pyc"
        flags = int.from_bytes(code.read_bytes()[4:8], "little")
        assert 0b01 == flags, f"{code} is not unchecked"


def test_the_asset_carries_no_development_tools_and_only_the_services_and_languages_in_use(asset: bundle.Asset) -> None:
    assert not {"mypy_boto3_dynamodb", "pip", "pytest", "moto", "bin"} & _top(asset)
    services = {path.name for path in (asset.path / "botocore" / "data").iterdir() if path.is_dir()}
    assert trim.services() == services
    assert services >= {path.name for path in (asset.path / "boto3" / "data").iterdir()}
    languages = {path.stem.split("_")[0] for path in (asset.path / "babel" / "locale-data").glob("*.dat")}
    assert trim.LANGUAGES | {"root"} == languages


def test_the_endpoints_of_our_services_are_those_of_the_whole_list(asset: bundle.Asset) -> None:
    whole = json.loads((Path(botocore.__file__).parent / "data" / "endpoints.json").read_text())
    listed = json.loads((asset.path / "botocore" / "data" / "endpoints.json").read_text())
    resolvers = [EndpointResolver(each, uses_builtin_data=True) for each in (whole, listed)]
    regions = [region for each in whole["partitions"] for region in each["regions"]]
    assert len(json.dumps(listed)) * 20 < len(json.dumps(whole))
    for service in trim.services():
        name = boto3.client(service, region_name="eu-west-1").meta.service_model.endpoint_prefix
        for region in regions:
            expected, found = (resolver.construct_endpoint(name, region) for resolver in resolvers)
            assert expected == found, (service, region)


def test_the_asset_is_far_below_what_lambda_takes(asset: bundle.Asset) -> None:
    assert _size(asset.path) < 80_000_000


def test_unchanged_code_is_not_built_again(asset: bundle.Asset) -> None:
    built = asset.path.stat().st_ino
    assert asset == bundle.build(bundle.lambda_target())
    assert built == asset.path.stat().st_ino


def test_every_library_that_the_code_imports_is_shipped(asset: bundle.Asset) -> None:
    shipped = {path.stem.split(".")[0] for path in asset.path.iterdir()}
    for source in (bundle.ROOT / "functions").rglob("*.py"):
        for name in _imported(source):
            assert name in shipped or name in sys.stdlib_module_names, f"{source} imports {name}"


def _imported(source: Path) -> set[str]:
    found = set()
    for node in _executed(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def _executed(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes without those that are there for type checkers only."""
    if isinstance(node, ast.If) and "TYPE_CHECKING" == ast.unparse(node.test):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _executed(child)
