"""What every way out has in common: it takes one message, or says what kind of trouble there is."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from tracker.rules.delivery import Trouble


class NotSent(Exception):
    """A message did not go: what kind of trouble, and what the receiving side said."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(detail)
        self.trouble = trouble
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it leaves. `again` says that it was handed over before and nobody knows what came of it."""

    id: int
    key: str
    to_address: str
    subject: str
    text: str
    html: str
    again: bool = False
    files: tuple[tuple[str, bytes], ...] = ()
    """Workbooks that go with it, by name; Notify takes none."""


class Sender(Protocol):
    """A way out. Used as a context, so that a connection can serve many messages."""

    def open(self) -> AbstractContextManager[object]:
        """Keep what is needed between messages until the context ends. Raises nothing: `send` does."""

    def send(self, letter: Letter) -> str:
        """Hand one message over and return what was said. Raises NotSent."""
