"""Domains of shops, as settings list them and as senders write them."""


def domain(written: str) -> str:
    """A domain in lower case, without the dot that may end it."""
    return written.strip().lower().removesuffix(".")


def domains(written: str) -> tuple[str, ...]:
    """The domains of a list with commas between: ``"a.example, B.example"`` -> ``("a.example", "b.example")``."""
    return tuple(filter(None, map(domain, written.split(","))))
