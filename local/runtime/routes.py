"""Finds the function that answers a request: the topology's routes, matched as API Gateway does."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from functions.topology_rows import Function, Http


@dataclass(frozen=True, slots=True)
class Route:
    """One route of the HTTP API."""

    method: str
    path: str
    function: str

    @property
    def key(self) -> str:
        """The route as API Gateway writes it."""
        return f"{self.method} {self.path}"

    @property
    def rank(self) -> tuple[bool, int, int, bool]:
        """A sort key, most specific first: whole paths, then more literal segments, then one method before ANY."""
        segments = self.path.strip("/").split("/")
        literal = sum(not segment.startswith("{") for segment in segments)
        return "{" in self.path and self.path.endswith("+}"), -literal, len(segments), self.method == "ANY"

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """The path's parameters; None if the route does not match."""
        if self.method not in (method, "ANY"):
            return None
        path_match = re.fullmatch(_pattern(self.path), path)
        return {name: unquote(value) for name, value in path_match.groupdict().items()} if path_match else None


def routes_of(functions: Iterable[Function]) -> tuple[Route, ...]:
    """Every HTTP route of the functions, most specific first."""
    routes = [
        Route(trigger.method, trigger.path, function.name)
        for function in functions
        for trigger in function.triggers
        if isinstance(trigger, Http)
    ]
    return tuple(sorted(routes, key=lambda route: route.rank))


def find(routes: Iterable[Route], method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The most specific matching route, with its parameters."""
    for route in routes:
        parameters = route.match(method, path)
        if parameters is not None:
            return route, parameters
    return None


def _pattern(path: str) -> str:
    parts = re.split(r"(\{\w+\+?\})", path)
    return "".join(
        f"(?P<{part[1:].rstrip('+}')}>{'.+' if part.endswith('+}') else '[^/]+'})"
        if part.startswith("{")
        else re.escape(part)
        for part in parts
    )
