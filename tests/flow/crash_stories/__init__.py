"""The stories in which functions are killed; each function that writes is struck in one of them at least."""

from tests.flow.crash_stories.bus_away import BusAway
from tests.flow.crash_stories.came_back import CameBack
from tests.flow.crash_stories.checkout import Checkout
from tests.flow.crash_stories.choice import Choice
from tests.flow.crash_stories.confirmation import Confirmation
from tests.flow.crash_stories.edit import Edit
from tests.flow.crash_stories.erasure import Erasure
from tests.flow.crash_stories.night import Night
from tests.flow.crash_stories.parked import Parked
from tests.flow.crash_stories.question import QuestionStory
from tests.flow.crash_stories.shared_device import SharedDevice
from tests.flow.crash_stories.story import Story

STORIES: dict[str, type[Story]] = {
    "checkout": Checkout,
    "shared device": SharedDevice,
    "choice": Choice,
    "confirmation": Confirmation,
    "edit": Edit,
    "bus away": BusAway,
    "night": Night,
    "erasure": Erasure,
    "came back": CameBack,
    "parked": Parked,
    "question": QuestionStory,
}
