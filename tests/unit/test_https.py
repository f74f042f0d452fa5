"""Requests to servers of others: what may be called, for how long, and what is told of it."""

import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from functions.adapters import https
from functions.core.base.errors import Unavailable, Undeliverable
from functions.core.deliveries.records import HttpRequest, ReceiverAnswer

HOST = "hooks.receiver.example"


@dataclass
class Receiver:
    """A server on this machine: what it was asked, and how it answers."""

    port: int = 0
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"thanks"
    drip: threading.Event | None = None


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            sent = {name.lower(): value for name, value in self.headers.items()}
            receiver.asked.append((self.command, self.path, sent, body))
            if receiver.drip:
                return self._drip(receiver.drip)
            self.send_response(receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(receiver.body)
            return None

        def _drip(self, stop: threading.Event) -> None:
            """A byte at a time, so that no single read takes long."""
            with suppress(OSError):
                self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
                while not stop.wait(0.02):
                    self.wfile.write(b"x")

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _serve(receiver: Receiver, tls: ssl.SSLContext | None) -> Iterator[Receiver]:
    server = HTTPServer(("127.0.0.1", 0), _handler(receiver))
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield receiver
    if receiver.drip:
        receiver.drip.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def plain() -> Iterator[Receiver]:
    yield from _serve(Receiver(), None)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of HOST that it signed itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    today = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[Receiver]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    yield from _serve(Receiver(), tls)


def resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let every name be at these addresses; the names that are looked up are noted."""
    asked: list[str] = []
    original = socket.getaddrinfo

    def look_up(host: str, *rest: Any) -> list[Any]:
        if host[0].isdigit():
            return original(host, *rest)
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_a_request_is_made_as_it_is_asked_for_and_answered(plain: Receiver) -> None:
    plain.status, plain.headers = 202, {"X-Request-Id": "r1"}
    request = HttpRequest(f"http://127.0.0.1:{plain.port}/in?a=1", b'{"a":1}', {"X-Signature": "s"})
    answer = https.call("pager", request, local=True)
    ((method, path, headers, body),) = plain.asked
    assert ("POST", "/in?a=1", "s", b'{"a":1}') == (method, path, headers["x-signature"], body)
    assert (202, "r1", b"thanks") == (answer.status, answer.headers["x-request-id"], answer.body)


def test_a_redirect_is_an_answer_and_is_not_followed(plain: Receiver) -> None:
    plain.status, plain.headers = 307, {"Location": f"http://127.0.0.1:{plain.port}/elsewhere"}
    answer = https.call("pager", HttpRequest(f"http://127.0.0.1:{plain.port}/", b""), local=True)
    assert (307, 1) == (answer.status, len(plain.asked))


def test_no_more_of_an_answer_is_read_than_its_beginning(plain: Receiver) -> None:
    plain.body = b"x" * 1_000_000
    answer = https.call("pager", HttpRequest(f"http://127.0.0.1:{plain.port}/", b""), local=True)
    assert 65_536 == len(answer.body)


@pytest.mark.parametrize(
    "url",
    ["http://a.example/", "ftp://a.example/", "https:///x", "//a.example/", "https://user:pass@a.example/", "", "text"],
)
def test_whatever_is_not_https_to_a_host_is_never_called(url: str) -> None:
    with pytest.raises(Undeliverable, match="its URL is not https"):
        https.call("pager", HttpRequest(url, b""))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
    ],
)
def test_an_address_that_is_not_public_is_never_called(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "93.184.216.34", address)
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("called"))
    with pytest.raises(Undeliverable, match="at an address that is not public"):
        https.call("pager", HttpRequest(f"https://{HOST}/", b""))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_no_way_of_writing_this_machine_leads_to_it(host: str) -> None:
    with pytest.raises((Undeliverable, Unavailable)):
        https.call("pager", HttpRequest(f"https://{host}/", b""))


def test_the_address_that_was_checked_is_the_one_that_is_called(
    secure: Receiver, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second look-up could be answered otherwise. The certificate still has to be that of the host's name."""
    asked = resolving(monkeypatch, "127.0.0.1")
    monkeypatch.setattr(https, "_is_public", lambda address: ip_address(address).is_loopback)
    monkeypatch.setattr(https, "_tls", lambda: ssl.create_default_context(cafile=certificate))
    answer = https.call("pager", HttpRequest(f"https://{HOST}:{secure.port}/in", b"{}"))
    assert (200, [HOST]) == (answer.status, asked)
    assert f"{HOST}:{secure.port}" == secure.asked[0][2]["host"]
    with pytest.raises(Unavailable, match="call pager: SSLCertVerificationError"):
        https.call("pager", HttpRequest(f"https://other.example:{secure.port}/in", b"{}"))


def test_a_certificate_that_nobody_vouches_for_is_no_answer(secure: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "127.0.0.1")
    with pytest.raises(Unavailable, match="SSLCertVerificationError"):
        https.call("pager", HttpRequest(f"https://{HOST}:{secure.port}/", b""), local=True)
    assert [] == secure.asked


def test_a_server_that_answers_byte_by_byte_is_cut_off_in_time(plain: Receiver) -> None:
    plain.drip = threading.Event()
    with pytest.raises(Unavailable, match="call pager: TimeoutError"):
        https.call("pager", HttpRequest(f"http://127.0.0.1:{plain.port}/", b"", timeout=0.3), local=True)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_says_nothing_is_cut_off_in_time(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        request = HttpRequest(f"{scheme}://127.0.0.1:{silent.getsockname()[1]}/", b"", timeout=0.2)
        with pytest.raises(Unavailable, match="call pager: "):
            https.call("pager", request, local=True)


def test_what_goes_wrong_names_neither_host_nor_path(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror(8, f"{HOST} is not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unavailable) as raised:
        https.call("pager", HttpRequest(f"https://{HOST}/secret-key", b""))
    assert "call pager: gaierror" == str(raised.value)


def test_a_text_that_is_no_header_is_never_sent(plain: Receiver) -> None:
    request = HttpRequest(f"http://127.0.0.1:{plain.port}/", b"", {"X-Key": "a\r\nX-Other: b"})
    with pytest.raises(Undeliverable, match="cannot be written"):
        https.call("pager", request, local=True)
    assert [] == plain.asked


def test_an_answer_says_its_status_and_nothing_else_if_there_is_nothing(plain: Receiver) -> None:
    plain.status, plain.body = 204, b""
    answer = https.call("pager", HttpRequest(f"http://127.0.0.1:{plain.port}/", b""), local=True)
    assert (204, b"") == (answer.status, answer.body)
    assert isinstance(answer, ReceiverAnswer)
