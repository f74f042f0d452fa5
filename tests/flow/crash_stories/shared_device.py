"""Ben's sign-in on the device that Ann had used before him is told first: who has it is decided anew."""

from tests.flow.crash_stories.people import PeopleStory
from tests.flow.fault_injection import insist
from tests.flow.host import Host
from tests.flow.shop import customer, identify, track


class SharedDevice(PeopleStory):
    """Two people around one device, who are taken for one until the later sign-in is told."""

    functions = ("fold",)

    def play(self, host: Host, turn: int) -> None:
        cast = self.cast
        ann, ben, number = cast.ann, cast.ben, cast.ann.number
        device = f"device-{number}"
        host.clock.advance("1h")
        later = identify(user=f"ben-{number}", anonymous=device, email=ben.email, at=cast.begin + 600)
        insist(host.segment, "identify", later)
        left = track("Checkout Started", anonymous=device, cart_id=f"c-{number}", at=cast.begin + 700)
        insist(host.segment, "track", left)
        host.settle()
        first = identify(user=f"account-{number}", anonymous=device, email=ann.email, at=cast.begin)
        insist(host.segment, "identify", first)
        host.settle()
        insist(host.webhook, "customers/create", customer(ben), event_id=f"d{number}")
        host.clock.advance("3h")
