"""An outbox with a clock that tests set, and drains of it through each way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from tracker.config import Mail as MailSettings
from tracker.config import Notify, Settings, Smtp
from tracker.jobs.delivery import Drain
from tracker.mail.notify import NotifySender
from tracker.mail.post_office import PostOffice, make_sender
from tracker.mail.smtp import SmtpSender

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
Drainer = Callable[..., Drain]


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def drain(engine: Engine, settings: Settings, clock: Clock) -> Drainer:
    """Return a way to make drains of the outbox: through a mail server, Notify, or as the settings say."""

    def make(way: Smtp | Notify | None = None, **mail: object) -> Drain:
        told = replace(settings, address="https://plans.testshire.example")
        if isinstance(way, Smtp):
            mail |= {"way": "smtp", "smtp": way, "sender": "Plans <plans@testshire.example>"}
        if isinstance(way, Notify):
            mail |= {"way": "notify", "notify": way}
        told = replace(told, mail=replace(MailSettings(), **mail))  # type: ignore[arg-type]
        sender = make_sender(told)
        if isinstance(sender, SmtpSender | NotifySender):
            sender.timeout = 0.5
        return Drain(engine, PostOffice(told), sender, clock)

    return make
