"""Resume a flow: runs that waited go on; starts of the meantime are not made up."""

from cli.flow_states import Arguments, turn

EXAMPLES = ("segue resume cart-recovery --local",)
__all__ = ["EXAMPLES", "Arguments", "run"]


def run(args: Arguments) -> int:
    """Make the flow active."""
    return turn(args, "active")
