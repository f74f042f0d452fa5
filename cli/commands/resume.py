"""Resume a flow: runs that waited go on; starts of the meantime are not made up."""

from argparse import Namespace

from cli.flow_states import arguments, turn

__all__ = ["arguments", "run"]


def run(args: Namespace) -> int:
    """Make the flow active."""
    return turn(args, "active")
