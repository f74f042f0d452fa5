"""Pause a flow: nothing starts and nothing is sent, from the very next send on."""

from argparse import Namespace

from cli.flow_states import arguments, turn

__all__ = ["arguments", "run"]


def run(args: Namespace) -> int:
    """Pause the flow."""
    return turn(args, "paused")
