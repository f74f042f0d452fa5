"""What SES allows the account, which moto does not know: it refuses what is too fast or too much, as SES does."""

import json
from collections import deque

from moto.core.exceptions import JsonRESTError

from local.runtime.clock import now

_DAY = 86_400


class TooMany(JsonRESTError):  # type: ignore[misc]  # moto is not followed by mypy
    """SES takes no more of this second, or of this day."""

    code = 429

    def __init__(self, message: str) -> None:
        super().__init__("TooManyRequestsException", message)
        self.description = json.dumps({"message": message, "__type": "TooManyRequestsException"})


class SesAccount:
    """An account with its limits: messages a second, and in 24 hours, -1 for no bound.

    ``refused`` is how many messages were above them.
    """

    def __init__(self) -> None:
        self.rate, self.per_day = 1_000_000, -1
        self.refused = 0
        self._sent: deque[int] = deque()

    def count(self) -> None:
        """Count a message; raises TooMany, and counts nothing, if it is above the limits."""
        if 0 <= self.per_day <= self._of_a_day():
            self._refuse("Daily message quota exceeded.")
        if self.rate <= sum(at == now() for at in self._sent):
            self._refuse("Maximum sending rate exceeded.")
        self._sent.append(now())

    def described(self) -> str:
        """The body of the answer to GetAccount."""
        quota = {"Max24HourSend": self.per_day, "MaxSendRate": self.rate, "SentLast24Hours": self._of_a_day()}
        said = {"SendQuota": quota, "SendingEnabled": True, "ProductionAccessEnabled": self.per_day != 200}
        return json.dumps(said)

    def _of_a_day(self) -> int:
        while self._sent and self._sent[0] <= now() - _DAY:
            self._sent.popleft()
        return len(self._sent)

    def _refuse(self, message: str) -> None:
        self.refused += 1
        raise TooMany(message)
