"""A visitor says yes twice in the shop's page, is asked once by e-mail, and confirms it two hours later."""

from typing import Any

from tests.flow.crash_stories.people import PeopleStory
from tests.flow.fault_injection import insist
from tests.flow.host import Host
from tests.flow.shop import identify

FORM = {"content-type": "application/x-www-form-urlencoded"}


class Confirmation(PeopleStory):
    """The one e-mail that no flow sends, and the link in it."""

    functions: tuple[str, ...] = ("fold", "send", "preferences")

    def play(self, host: Host, turn: int) -> None:
        ann, device = self.cast.ann, f"device-{self.cast.ann.number}"
        for _ in range(2):
            said = identify(anonymous=device, email=ann.email, consent="subscribed")
            insist(host.segment, "identify", said, key="write_key")
        host.clock.advance("2h")
        link = "/confirm/" + self._mails(host)[0]["text"].partition("/confirm/")[2].split()[0]
        insist(host.request, "POST", link, b"action=confirm", FORM)
        host.clock.advance("1h")

    def outcome(self, host: Host, turn: int) -> dict[str, Any]:
        """How many e-mails she got, what the ledger has of them, and what she confirmed."""
        mails = self._mails(host)
        rows = [row for row in host.inner.rows("messages", 1000) if row["pk"]["S"] == mails[0]["profile"]]
        logged = [str(row) for row in host.inner.rows("log", 5000)]
        confirmed = sum("Consent Confirmed" in row and self.cast.ann.email in row for row in logged)
        asked = {"asked": len(mails), "rows": [row["state"]["S"] for row in rows], "confirmed": confirmed}
        return {**super().outcome(host, turn), **asked}

    def _mails(self, host: Host) -> list[dict[str, Any]]:
        return [mail for mail in host.mailbox() if mail["to"] == self.cast.ann.email]
