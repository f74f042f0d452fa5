"""The rights that rows of functions/topology.py give to functions, by what is done."""

from functions.topology_rows import Grant


def read(*names: str) -> tuple[Grant, ...]:
    """To read these tables."""
    return tuple(Grant("table", name, "read") for name in names)


def tables(*names: str) -> tuple[Grant, ...]:
    """To read these tables, and to write and delete their rows."""
    return tuple(Grant("table", name) for name in names)


def append(*names: str) -> tuple[Grant, ...]:
    """To put rows into these tables, and no more."""
    return tuple(Grant("table", name, "append") for name in names)


def send(*queues: str) -> tuple[Grant, ...]:
    """To send messages to these queues."""
    return tuple(Grant("queue", name, "write") for name in queues)


def secret(*names: str) -> tuple[Grant, ...]:
    """To read the values of these secrets."""
    return tuple(Grant("secret", name, "read") for name in names)
