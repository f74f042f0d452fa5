"""The typer application: a command is a module of ``cli.commands``, found by its name, imported when it is asked for.

A module says what it does (its docstring), how it is used (``EXAMPLES``), what it takes (``Arguments``, a dataclass of
typer's annotations) and does it (``run``, which returns the exit code). Nothing lists the modules. A command whose name
is a word of Python has a module with an underscore behind it: ``import_``.
"""

import ast
import inspect
import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from keyword import iskeyword
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from cli import commands, output
from cli.errors import CliError
from cli.outcome import run
from cli.styles import colour_system

_EXAMPLES = (
    "segue check my-shop",
    "segue push my-shop --local",
    "segue preview 'did \"Order Completed\" within 7 days' --local",
    "segue tail --state held --local",
)
# Tables of options need this many characters; a narrower terminal gets plain text.
_TABLES = 70


def application() -> TyperGroup:
    """The command line under the name that the person typed."""
    app = typer.Typer(
        cls=_Commands,
        help="Definitions, people and messages of a Segue host.",
        epilog=_epilog(_EXAMPLES),
        # A shell completes a command by its name, which `python -m cli` is not.
        add_completion=" " not in program(),
        no_args_is_help=True,
        **_shared(),
    )
    app.callback()(lambda: None)
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    return group


def names() -> list[str]:
    """The names of the commands, sorted: every module of ``cli.commands`` is one, so a new one is a new file."""
    return sorted(module.name.rstrip("_") for module in iter_modules(commands.__path__))


def _module(name: str) -> str:
    return f"{commands.__name__}.{name}{'_' if iskeyword(name) else ''}"


def program() -> str:
    """The command as the person typed it (``segue`` or ``python -m cli``)."""
    return "python -m cli" if Path(sys.argv[0]).name in ("__main__.py", "-m") else "segue"


class _Help:
    """A command whose help has no escape sequences under NO_COLOR, which typer would use for bold text."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The options and arguments."""
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for each in params:
            if getattr(each, "is_flag", False):
                each.metavar = ""
        return params

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help."""
        from typer import rich_utils  # brings a renderer of Markdown, tracebacks and more

        rich_utils.COLOR_SYSTEM = colour_system()
        super().format_help(ctx, formatter)  # type: ignore[misc]


class _Command(_Help, TyperCommand):
    pass


class _Commands(_Help, TyperGroup):
    """The modules as commands; only the one that is run is imported, since some bring much with them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names."""
        return names()

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | None:
        """What lists and shells show of the command of that name."""
        return TyperCommand(cmd_name, short_help=_paragraphs(_summary(cmd_name))) if cmd_name in names() else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the words begin with; raises CliError with the nearest for one that does not exist."""
        if args[0] in names():
            return args[0], _command(args[0]), args[1:]
        if not ctx.resilient_parsing and not args[0].startswith("-"):
            raise CliError(_unknown(args[0]))
        return super().resolve_command(ctx, args)


def _summary(name: str) -> str:
    """The first paragraph of a command's docstring, read from its source without running it."""
    module = _module(name)
    spec = find_spec(module)
    source = getattr(spec.loader if spec else None, "get_source", lambda _: None)(module)
    words = ast.get_docstring(ast.parse(source)) if source else inspect.getdoc(import_module(module))
    return (words or "").partition("\n\n")[0]


def _command(name: str) -> TyperCommand:
    module = import_module(_module(name))
    summary, _, rest = inspect.cleandoc(module.__doc__ or "").partition("\n\n")
    app = typer.Typer(add_completion=False, **_shared())
    app.command(
        name,
        cls=_Command,
        help=_paragraphs(f"{summary}\n\n{rest}"),
        short_help=_paragraphs(summary),
        epilog=_epilog(module.EXAMPLES),
    )(_callback(module))
    command = get_command(app)
    assert isinstance(command, TyperCommand)
    return command


def _shared() -> dict[str, Any]:
    context = {"help_option_names": ["-h", "--help"], "color": None if colour_system() else False}
    return {"rich_markup_mode": "rich" if _is_wide() else None, "context_settings": context}


def _is_wide() -> bool:
    return output.width() >= _TABLES


def _callback(module: ModuleType) -> Callable[..., int]:
    """A function with the fields of the module's arguments as its parameters, which is what typer reads."""

    def call(**arguments: Any) -> int:
        return run(module, module.Arguments(**arguments))

    call.__signature__ = inspect.signature(module.Arguments)  # type: ignore[attr-defined]
    return call


def _paragraphs(text: str) -> str:
    """The text with one line for each paragraph, so that the terminal decides where lines end."""
    lines = "\n\n".join(" ".join(each.split()) for each in text.strip().split("\n\n"))
    return _escaped(lines) if _is_wide() else lines


def _escaped(text: str) -> str:
    """The text as rich's markup."""
    if "[" not in text:
        return text
    from rich.markup import escape

    return escape(text)


def _epilog(examples: Sequence[str]) -> str:
    lines = "\n".join(f"  {each.replace('segue', program(), 1)}" for each in examples)
    # Plain help fills lines, but for a paragraph that begins with \b.
    return f"[bold]Examples[/bold]\n{_escaped(lines)}" if _is_wide() else f"\b\nExamples:\n{lines}"


def _unknown(word: str) -> str:
    near = get_close_matches(word, names(), 1)
    hint = f"did you mean `{program()} {near[0]}`?" if near else f"there are {', '.join(names())}"
    return f"there is no command {word!r}; {hint}"
