"""What the adapters call at AWS, and which of it writes, by their code and the SDK's service models."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from botocore import xform_name
from botocore.model import ServiceModel
from botocore.session import Session

from infra import trim

ADAPTERS = Path(__file__).parent.parent / "functions/adapters"
# Powertools calls this for us.
BY_LIBRARIES = {"secrets.py": {"get_secret_value"}}
# No model of these services marks its reads, so they are told by their names; anything else counts as a write.
_READ = re.compile(r"(Batch|Transact)?(Get|List|Describe|Query|Scan)(?![a-z])")


class Operation(NamedTuple):
    """An operation by the SDK's names: ("dynamodb", "PutItem")."""

    service: str
    name: str

    def __str__(self) -> str:
        return f"{self.service} {self.name}"


@cache
def models() -> dict[str, ServiceModel]:
    """The service models of everything that a function may be granted."""
    session = Session()
    return {name: session.get_service_model(name) for name in sorted(trim.services())}


def writes(operation: Operation) -> bool:
    """True unless the operation is sure to leave everything as it is."""
    method = models()[operation.service].operation_model(operation.name).http["method"]
    return method not in ("GET", "HEAD") and not _READ.match(operation.name)


@cache
def calls() -> dict[str, frozenset[Operation]]:
    """The operations that each file of the adapters calls, by its path; files that call none are left out."""
    files = {path.relative_to(ADAPTERS).as_posix(): path for path in ADAPTERS.rglob("*.py")}
    methods = {name: BY_LIBRARIES.get(name, set()) | set(_client_methods(path)) for name, path in files.items()}
    return {name: frozenset(map(_operation, several)) for name, several in sorted(methods.items()) if several}


def called() -> frozenset[Operation]:
    """Every operation that the adapters call."""
    return frozenset().union(*calls().values())


def _client_methods(path: Path) -> Iterator[str]:
    """The methods of ``self._client`` that the file names."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "_client":
            yield node.attr


def _operation(method: str) -> Operation:
    """The one operation that a client's method calls; raises ValueError if several services have it, or none."""
    (found,) = (
        Operation(service, name)
        for service, model in models().items()
        for name in model.operation_names
        if xform_name(name) == method
    )
    return found
