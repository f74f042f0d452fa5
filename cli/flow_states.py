"""What the commands that turn a flow on and off share."""

from argparse import ArgumentParser, Namespace

from cli.client import add_host, connect, quoted


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("flow", help="the flow's id")
    add_host(parser)


def turn(args: Namespace, state: str) -> int:
    """Give the flow the state and print the version that has it."""
    saved = connect(args).put(f"/api/flows/{quoted(args.flow)}/state", {"state": state})
    print(f"flows/{saved['id']} is {saved['state']}, by version {saved['version']}")
    return 0
