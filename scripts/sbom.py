"""Write the bill of materials of what is deployed: ``sbom.py build/sbom.json``, as CycloneDX.

Packages, versions and hashes are those of requirements.txt; the licence of each is what the installed package declares.
A package that declares none, or one under which a shop may not ship it with code of its own, is refused.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Bill = dict[str, Any]
# Who deploys code linked with these has to publish it (AGPL: even who only serves it).
FORBIDDEN = re.compile(r"(?<!L)(?<!Lesser )\b(A?GPL|(GNU )?(Affero )?General Public License)", re.IGNORECASE)


class LicenceRefused(Exception):
    """A package cannot be shipped by its licence, or says none."""


def with_licences(shipped: Bill, installed: Bill) -> Bill:
    """Return the bill of what is shipped, with the licences of the installed packages; raises LicenceRefused."""
    declared = {_address(each): each.get("licenses", []) for each in installed.get("components", ())}
    components = [{**each, "licenses": declared.get(_address(each), [])} for each in shipped["components"]]
    wrong = [f"{each['name']} {each['version']}: {why}" for each in components if (why := refused(each["licenses"]))]
    if wrong:
        raise LicenceRefused("; ".join(wrong))
    return {**shipped, "components": components}


def refused(licences: Iterable[Mapping[str, Any]]) -> str:
    """Return why a package with these licences may not be shipped, or nothing; of ``A OR B`` one may be chosen."""
    names = [_name(each) for each in licences]
    if not names:
        return "declares no licence, or another version is installed"
    closed = [name for name in names if all(FORBIDDEN.search(each) for each in re.split(r"\s+OR\s+", name))]
    return f"may not be shipped under {', '.join(closed)}" if closed else ""


def _name(licence: Mapping[str, Any]) -> str:
    of = licence.get("license", {})
    return str(licence.get("expression") or of.get("id") or of.get("name") or "")


def _address(component: Mapping[str, Any]) -> tuple[str, str]:
    return re.sub(r"[-_.]+", "-", str(component["name"])).lower(), str(component.get("version"))


def _cyclonedx(*arguments: str) -> Bill:
    command = [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", *arguments, "--output-reproducible", "-o", "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    bill: Bill = json.loads(done.stdout)
    return bill


def main(path: Path, root: Path) -> int:
    """Write the bill; 1 if a package cannot be shipped."""
    shipped = _cyclonedx("requirements", str(root / "requirements.txt"), "--pyproject", str(root / "pyproject.toml"))
    try:
        bill = with_licences(shipped, _cyclonedx("environment", sys.executable))
    except LicenceRefused as refusal:
        print(f"sbom: {refusal}", file=sys.stderr)
        return 1
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{json.dumps(bill, indent=2)}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(__file__).resolve().parents[1]))
