"""One implementation of the ports after the other, empty for each test: the fakes, and two AWS with everything the
topology names."""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from functions.adapters.clients import Clients
from functions.core.ports import Ports
from local.aws.resources import create, create_sender
from tests import aws
from tests.aws import Aws
from tests.contract.outside import SHARDS, AwsOutside, FakeOutside, Outside


@pytest.fixture(scope="session")
def ministack_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    executable = aws.ministack_executable()
    if executable is None:
        pytest.skip("MiniStack is not installed: set SEGUE_MINISTACK or make .venv-ministack")
    with aws.ministack(executable, tmp_path_factory.mktemp("ministack")) as url:
        yield Aws("ministack", Clients(**aws.options_of(url)), url)


@pytest.fixture(scope="session")
def moto_aws() -> Aws:
    return Aws("moto", Clients(region_name=aws.REGION, aws_access_key_id="test", aws_secret_access_key="test"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test on every implementation; in fakes, one that looks past the ports has no AWS to look at."""
    if "implementation" in metafunc.fixturenames:
        fakes = [] if {"place", "environment"} & set(metafunc.fixturenames) else ["fakes"]
        metafunc.parametrize("implementation", [*fakes, "moto", "ministack"])


@pytest.fixture
def place(implementation: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    """An empty AWS."""
    for name, value in aws.MOTO.items():
        monkeypatch.setenv(name, value)
    found: Aws = request.getfixturevalue(f"{implementation}_aws")
    if found.url:
        aws.reset(found.url)
        yield found
    else:
        with mock_aws():
            yield found


@pytest.fixture
def environment(place: Aws) -> dict[str, str]:
    """Everything that the topology names, created at the place."""
    places = create(place.clients.get, values={"write-key": "first"})
    create_sender(place.clients.get, aws.SENDER, aws.CONFIGURATION_SET)
    return {**places, "DUE_SHARDS": str(SHARDS), "CONFIGURATION_SET": aws.CONFIGURATION_SET}


@pytest.fixture
def outside(implementation: str, request: pytest.FixtureRequest) -> Outside:
    """The ports, and what the rest of the world sees of them."""
    if implementation == "fakes":
        return FakeOutside()
    return AwsOutside(request.getfixturevalue("place"), request.getfixturevalue("environment"))


@pytest.fixture
def ports(outside: Outside) -> Ports:
    return outside.ports
