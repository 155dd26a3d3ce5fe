"""Empty the outbox: each message is taken in hand, committed as such, handed over, and what came of it written down.

Between a server's yes and our commit lies the one moment that cannot be closed: a worker killed there leaves a message
that went and says "sending". It is not sent again by itself; a person sees it and decides, and a second copy has the
same Message-ID or reference as the first (docs/worker.md).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tracker.mail.post_office import PostOffice
from tracker.mail.senders import NotSent, Sender
from tracker.models.engine import transaction
from tracker.rules.delivery import Trouble
from tracker.services import delivery

_LOG = logging.getLogger("tracker.worker")


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many messages went, and how many did not."""

    sent: int = 0
    troubled: int = 0


@dataclass(frozen=True, slots=True)
class Drain:
    """Empties the outbox of an installation through its way out."""

    engine: Engine
    office: PostOffice
    sender: Sender
    clock: Callable[[], datetime]

    def __call__(self) -> Delivered:
        """Send what is to go now; stops where nothing can be sent at all, until the next tick."""
        sent = troubled = 0
        with self.sender.open():
            while ids := self._waiting():
                for message_id in ids:
                    trouble = self._send(message_id)
                    sent += trouble is None
                    troubled += trouble is not None
                    if trouble is Trouble.UNREACHABLE:
                        return Delivered(sent, troubled)
        return Delivered(sent, troubled)

    def _waiting(self) -> list[int]:
        with Session(self.engine) as session:
            return delivery.waiting_ids(session, self.clock())

    def _send(self, message_id: int) -> Trouble | None:
        """Send one message; returns what kind of trouble there was, None where it went or was not ours to send."""
        with transaction(self.engine) as session:
            taken = delivery.take(session, message_id, self.clock())
        if taken is None:
            return None
        if self.office.settings.mail.dry_run:
            with transaction(self.engine) as session:
                delivery.record_sent(session, taken, self.clock(), "Nothing is sent from this system", dry_run=True)
            return None
        try:
            said = self.sender.send(self.office.letter(taken))
        except NotSent as error:
            trouble = error.trouble
            if trouble is Trouble.ADDRESS and self.office.settings.mail.redirect:
                trouble = Trouble.REJECTED  # it is the address of the test system that is refused
            with transaction(self.engine) as session:
                state = delivery.record_trouble(session, taken, trouble, error.detail, self.clock())
            _LOG.warning("Message %s is %s: %s", taken.id, state, error.detail)
            return trouble
        except Exception as error:  # whatever went wrong, nobody knows how far it got: a person decides
            _LOG.exception("Message %s", taken.id)
            with transaction(self.engine) as session:
                said = f"{type(error).__name__}: {error}"
                delivery.record_trouble(session, taken, Trouble.UNKNOWN, said, self.clock())
            return Trouble.UNKNOWN
        with transaction(self.engine) as session:
            delivery.record_sent(session, taken, self.clock(), said)
        return None
