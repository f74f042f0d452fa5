"""The line and column of a place in a text, as editors count them."""


def line_and_column(text: str, index: int) -> tuple[int, int]:
    """The line and the column of an index of the text, both counted from 1."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)
