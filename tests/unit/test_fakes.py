"""Every port has one fake, which takes whatever the port takes; tests/contract holds both to the same answers."""

import inspect
from collections.abc import Iterator
from typing import Any, get_type_hints

import pytest

from functions.core import ports
from tests.fakes import FakePorts

# The buckets of the rate limits are memory of the process, not a port to anything outside.
PORTS = {
    name: value.fget for name, value in vars(ports.Ports).items() if isinstance(value, property) and name != "rates"
}


def methods(port: type) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in vars(port).items() if inspect.isfunction(value) and name[0] != "_")


def parameters(function: Any) -> list[tuple[str, Any, Any]]:
    """Name, kind and default; mypy compares their types, which may stand there as text."""
    return [(each.name, each.kind, each.default) for each in inspect.signature(function).parameters.values()]


@pytest.mark.parametrize("name", PORTS)
def test_a_fake_has_every_method_of_its_port_with_the_same_parameters(name: str) -> None:
    port, fake = get_type_hints(PORTS[name])["return"], getattr(FakePorts(), name)
    asked = dict(methods(port))
    assert asked
    for method, function in asked.items():
        expected = parameters(function)[1:]
        assert expected == parameters(getattr(fake, method)), f"{name}.{method}"


def test_there_is_one_fake_for_each_port() -> None:
    assert PORTS.keys() | {"settings", "rates"} == FakePorts.__dataclass_fields__.keys() | {
        "erasures",
        "declared_sources",
    }
