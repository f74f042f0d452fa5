"""Values that shell completion offers besides what typer completes by itself."""

from typing import Any

import typer


def kinds(incomplete: str) -> list[str]:
    """Kinds of definitions."""
    from functions.core.definitions.kinds import KINDS

    return [kind for kind in KINDS if kind.startswith(incomplete)]


def schemas(incomplete: str) -> list[str]:
    """What there is a JSON Schema of."""
    from functions.core.definitions.json_schemas import SCHEMAS

    return [kind for kind in SCHEMAS if kind.startswith(incomplete)]


def senders(incomplete: str) -> list[str]:
    """Sources whose webhooks we can sign."""
    from cli.webhooks import SENDERS

    return [source for source in SENDERS if source.startswith(incomplete)]


def programs(incomplete: str) -> list[str]:
    """Programs whose exports can be imported."""
    from functions.sources.tabular.exports import programs

    return [each for each in (*programs(), "none") if each.startswith(incomplete)]


def samples(ctx: typer.Context, incomplete: str) -> list[Any]:
    """Topics of the source that was typed before, of which there is a sample."""
    from cli.webhooks import topics

    return [topic for topic in topics(ctx.params.get("source") or "") if topic.startswith(incomplete)]
