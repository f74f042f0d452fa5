"""Pause a flow: nothing starts and nothing is sent, from the very next send on."""

from cli.flow_states import Arguments, turn

EXAMPLES = ("segue pause cart-recovery --local",)
__all__ = ["EXAMPLES", "Arguments", "run"]


def run(args: Arguments) -> int:
    """Pause the flow."""
    return turn(args, "paused")
