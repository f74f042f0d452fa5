"""The number of the format in which things are stored."""

from functions.core.ports import Ports


def test_the_number_is_zero_at_first_and_only_grows(ports: Ports) -> None:
    found = [ports.formats.stored()]
    for number in (2, 1, 2, 3):
        ports.formats.raise_to(number)
        found.append(ports.formats.stored())
    assert [0, 2, 2, 2, 3] == found
