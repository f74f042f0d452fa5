"""Drain a flow: nothing new starts, and the runs under way finish."""

from argparse import Namespace

from cli.flow_states import arguments, turn

__all__ = ["arguments", "run"]


def run(args: Namespace) -> int:
    """Drain the flow."""
    return turn(args, "draining")
