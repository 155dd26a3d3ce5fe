"""Messages through a mail server (SMTP): one connection for many, with TLS, and signing in where it is asked for."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parseaddr

from tracker.config import Smtp
from tracker.mail.message import to_email
from tracker.mail.senders import Letter, NotSent
from tracker.rules.delivery import Trouble

_BUSY = 421  # the server closes the connection


@dataclass
class SmtpSender:
    """Hands messages to one server. `timeout` is in seconds, for each answer."""

    server: Smtp
    sender: str
    timeout: float = 30
    _client: smtplib.SMTP | None = field(default=None, init=False)

    @contextmanager
    def open(self) -> Iterator[None]:
        """Keep the connection until the context ends."""
        try:
            yield
        finally:
            self._close()

    def send(self, letter: Letter) -> str:
        """Hand one message over and return what the server said of it."""
        try:
            content = to_email(letter, self.sender, datetime.now(UTC)).as_bytes()
        except ValueError as error:
            raise NotSent(Trouble.REJECTED, f"It cannot be written as an e-mail: {error}") from error
        if not letter.to_address.isascii():
            raise NotSent(Trouble.ADDRESS, "The address has letters that mail servers do not take.")
        client = self._connected()
        try:
            _demand(client, client.mail(parseaddr(self.sender)[1]), "the sender")
            _demand(client, client.rcpt(letter.to_address), "the address", Trouble.ADDRESS)
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            raise NotSent(Trouble.UNREACHABLE, _said(error)) from error
        except NotSent as refused:
            if refused.trouble is Trouble.UNREACHABLE:
                self._close()
            raise
        return self._hand_over(client, content)

    def _hand_over(self, client: smtplib.SMTP, content: bytes) -> str:
        """Send the message itself: from here on a connection that breaks leaves open whether it was taken."""
        try:
            code, said = client.data(content)
        except smtplib.SMTPDataError as error:
            with suppress(smtplib.SMTPException, OSError):
                client.rset()
            raise NotSent(_kind(error.smtp_code), _line(error.smtp_code, error.smtp_error)) from error
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            raise NotSent(
                Trouble.UNKNOWN, f"The message was handed over and no answer came ({_said(error)}): it may have gone."
            ) from error
        if code != 250:
            with suppress(smtplib.SMTPException, OSError):
                client.rset()
            raise NotSent(_kind(code), _line(code, said))
        return _line(code, said)

    def _connected(self) -> smtplib.SMTP:
        """Return the open connection, or a new one that the server has let in."""
        if self._client is not None:
            return self._client
        server = self.server
        context = ssl.create_default_context(cafile=server.ca_file or None)
        try:
            if server.security == "tls":
                client: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=self.timeout, context=context)
            else:
                client = smtplib.SMTP(server.host, server.port, timeout=self.timeout)
        except (smtplib.SMTPException, OSError) as error:
            raise NotSent(Trouble.UNREACHABLE, f"The server cannot be reached: {_said(error)}") from error
        try:
            if server.security == "starttls":
                client.starttls(context=context)
            client.ehlo_or_helo_if_needed()
            if server.user:
                client.login(server.user, server.password)
        except (smtplib.SMTPException, OSError) as error:
            client.close()
            raise NotSent(Trouble.UNREACHABLE, f"The server did not let us in: {_said(error)}") from error
        self._client = client
        return client

    def _close(self) -> None:
        if self._client is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._client.quit()
            self._client.close()
            self._client = None


def _demand(client: smtplib.SMTP, answer: tuple[int, bytes], what: str, for_good: Trouble = Trouble.REJECTED) -> None:
    """Raise NotSent unless the server accepts; `for_good` says what it means where it refuses for good."""
    code, said = answer
    if code in (250, 251):
        return
    if code not in (_BUSY, -1):
        client.rset()
    kind = for_good if _kind(code) is Trouble.REJECTED else _kind(code)
    raise NotSent(kind, f"The server refuses {what}: {_line(code, said)}")


def _kind(code: int) -> Trouble:
    """Return what an answer means: 5xx is for good, 4xx for now, 421 and nothing at all for everybody."""
    if code in (_BUSY, -1):
        return Trouble.UNREACHABLE
    return Trouble.REJECTED if 500 <= code <= 599 else Trouble.LATER


def _line(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _line(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__
