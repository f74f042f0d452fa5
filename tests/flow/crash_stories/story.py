"""A story that is told again and again in one shop, while one function is struck after each of its writes in turn."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any
from unittest import mock

from functions.adapters.dynamodb.people import DynamoPeople
from local.runtime.invoke import LambdaContext
from tests.flow.fault_injection import Faults, world
from tests.flow.host import Host


class Story:
    """What happens in the shop, with other people at every turn; ``functions`` are those that are struck in it.

    Profiles are read in pages of ``page``, and whatever goes through everybody stops after each page.
    """

    functions: tuple[str, ...]
    page = 4

    def prepare(self, host: Host) -> None:
        """What the shop needs before the first turn."""

    def begin(self, host: Host, turn: int) -> None:
        """What happens in a turn before anything may be struck."""

    def play(self, host: Host, turn: int) -> None:
        """What happens while the function may be struck; senders send again until they have an answer."""
        raise NotImplementedError

    def outcome(self, host: Host, turn: int) -> dict[str, Any]:
        """Everything that must be as if nothing had happened, in words that fit any turn."""
        raise NotImplementedError


def retell(story: Story, function: str, blow: type[BaseException]) -> None:
    """Tell the story undisturbed, then once for each write of the function, struck after it: its end stays the same."""
    faults, expected = Faults(function, blow=blow), None
    with _shop(story, faults) as host:
        for turn in count():
            found = _tell(story, host, faults, turn)
            expected = expected or found
            differences = {name: (expected[name], found[name]) for name in found if expected[name] != found[name]}
            assert differences == {}, (
                f"{blow.__name__} after write {turn} of {function}, {faults.struck}: {differences}"
            )
            if turn and not faults.struck:
                break
    assert turn > 1, f"{function} writes nothing"


def undisturbed(story: Story) -> tuple[dict[str, Any], Faults]:
    """The end of the story when nothing is struck, and what each function wrote in it."""
    faults = Faults()
    with _shop(story, faults) as host:
        return _tell(story, host, faults, 0), faults


@contextmanager
def _shop(story: Story, faults: Faults) -> Iterator[Host]:
    pages = mock.patch.object(DynamoPeople.pages, "__defaults__", (None, story.page))
    # Too little for one more page, and enough to begin with one more person, and for an answer.
    little_time = mock.patch.object(LambdaContext, "get_remaining_time_in_millis", lambda _: 45_000)
    with pages, little_time, world(faults) as host:
        story.prepare(host)
        yield host


def _tell(story: Story, host: Host, faults: Faults, turn: int) -> dict[str, Any]:
    story.begin(host, turn)
    faults.strike(turn)
    story.play(host, turn)
    return story.outcome(host, turn)


def unfinished(host: Host) -> dict[str, Any]:
    """What was given up, and what waits still."""
    return {
        "given up": [letter.message for letter in host.inner.failures.dead],
        "waiting": [name for name, waits in host.inner.scheduler.waiting().items() if waits],
    }
