"""One implementation in memory of each port, which the contract suite holds to what the adapters do."""

from tests.fakes.ports import FakePorts as FakePorts
from tests.fakes.unreachable import Unreachable as Unreachable
