"""How what is printed may be styled."""

import os
from typing import Literal

# A text, or a text with the style that it has on a terminal.
Part = str | tuple[str, str]


def colour_system() -> Literal["auto"] | None:
    """For rich: no escape sequence of any kind with NO_COLOR, whatever the terminal can."""
    return None if os.environ.get("NO_COLOR") else "auto"
