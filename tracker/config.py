"""Settings, read once from the environment.

The rule for defaults: what is safe on one machine for one person works with nothing set; what opens the service to a
network (host names, a proxy, a shared database) must be said.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_ADDRESS = "http://localhost:8000"
_FROM = "Improvement plans <improvement-plans@localhost>"
_NOTIFY = "https://api.notifications.service.gov.uk"
WAYS = ("file", "smtp", "notify")
SECURITIES = {"starttls": 587, "tls": 465, "none": 25}
"""How a connection to a mail server is protected, with the usual port of each."""


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
class Smtp:
    """A mail server."""

    host: str = ""
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password: str = ""
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class Notify:
    """A service of GOV.UK Notify."""

    key: str = ""
    template: str = ""
    url: str = _NOTIFY


@dataclass(frozen=True, slots=True)
class Mail:
    """How messages leave, and from whom. `redirect` sends all to one address; `dry_run` sends none."""

    way: str = "file"
    sender: str = _FROM
    redirect: str = ""
    dry_run: bool = False
    smtp: Smtp = Smtp()
    notify: Notify = Notify()

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> Self:
        """Read the settings of mail. Raises ValueError with the variable's name for what cannot be."""
        way = env.get("TRACKER_MAIL") or "file"
        if way not in WAYS:
            raise ValueError(f"TRACKER_MAIL must be one of {', '.join(WAYS)}")
        security = env.get("TRACKER_SMTP_SECURITY") or "starttls"
        if security not in SECURITIES:
            raise ValueError(f"TRACKER_SMTP_SECURITY must be one of {', '.join(SECURITIES)}")
        port = env.get("TRACKER_SMTP_PORT") or str(SECURITIES[security])
        if not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError("TRACKER_SMTP_PORT must be a number of a port, for example 587")
        needed = {"smtp": ("TRACKER_SMTP_HOST", "TRACKER_MAIL_FROM")}
        needed["notify"] = ("TRACKER_NOTIFY_KEY", "TRACKER_NOTIFY_TEMPLATE")
        for name in needed.get(way, ()):
            if not env.get(name):
                raise ValueError(f"{name} must be set where TRACKER_MAIL is {way}")
        if env.get("TRACKER_SMTP_USER") and security == "none":
            raise ValueError("TRACKER_SMTP_USER needs TRACKER_SMTP_SECURITY to be starttls or tls: a password is sent")
        sender = env.get("TRACKER_MAIL_FROM") or _FROM
        redirect = env.get("TRACKER_MAIL_REDIRECT") or ""
        for name, address in (("TRACKER_MAIL_FROM", sender), ("TRACKER_MAIL_REDIRECT", redirect)):
            if address and "@" not in parseaddr(address)[1]:
                raise ValueError(f"{name} must be an e-mail address, for example plans@council.gov.uk")
        dry_run = env.get("TRACKER_MAIL_DRY_RUN") or "0"
        if dry_run not in ("0", "1"):
            raise ValueError("TRACKER_MAIL_DRY_RUN must be 0 or 1")
        return cls(
            way=way,
            sender=sender,
            redirect=redirect,
            dry_run=dry_run == "1",
            smtp=Smtp(
                env.get("TRACKER_SMTP_HOST") or "",
                int(port),
                security,
                env.get("TRACKER_SMTP_USER") or "",
                env.get("TRACKER_SMTP_PASSWORD") or "",
                env.get("TRACKER_SMTP_CA_FILE") or "",
            ),
            notify=Notify(
                env.get("TRACKER_NOTIFY_KEY") or "",
                env.get("TRACKER_NOTIFY_TEMPLATE") or "",
                env.get("TRACKER_NOTIFY_URL") or _NOTIFY,
            ),
        )


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
    address: str = _ADDRESS
    """Where people reach the tracker; messages have it in their links. No slash at the end."""
    mail: Mail = Mail()
    digest: str = "weekly monday"
    """How often people are told who have not said otherwise, one of `rules.rhythm.CHOICES`."""
    grace_days: tuple[int, int] = (5, 5)
    """After how many working days of silence the manager hears of an overdue milestone, then the senior officer."""
    link_days: int = 14
    """For how many days the links in messages update milestones without signing in; 0 for no such links."""
    webhook_loopback: bool = False
    """For tests: webhooks may lead to this machine, over plain http."""
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
        address = env.get("TRACKER_ADDRESS") or _ADDRESS
        if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).netloc:
            raise ValueError("TRACKER_ADDRESS must be an address, for example https://plans.council.gov.uk")
        digest = " ".join((env.get("TRACKER_DIGEST") or "weekly monday").lower().split())
        if not re.fullmatch(r"daily|(weekly|fortnightly) (mon|tues|wednes|thurs|fri)day", digest):
            raise ValueError("TRACKER_DIGEST must be daily, or weekly or fortnightly with a day, like weekly monday")
        grace = [int(one) for one in (env.get("TRACKER_GRACE_DAYS") or "5,5").split(",") if one.strip().isdigit()]
        if len(grace) != 2 or not all(1 <= one <= 60 for one in grace):
            raise ValueError("TRACKER_GRACE_DAYS must be two numbers of working days from 1 to 60, like 5,5")
        link_days = env.get("TRACKER_LINK_DAYS") or "14"
        if not link_days.isdigit() or int(link_days) > 90:
            raise ValueError("TRACKER_LINK_DAYS must be a whole number of days from 0 to 90")
        loopback = env.get("TRACKER_WEBHOOK_LOOPBACK") or "0"
        if loopback not in ("0", "1"):
            raise ValueError("TRACKER_WEBHOOK_LOOPBACK must be 0 or 1")
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
            address=address.rstrip("/"),
            mail=Mail.from_environment(env),
            digest=digest,
            grace_days=(grace[0], grace[1]),
            link_days=int(link_days),
            webhook_loopback=loopback == "1",
            demo=demo,
        )


def _kept_secret(data_dir: Path) -> str:
    path = data_dir / "secret-key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text().strip()
