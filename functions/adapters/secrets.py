"""Secrets Manager through Powertools' parameters, with a cache."""

import json
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.parameters import GetParameterError, SecretsProvider

from functions.adapters.errors import translate

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

_REMEMBERED = 300
# A flood of wrong signatures must not become a flood of calls.
_APART = 10


class SecretsManager:
    """Secrets by their names in the topology; ``place`` maps one to its ARN, ``given`` says whether there is one.

    ``clock`` is the time in seconds.
    """

    def __init__(
        self,
        client: "Callable[[], SecretsManagerClient]",
        place: Callable[[str], str],
        given: Callable[[str], bool],
        clock: Callable[[], int],
    ) -> None:
        self._new_client = client
        self._place = place
        self._given = given
        self._clock = clock
        self._read_at: dict[str, int] = {}

    @cached_property
    def _provider(self) -> "_AcceptedValues":
        return _AcceptedValues(boto3_client=self._new_client())

    def has(self, name: str) -> bool:
        """True if this function was given the secret."""
        return self._given(name)

    def get(self, name: str) -> tuple[str, ...]:
        """The values that are accepted now: the current one, then the previous one during a rotation."""
        return self._values(name, force=False)

    def refresh(self, name: str) -> tuple[str, ...]:
        """Read the secret again, unless that was done within ten seconds; return its accepted values."""
        read = self._read_at.get(name)
        return self._values(name, force=read is None or not 0 <= self._clock() - read < _APART)

    def _values(self, name: str, *, force: bool) -> tuple[str, ...]:
        place, before = self._place(name), self._provider.reads
        try:
            values = self._provider.get(place, max_age=_REMEMBERED, force_fetch=force, transform="json")
        except GetParameterError as error:
            # Raised in place of the SDK's error, which it keeps as its context only.
            reason = error.__context__
            raise translate(f"read secret {name}", reason if isinstance(reason, Exception) else error) from None
        if self._provider.reads > before:
            self._read_at[name] = self._clock()
        return tuple(map(str, values or ()))


class _AcceptedValues(SecretsProvider):
    """A secret's current and previous version as one value, a JSON list; ``reads`` counts how often one was read.

    The cache of a provider knows a secret by its name alone: read one by one, the versions would overwrite each other.
    """

    reads = 0

    def _get(self, name: str, **_options: Any) -> str:
        current = super()._get(name, VersionStage="AWSCURRENT")
        try:
            previous = super()._get(name, VersionStage="AWSPREVIOUS")
        except self.client.exceptions.ResourceNotFoundException:
            previous = current
        self.reads += 1
        return json.dumps(list(dict.fromkeys([str(current), str(previous)])))
