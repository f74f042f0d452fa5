"""Drain a flow: nothing new starts, and the runs under way finish."""

from cli.flow_states import Arguments, turn

EXAMPLES = ("segue drain cart-recovery --local",)
__all__ = ["EXAMPLES", "Arguments", "run"]


def run(args: Arguments) -> int:
    """Drain the flow."""
    return turn(args, "draining")
