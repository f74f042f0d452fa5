"""Ann unsubscribes by the link in the first reminder, which the second therefore never follows; then she comes back."""

from typing import Any

from tests.flow.crash_stories.people import PeopleStory
from tests.flow.fault_injection import insist
from tests.flow.host import Host
from tests.flow.shop import checkout, customer

FORM = {"content-type": "application/x-www-form-urlencoded"}


class Choice(PeopleStory):
    """The link in a mail, used twice."""

    functions = ("preferences",)

    def play(self, host: Host, turn: int) -> None:
        ann, number = self.cast.ann, self.cast.ann.number
        insist(host.webhook, "customers/create", customer(ann, consent="subscribed"), event_id=f"a{number}")
        left = checkout(f"shop-checkout-{number}", ann, cart=f"shop-cart-{number}")
        insist(host.webhook, "checkouts/create", left, event_id=f"b{number}")
        host.clock.advance("70m")
        link = "/u/" + host.mailbox()[-1]["text"].partition("/u/")[2].split()[0]
        insist(host.request, "POST", link, b"List-Unsubscribe=One-Click", FORM)
        host.clock.advance("2d")
        insist(host.request, "POST", link, b"action=subscribe", FORM)
        host.clock.advance("1h")

    def outcome(self, host: Host, turn: int) -> dict[str, Any]:
        """What she said is in the log once."""
        rows = [str(row) for row in host.inner.rows("log", 1000)]
        hers = [row for row in rows if f"email:{self.cast.ann.email}" in row]
        said = {name: sum(name in row for row in hers) for name in ("Email Unsubscribed", "Email Resubscribed")}
        return {**super().outcome(host, turn), "said": said}
