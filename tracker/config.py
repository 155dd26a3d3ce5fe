"""Settings, read once from the environment.

The rule for defaults: what is safe on one machine for one person works with nothing set; what opens the service to a
network (host names, a proxy, a shared database) must be said.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def default_data_dir(environ: Mapping[str, str]) -> Path:
    """Return the per-user folder for data where TRACKER_DATA_DIR is not set."""
    if os.name == "nt":
        base = Path(environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "improvement-tracker"


def database_url(text: str) -> str:
    """Return the address with the driver that we ship (psycopg 3) where it names only PostgreSQL."""
    for prefix in ("postgres://", "postgresql://"):
        if text.startswith(prefix):
            return "postgresql+psycopg://" + text[len(prefix) :]
    return text


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between one installation and another."""

    data_dir: Path
    database_url: str
    secret_key: str
    council_name: str = "Your council"
    contact_email: str = ""
    trusted_hosts: tuple[str, ...] = LOOPBACK
    proxy_hops: int = 0
    security_days: int = 365
    demo: bool = False
    testing: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None, *, demo: bool = False) -> Self:
        """Read TRACKER_* variables; makes the data folder and, where none is given, a lasting secret key in it.

        Raises ValueError with the variable's name if a number is not one.
        """
        env = os.environ if environ is None else environ
        data_dir = Path(env.get("TRACKER_DATA_DIR") or default_data_dir(env)).expanduser().resolve()
        data_dir.mkdir(parents=True, exist_ok=True)
        hops = env.get("TRACKER_PROXY_HOPS") or "0"
        if not hops.isdigit():
            raise ValueError("TRACKER_PROXY_HOPS must be a whole number, for example 1")
        days = env.get("TRACKER_SECURITY_DAYS") or "365"
        if not days.isdigit() or not 30 <= int(days) <= 3653:
            raise ValueError("TRACKER_SECURITY_DAYS must be a whole number of days from 30 to 3653")
        hosts = tuple(name.strip() for name in env.get("TRACKER_TRUSTED_HOSTS", "").split(",") if name.strip())
        return cls(
            data_dir=data_dir,
            database_url=database_url(env.get("TRACKER_DATABASE_URL") or f"sqlite:///{data_dir / 'tracker.sqlite3'}"),
            secret_key=env.get("TRACKER_SECRET_KEY") or _kept_secret(data_dir),
            council_name=env.get("TRACKER_COUNCIL_NAME") or "Your council",
            contact_email=env.get("TRACKER_CONTACT_EMAIL") or "",
            trusted_hosts=hosts or LOOPBACK,
            proxy_hops=int(hops),
            security_days=int(days),
            demo=demo,
        )


def _kept_secret(data_dir: Path) -> str:
    path = data_dir / "secret-key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text().strip()
