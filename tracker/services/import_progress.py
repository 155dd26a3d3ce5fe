"""How far work on an import is while it holds the database, and whether a person wants it stopped.

SQLite lets nobody else write while a plan is written: neither the work its own progress nor a person the wish to stop
it. So both stand in small files of the data folder, which every process of the service reads.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FOLDER = "import-progress"


@dataclass(frozen=True, slots=True)
class Progress:
    """The files of one job."""

    data_dir: Path
    job_id: int

    @property
    def _noted(self) -> Path:
        return self.data_dir / FOLDER / str(self.job_id)

    @property
    def _wish(self) -> Path:
        return self.data_dir / FOLDER / f"{self.job_id}.stop"

    def note(self, done: int, total: int) -> None:
        """Say how many lines are done; work does not fail because that cannot be said."""
        with suppress(OSError):
            self._noted.parent.mkdir(parents=True, exist_ok=True)
            part = self._noted.with_suffix(".part")
            part.write_text(f"{done} {total}", "ascii")
            part.replace(self._noted)

    def noted(self) -> tuple[int, int] | None:
        """Return the lines that are done and the lines in all, None where nothing was said."""
        try:
            done, total = self._noted.read_text("ascii").split()
            return int(done), int(total)
        except (OSError, ValueError):
            return None

    def stop(self) -> None:
        """Ask for the work to stop."""
        self._wish.parent.mkdir(parents=True, exist_ok=True)
        self._wish.touch()

    def is_stopping(self) -> bool:
        """Return whether a person wants it stopped."""
        return self._wish.exists()

    def forget(self) -> None:
        """Remove the files: the work begins, or has ended."""
        for path in (self._noted, self._wish):
            with suppress(OSError):
                path.unlink(missing_ok=True)
