"""The bill of materials says under which licence each package that is deployed comes, and refuses what cannot ship."""

import json
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import canonicalize_name

from scripts.sbom import LicenceRefused, main, with_licences
from tests.unit.test_packaging import PROJECT, ROOT, versions


@pytest.fixture(scope="module")
def bill(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    pytest.importorskip("cyclonedx_py", reason="cyclonedx-bom is not installed")
    path: Path = tmp_path_factory.mktemp("build") / "sbom.json"
    assert main(path, ROOT) == 0
    made: dict[str, Any] = json.loads(path.read_text())
    return made


def test_the_bill_of_materials_lists_what_ships_with_its_hashes(bill: dict[str, Any]) -> None:
    assert (PROJECT["name"], PROJECT["version"]) == tuple(
        bill["metadata"]["component"][key] for key in ("name", "version")
    )
    assert versions(ROOT / "requirements.txt") == {
        canonicalize_name(each["name"]): each["version"] for each in bill["components"]
    }
    assert all(each["externalReferences"][0]["hashes"] for each in bill["components"])


def test_every_package_that_ships_has_a_licence(bill: dict[str, Any]) -> None:
    assert [] == [each["name"] for each in bill["components"] if not each["licenses"]]


def test_the_bill_is_what_its_make_target_writes() -> None:
    assert "\t$(BIN)/python scripts/sbom.py build/sbom.json\n" in (ROOT / "Makefile").read_text()


def component(*licences: dict[str, Any], version: str = "1") -> dict[str, Any]:
    return {"components": [{"name": "Some_thing", "version": version, "licenses": list(licences)}]}


SHIPPED = {"components": [{"name": "some-thing", "version": "1"}]}


@pytest.mark.parametrize(
    "licence",
    [
        {"license": {"id": "AGPL-3.0-only"}},
        {"license": {"id": "GPL-2.0-or-later"}},
        {"license": {"name": "License :: OSI Approved :: GNU General Public License v3 (GPLv3)"}},
        {"license": {"name": "License :: OSI Approved :: GNU Affero General Public License v3"}},
        {"expression": "GPL-3.0-only OR AGPL-3.0-only"},
    ],
    ids=str,
)
def test_a_package_that_a_shop_may_not_ship_is_refused(licence: dict[str, Any]) -> None:
    with pytest.raises(LicenceRefused, match="some-thing 1: may not be shipped under"):
        with_licences(SHIPPED, component(licence))


@pytest.mark.parametrize(
    "licence",
    [
        {"license": {"id": "MIT"}},
        {"license": {"id": "LGPL-3.0-only"}},
        {"license": {"name": "License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)"}},
        {"expression": "Apache-2.0 OR GPL-2.0-only"},
    ],
    ids=str,
)
def test_a_package_that_may_be_shipped_keeps_its_licence(licence: dict[str, Any]) -> None:
    assert [licence] == with_licences(SHIPPED, component(licence))["components"][0]["licenses"]


@pytest.mark.parametrize("installed", [component(), component({"license": {"id": "MIT"}}, version="2"), {}], ids=str)
def test_a_package_without_a_known_licence_is_refused(installed: dict[str, Any]) -> None:
    with pytest.raises(LicenceRefused, match="declares no licence"):
        with_licences(SHIPPED, installed)
