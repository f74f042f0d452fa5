"""Requests to servers of others: to public addresses only, over TLS, within a time, and without following redirects.

Whoever may write a URL must not reach what only this function can reach: Lambda's own runtime API on 127.0.0.1, or
addresses of a private network. So the host's name is looked up once, the address is checked, and it is that address
that is called: a name that is looked up again could lead elsewhere (DNS rebinding). TLS still asks for the host's name.
"""

import socket
import ssl
from contextlib import closing, suppress
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import ip_address
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from functions.core.base.errors import Unavailable, Undeliverable
from functions.core.deliveries.records import HttpRequest, ReceiverAnswer

# The most bytes of an answer that are read; receivers describe errors at its beginning.
_READ = 65_536


class _Connection(HTTPConnection):
    """A connection to an address, in the name of a host; what is still under way after ``timeout`` s is cut off."""

    def __init__(self, url: SplitResult, address: str, timeout: float) -> None:
        port = url.port or (443 if url.scheme == "https" else 80)
        super().__init__(str(url.hostname), port, timeout=timeout)
        self.url = url
        self.address = address
        self.late = False
        self._cut = Timer(timeout, self.cut)

    def connect(self) -> None:
        self._cut.daemon = True
        self._cut.start()
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.url.scheme == "https":
            # The handshake comes after the assignment: cut() has to know the socket.
            tls = _tls().wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = tls
            tls.do_handshake()

    def cut(self) -> None:
        """End it, whoever waits for it: a time-out of a socket begins anew with every byte."""
        self.late = True
        with suppress(OSError):
            if self.sock:
                self.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._cut.cancel()
        super().close()


def call(destination: str, request: HttpRequest, *, local: bool = False) -> ReceiverAnswer:
    """Make the request once. Raises Undeliverable if it may not be made, Unavailable if no answer came.

    ``local`` lets plain http and every address be called. Errors name neither host nor path: webhooks' URLs hold keys.
    """
    try:
        url = _checked(destination, request.url, local)
        with closing(_Connection(url, _address(destination, url, local), request.timeout)) as connection:
            connection.request(request.method, _target(url), request.body, dict(request.headers))
            answer = _answer(connection.getresponse())
            if connection.late:
                # An answer that was cut off looks like a complete, shorter one.
                raise TimeoutError
            return answer
    except (OSError, HTTPException) as error:
        raise Unavailable(f"call {destination}", type(error).__name__) from None
    except ValueError:
        # Raised for a port that is no number, and for a header with a line break.
        raise Undeliverable(destination, "its request cannot be written") from None


def _checked(destination: str, text: str, local: bool) -> SplitResult:
    url = urlsplit(text)
    schemes = ("https", "http") if local else ("https",)
    if url.scheme not in schemes or not url.hostname or url.username is not None:
        raise Undeliverable(destination, "its URL is not https://host/…")
    return url


def _address(destination: str, url: SplitResult, local: bool) -> str:
    """The host's IPv4 address, which is all that a function outside a network of its own can call."""
    answers = socket.getaddrinfo(url.hostname, None, socket.AF_INET, socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in answers]
    if not local and not all(_is_public(each) for each in addresses):
        raise Undeliverable(destination, "its host is at an address that is not public")
    return addresses[0]


def _is_public(address: str) -> bool:
    ip = ip_address(address)
    return ip.is_global and not ip.is_multicast


def _target(url: SplitResult) -> str:
    return f"{url.path or '/'}{f'?{url.query}' if url.query else ''}"


def _answer(response: HTTPResponse) -> ReceiverAnswer:
    headers = {name.lower(): value for name, value in response.getheaders()}
    return ReceiverAnswer(response.status, headers, response.read(_READ))


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
