"""Which requests the local host takes: a page of another site must not speak for whoever tries the shop here.

What senders and recipients call is open to every origin, as when it is deployed, and under every name, so that a tunnel
may lead a storefront here. Everything else (the page, ``/_local``, ``/api``) is for this machine: a name that leads to
127.0.0.1 only since its owner changed it (DNS rebinding) is refused by ``Host``, a page of another site by ``Origin``.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

_OPEN = ("/v1/", "/hooks/", "/u/", "/confirm/")
_NAMES = ("127.0.0.1", "localhost", "[::1]")


def refusal(url: str, path: str, headers: Mapping[str, str]) -> dict[str, object] | None:
    """The answer to a request that is refused; None for one that may be taken.

    ``url`` is the host's own address, ``headers`` have names in lower case.
    """
    if path.startswith(_OPEN):
        return None
    own = _own(url)
    if headers.get("host", "").lower() not in own:
        return _refusal("Host", f"this host is {' or '.join(own)}")
    origin = headers.get("origin")
    if origin is not None and origin.lower() not in {f"http://{name}" for name in own}:
        return _refusal("Origin", "pages of other sites may call /v1, /hooks, /u and /confirm alone")
    return None


def _own(url: str) -> list[str]:
    """The names of this host, with its port; without it where it is that of HTTP."""
    port = urlsplit(url).port or 80
    return [f"{name}:{port}" for name in _NAMES] + (list(_NAMES) if port == 80 else [])


def _refusal(where: str, message: str) -> dict[str, object]:
    return {"error": "forbidden", "faults": [{"where": where, "message": message}]}
