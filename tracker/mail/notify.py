"""Messages through GOV.UK Notify, with its own client (the extra `notify`).

The service needs one template with the two fields ((subject)) and ((body)). Before a message is handed over again,
Notify is asked whether it has it already, by the reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tracker.config import Notify
from tracker.mail.senders import Letter, NotSent
from tracker.rules.delivery import Trouble, reference

_TOO_MANY = 429


@dataclass
class NotifySender:
    """Hands messages to the service of one key. `timeout` is in seconds."""

    service: Notify
    timeout: float = 30
    _client: Any = field(default=None, init=False)

    @contextmanager
    def open(self) -> Iterator[None]:
        """Keep the client until the context ends."""
        try:
            yield
        finally:
            self._client = None

    def send(self, letter: Letter) -> str:
        """Hand one message over and return the number that Notify gave it."""
        from notifications_python_client.errors import HTTPError, InvalidResponse

        client = self._connected()
        try:
            if letter.again and (found := self._already(client, letter)):
                return f"Notify had it already: {found}"
            answer = client.send_email_notification(
                email_address=letter.to_address,
                template_id=self.service.template,
                personalisation={"subject": letter.subject, "body": letter.text},
                reference=reference(letter.key),
            )
        except HTTPError as error:
            raise NotSent(_kind(error.status_code), f"{error.status_code} {_said(error.message)}") from error
        except InvalidResponse as error:
            raise NotSent(Trouble.UNREACHABLE, f"Notify gave no answer that can be read: {error.message}") from error
        return f"Notify: {answer['id']}"

    def _already(self, client: Any, letter: Letter) -> str:
        """Return the number of a message that Notify has under the same reference, "" if none."""
        found = client.get_all_notifications(reference=reference(letter.key))["notifications"]
        return str(found[0]["id"]) if found else ""

    def _connected(self) -> Any:
        if self._client is None:
            from notifications_python_client import notifications

            make: Any = notifications.NotificationsAPIClient  # the client has no types
            self._client = make(self.service.key, base_url=self.service.url, timeout=self.timeout)
        return self._client


def _kind(status: int) -> Trouble:
    """Return what an answer means: 400 is about the message, 403, 429 and 5xx about the service."""
    if status == _TOO_MANY or status >= 500 or status in (401, 403):
        return Trouble.UNREACHABLE
    return Trouble.REJECTED


def _said(message: Any) -> str:
    if isinstance(message, list):
        return "; ".join(str(one.get("message", one)) if isinstance(one, dict) else str(one) for one in message)
    return str(message)
