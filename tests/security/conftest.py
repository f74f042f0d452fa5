"""The in-process host, as for flow tests."""

from tests.flow.conftest import bare, host

__all__ = ["bare", "host"]
