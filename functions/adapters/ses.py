"""E-mail through SES v2."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from functions.adapters.errors import translated
from functions.core.messages.pace import Allowance

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sesv2.type_defs import SendEmailRequestTypeDef


class SesMailer:
    """Hands complete MIME messages to SES; its client never retries."""

    def __init__(self, client: "Callable[[], SESV2Client]", configuration_set: str) -> None:
        self._new_client = client
        self._configuration_set = configuration_set

    @cached_property
    def _client(self) -> "SESV2Client":
        return self._new_client()

    def send(self, raw: bytes, tags: Mapping[str, str]) -> str:
        """Send the message; return SES's message id.

        Raises SendRefused if it was refused for good, OutcomeUnknown if it may have been sent, and another Unavailable
        if it was not sent.
        """
        request: SendEmailRequestTypeDef = {
            "Content": {"Raw": {"Data": raw}},
            "EmailTags": [{"Name": name, "Value": value} for name, value in tags.items()],
        }
        if self._configuration_set:
            request["ConfigurationSetName"] = self._configuration_set
        with translated("send e-mail"):
            return self._client.send_email(**request)["MessageId"]

    def allowance(self) -> Allowance:
        """What SES allows the account, and how much it has sent of that; raises Unavailable."""
        with translated("get account"):
            account = self._client.get_account()
        quota = account.get("SendQuota", {})
        # SES says -1 where there is no bound.
        per_day = int(quota.get("Max24HourSend", -1))
        return Allowance(
            rate=max(1, int(quota.get("MaxSendRate", 1))),
            per_day=per_day if per_day >= 0 else None,
            sent=int(quota.get("SentLast24Hours", 0)),
            is_sending=account.get("SendingEnabled", True),
        )
