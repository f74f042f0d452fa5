"""Secrets Manager, remembered for a while."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from functions.adapters.errors import translated

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

_REMEMBERED = 300
# A flood of wrong signatures must not become a flood of calls.
_APART = 10


class SecretsManager:
    """Secrets by the names of the topology; ``place`` gives a secret's ARN, ``clock`` the time in seconds."""

    def __init__(
        self, client: "Callable[[], SecretsManagerClient]", place: Callable[[str], str], clock: Callable[[], int]
    ) -> None:
        self._new_client = client
        self._place = place
        self._clock = clock
        self._known: dict[str, tuple[int, tuple[str, ...]]] = {}

    @cached_property
    def _client(self) -> "SecretsManagerClient":
        return self._new_client()

    def get(self, name: str) -> tuple[str, ...]:
        """The values that are accepted now: the current one, then the previous one during a rotation."""
        return self._younger(name, _REMEMBERED)

    def refresh(self, name: str) -> tuple[str, ...]:
        """The same, read again unless that was done within ten seconds."""
        return self._younger(name, _APART)

    def _younger(self, name: str, age: int) -> tuple[str, ...]:
        now = self._clock()
        read, values = self._known.get(name, (None, ()))
        if read is None or not 0 <= now - read < age:
            values = self._read(name)
            self._known[name] = (now, values)
        return values

    def _read(self, name: str) -> tuple[str, ...]:
        with translated(f"read secret {name}"):
            current = self._value(name, "AWSCURRENT")
            try:
                previous = self._value(name, "AWSPREVIOUS")
            except self._client.exceptions.ResourceNotFoundException:
                return (current,)
        return (current, previous) if previous != current else (current,)

    def _value(self, name: str, stage: str) -> str:
        return self._client.get_secret_value(SecretId=self._place(name), VersionStage=stage)["SecretString"]
