"""Messages as files: one .eml each in a folder, which any mail program opens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tracker.mail.message import to_email
from tracker.mail.senders import Letter, NotSent
from tracker.rules.delivery import Trouble


@dataclass(frozen=True, slots=True)
class FolderSender:
    """Writes each message into a folder. The same message twice is the same file."""

    folder: Path
    sender: str

    @contextmanager
    def open(self) -> Iterator[None]:
        """Nothing is kept between files."""
        yield

    def send(self, letter: Letter) -> str:
        """Write one file and return its name."""
        try:
            content = to_email(letter, self.sender, datetime.now(UTC)).as_bytes()
        except ValueError as error:
            raise NotSent(Trouble.REJECTED, f"It cannot be written as an e-mail: {error}") from error
        path = self.folder / f"{letter.id:06}.eml"
        part = path.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
            part.replace(path)
        except OSError as error:
            raise NotSent(Trouble.UNREACHABLE, f"The folder takes no file: {error.strerror}") from error
        return f"Written to {path.name}"
