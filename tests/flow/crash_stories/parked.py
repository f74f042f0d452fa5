"""Ann says yes in the shop's page while the program fails at her; then what was parked is folded again."""

from tests.flow.crash_stories.confirmation import FORM, Confirmation
from tests.flow.fault_injection import insist
from tests.flow.host import Host
from tests.flow.shop import identify
from tests.poison import poisoned


class Parked(Confirmation):
    """What is brought back from the dead letters, and folded from the log."""

    functions = ("api", "refold")

    def begin(self, host: Host, turn: int) -> None:
        super().begin(host, turn)
        ann, device = self.cast.ann, f"device-{self.cast.ann.number}"
        with poisoned(KeyError("a fault of the program"), f"anonymous_id:{device}", f"email:{ann.email}"):
            host.segment("identify", identify(anonymous=device, email=ann.email, consent="subscribed"), key="write_key")
            host.settle()

    def play(self, host: Host, turn: int) -> None:
        # What was received by somebody who died is hidden for a while from whoever asks at once.
        for _ in range(2):
            insist(host.api, "POST", "refolds", {"parked": True})
            host.clock.advance("2m")
        host.clock.advance("2h")
        link = "/confirm/" + self._mails(host)[0]["text"].partition("/confirm/")[2].split()[0]
        insist(host.request, "POST", link, b"action=confirm", FORM)
        host.clock.advance("1h")
