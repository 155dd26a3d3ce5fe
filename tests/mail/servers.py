"""Mail servers and a GOV.UK Notify of our own, on this machine, that behave as the real ones do on a bad day."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers import free_port
from tracker.config import Smtp


class Postman:
    """Takes what it gets, and says what a test wants to each address and each message.

    `rcpt` and `data` map an address to an answer; `hangs` and `drops` name addresses at whose message the server
    never answers, or hangs up.
    """

    def __init__(self, **said: Any) -> None:
        self.rcpt: dict[str, str] = said.get("rcpt", {})
        self.data: dict[str, str] = said.get("data", {})
        self.hangs: set[str] = said.get("hangs", set())
        self.drops: set[str] = said.get("drops", set())
        self.slow: float = said.get("slow", 0)
        self.got: list[tuple[str, EmailMessage]] = []
        self.users: list[str] = []
        self.connections = 0

    async def handle_EHLO(
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.rcpt:
            return self.rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        (address,) = envelope.rcpt_tos
        if address in self.data:
            return self.data[address]
        content = envelope.content
        assert isinstance(content, bytes)
        parsed = message_from_bytes(content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.got.append((address, parsed))
        await asyncio.sleep(self.slow)
        if address in self.hangs:
            await asyncio.sleep(5)
        if address in self.drops and server.transport is not None:
            server.transport.close()
        return "250 Taken"

    def authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _kind: str, data: Any) -> AuthResult:
        """Let one user in."""
        assert isinstance(data, LoginPassword)
        self.users.append(data.login.decode())
        return AuthResult(success=data.password == b"a long password", handled=False)

    def addresses(self) -> list[str]:
        """Return who got something, in order."""
        return [address for address, _ in self.got]


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for this machine; return it and its key."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    names = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")
    make = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names)
    subprocess.run((*make, "-keyout", key, "-out", cert), check=True, capture_output=True)
    return cert, key


@contextmanager
def mail_server(postman: Postman, tls: tuple[Path, Path] | None = None, *, login: bool = False) -> Iterator[Smtp]:
    """Run a mail server; yields the settings that reach it."""
    context = None
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
    controller = Controller(
        postman,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context,
        require_starttls=tls is not None,
        authenticator=postman.authenticate if login else None,
        auth_required=login,
        auth_require_tls=True,
    )
    controller.start()
    try:
        yield Smtp(
            "127.0.0.1",
            controller.port,
            "starttls" if tls else "none",
            *(("tracker", "a long password") if login else ("", "")),
            ca_file=str(tls[0]) if tls else "",
        )
    finally:
        controller.stop()


@contextmanager
def silent_server() -> Iterator[Smtp]:
    """Run a server that takes connections and never says a word."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        opened.listen()
        yield Smtp("127.0.0.1", int(opened.getsockname()[1]), "none")


class NotifyServer(ThreadingHTTPServer):
    """A GOV.UK Notify that keeps what it gets. `answers` are the next ones it gives; after them it takes everything."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _NotifyHandler)
        self.answers: list[int] = []
        self.got: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        """Return where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _NotifyHandler(BaseHTTPRequestHandler):
    server: NotifyServer

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.headers["Authorization"].startswith("Bearer ")
        status = self.server.answers.pop(0) if self.server.answers else 201
        if status == 201 or status == -201:
            self.server.got.append(sent)
        if status == -201:  # taken, and the connection breaks before the answer
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        said = {"BadRequestError": 400, "RateLimitError": 429, "AuthError": 403, "Exception": 500}
        error = next((name for name, code in said.items() if code == status), "")
        words = {400: "Can't send to this recipient using a team-only API key", 429: "Exceeded rate limit"}
        if error:
            self._answer(
                status, {"status_code": status, "errors": [{"error": error, "message": words.get(status, error)}]}
            )
        else:
            self._answer(201, {"id": f"notify-{len(self.server.got)}", "reference": sent["reference"]})

    def do_GET(self) -> None:
        (asked,) = parse_qs(urlsplit(self.path).query)["reference"]
        found = [{"id": "found"} for sent in self.server.got if sent["reference"] == asked]
        self._answer(200, {"notifications": found, "links": {}})

    def _answer(self, status: int, value: dict[str, Any]) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""


@contextmanager
def notify_server() -> Iterator[NotifyServer]:
    """Run a GOV.UK Notify."""
    server = NotifyServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
