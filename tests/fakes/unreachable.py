"""AWS on a bad day."""

from typing import Any

from functions.core.base.errors import Unavailable


class Unreachable:
    """Any port, whose every call fails."""

    def __getattr__(self, name: str) -> Any:
        def fail(*_args: object, **_kwargs: object) -> None:
            raise Unavailable(name, "ServiceUnavailable")

        return fail
