"""Files of definitions for the tests of the command line, and what is current of them."""

import io

from tests.console import BUYERS
from tests.unit.test_api_definitions import FLOW, TEMPLATE

FILES = {"flows/hello": FLOW, "segments/buyers": BUYERS, "templates/hi": TEMPLATE}


def write(path, files, ending="yaml"):
    for name, text in files.items():
        place = path / f"{name}.{ending}"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def versions(world):
    return {f"{each.kind}/{each.id}": each.version for each in world.ports.definitions.current()}


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self):
        return True
