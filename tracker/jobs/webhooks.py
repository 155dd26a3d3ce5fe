"""Tell other systems: what happened is written down as deliveries, each is taken in hand, sent and recorded."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tracker.config import Settings
from tracker.models.engine import transaction
from tracker.rules.delivery import Trouble
from tracker.rules.errors import Refusal
from tracker.rules.webhook import read_address, refuse_hosts, sign
from tracker.services import webhooks

TIMEOUT = 10.0
"""Seconds after which a silent address is left alone."""
_LATER = {408, 425, 429}
_GONE = 410


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one attempt: no trouble, or which, in words."""

    trouble: Trouble | None
    detail: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Hooks:
    """Tells the addresses of an installation, at each tick of the worker."""

    engine: Engine
    settings: Settings
    clock: Callable[[], datetime]

    def __call__(self) -> int:
        """Derive and send what is to go; an address in trouble waits for the next round. Returns how many went."""
        with transaction(self.engine) as session:
            webhooks.derive(session, self.clock(), self.settings.address)
        with Session(self.engine) as session:
            waiting = webhooks.due(session, self.clock())
        troubled: set[int] = set()
        sent = 0
        for delivery_id, webhook_id in waiting:
            if webhook_id in troubled:
                continue
            with transaction(self.engine) as session:
                taken = webhooks.take(session, delivery_id, self.clock())
            if taken is None:
                continue
            answer = deliver(taken, self.clock(), loopback=self.settings.webhook_loopback)
            with transaction(self.engine) as session:
                webhooks.record(session, taken, self.clock(), answer.trouble, answer.detail, gone=answer.gone)
            if answer.trouble is None:
                sent += 1
            else:
                troubled.add(webhook_id)
        return sent


def deliver(taken: webhooks.Taken, now: datetime, *, loopback: bool, timeout: float = TIMEOUT) -> Answer:
    """Send one delivery to a public address over TLS; no redirect is followed.

    The host is resolved once, and what was checked is what is connected to: a name cannot lead elsewhere meanwhile.
    """
    body, stamp = taken.body, str(int(now.timestamp()))
    headers = {
        "Host": urlsplit(taken.address).netloc,
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "improvement-tracker",
        "X-Tracker-Delivery": taken.cause,
        "X-Tracker-Timestamp": stamp,
        "X-Tracker-Signature": f"sha256={sign(taken.secret, stamp, body)}",
    }
    try:
        scheme, host, port = read_address(taken.address, loopback=loopback)
        found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        refuse_hosts(found, loopback=loopback)
        parts = urlsplit(taken.address)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
        connection.sock = _connect(found[0], host, port, timeout, tls=scheme == "https")
        try:
            connection.request("POST", path, body.encode(), headers)
            status = connection.getresponse().status
        finally:
            connection.close()
    except Refusal as refusal:
        return Answer(Trouble.REJECTED, refusal.sentence)
    except (OSError, http.client.HTTPException) as error:
        return Answer(Trouble.LATER, f"{type(error).__name__}: {error}"[:300])
    return judge(status)


def judge(status: int) -> Answer:
    """Return what an HTTP status means for a delivery."""
    said = f"Answered {status}"
    if 200 <= status < 300:
        return Answer(None, said)
    if status >= 500 or status in _LATER:
        return Answer(Trouble.LATER, said)
    return Answer(Trouble.REJECTED, said, gone=status == _GONE)


def _connect(ip: str, host: str, port: int, timeout: float, *, tls: bool) -> socket.socket:
    made = socket.create_connection((ip, port), timeout)
    if not tls:
        return made
    try:
        return ssl.create_default_context().wrap_socket(made, server_hostname=host)
    except BaseException:
        made.close()
        raise
