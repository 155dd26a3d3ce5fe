"""What becomes of a message in the outbox: its states, when it is tried again, when a person has to look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

LINK_MARK = "/u/…"
"""What stands in a stored message for the link of its reader; the link itself is put in when the message is sent."""


class Mail(StrEnum):
    """The state of a message; the value is what people read."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"
    GIVEN_UP = "given up"
    DRY_RUN = "dry run"


class Trouble(StrEnum):
    """Why a message did not go."""

    REJECTED = "rejected"
    """Refused for good: it would be refused again."""
    ADDRESS = "address"
    """The address is refused for good: no message to it arrives."""
    LATER = "later"
    """Refused for now, this message alone."""
    UNREACHABLE = "unreachable"
    """Whoever carries messages cannot be reached, or takes none at all."""
    UNKNOWN = "unknown"
    """Handed over, and no answer came: it may have been taken."""


@dataclass(frozen=True, slots=True)
class Next:
    """What becomes of a message that did not go: its state, and when it is tried again."""

    state: Mail
    at: datetime | None = None


STUCK_AFTER = timedelta(minutes=15)
"""A message so long on its way was in the hands of a worker that did not live to say what came of it."""
GIVES_UP_AFTER = timedelta(days=3)
_PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
_OUTAGE = timedelta(minutes=2)


def reference(key: str) -> str:
    """Return by what the receiving side knows a message: the same at each attempt."""
    return sha256(key.encode()).hexdigest()[:40]


def after_trouble(trouble: Trouble, attempts: int, created_at: datetime, now: datetime) -> Next:
    """Return what becomes of a message after its nth attempt.

    An outage is no fault of the message, so it goes within minutes of its end. After three days a person decides.
    """
    if trouble in (Trouble.REJECTED, Trouble.ADDRESS):
        return Next(Mail.FAILED)
    if trouble is Trouble.UNKNOWN:
        return Next(Mail.SENDING)
    if now - created_at >= GIVES_UP_AFTER:
        return Next(Mail.FAILED)
    if trouble is Trouble.UNREACHABLE:
        return Next(Mail.PENDING, now + _OUTAGE)
    return Next(Mail.PENDING, now + _PAUSES[min(max(attempts, 1), len(_PAUSES)) - 1])


def needs_a_person(state: str, sending_at: datetime | None, now: datetime) -> bool:
    """Return whether somebody has to say what becomes of a message: it failed, came back, or may not have gone."""
    stuck = state == Mail.SENDING and sending_at is not None and now - sending_at >= STUCK_AFTER
    return stuck or state in (Mail.FAILED, Mail.BOUNCED)
