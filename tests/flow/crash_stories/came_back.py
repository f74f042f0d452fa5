"""Ann had said no and was erased. An old webhook is delivered once more, and then she orders anew.

The old one leaves nothing, and her no holds for the person who is new.
"""

import json
from typing import Any

from tests.flow.crash_stories.people import PeopleStory
from tests.flow.fault_injection import insist
from tests.flow.host import Host
from tests.flow.shop import customer, order, redact


class CameBack(PeopleStory):
    """What fold takes out of the log again, and what it writes into it.

    An erasure that is repeated ends later, and so does what it marks: it is struck in a story of its own.
    """

    functions = ("fold",)

    def begin(self, host: Host, turn: int) -> None:
        super().begin(host, turn)
        self.told = customer(self.cast.ann, consent="unsubscribed")
        host.webhook("customers/create", self.told)
        host.clock.advance("1m")

    def play(self, host: Host, turn: int) -> None:
        insist(host.webhook, "customers/redact", redact(self.cast.ann))
        host.clock.advance("1h")
        insist(host.webhook, "customers/create", self.told)
        host.clock.advance("1h")
        ann = {**customer(self.cast.ann), "email_marketing_consent": None}
        number = 5_000_000 + self.cast.ann.number
        insist(host.webhook, "orders/create", {**order(number, self.cast.ann), "customer": ann})
        host.clock.advance("1h")

    def outcome(self, host: Host, turn: int) -> dict[str, Any]:
        """Her profile, and what the log has of her."""
        found = super().outcome(host, turn)
        rows = [json.dumps(row, default=str) for row in host.inner.rows("log", 10_000)]
        return {**found, "rows": sum(self.cast.ann.email in row for row in rows)}
