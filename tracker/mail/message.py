"""A message as an e-mail: text and page side by side, with headers by which a second copy is known as one."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from tracker.mail.senders import Letter
from tracker.rules.delivery import reference

_XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ON_ONE_LINE = SMTP.clone(max_line_length=200)
"""Subjects are not folded: what some programs make of a subject that begins on the second line is none."""


def message_id(key: str, sender: str) -> str:
    """Return the Message-ID of a message: the same at each attempt, so that a second copy is known as one."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return f"<{reference(key)}@{domain}>"


def to_email(letter: Letter, sender: str, now: datetime) -> EmailMessage:
    """Return a letter as an e-mail. Raises ValueError for an address or a subject that no header can hold."""
    email = EmailMessage(policy=SMTP)
    name, address = parseaddr(sender)
    email["From"] = Address(name, addr_spec=address)
    email["To"] = Address(addr_spec=letter.to_address)
    email["Subject"] = letter.subject
    email["Date"] = format_datetime(now)
    email["Message-ID"] = message_id(letter.key, sender)
    email["Auto-Submitted"] = "auto-generated"
    email["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    email["Content-Language"] = "en-GB"
    email.set_content(letter.text)
    if letter.html:
        email.add_alternative(letter.html, subtype="html")
    for name, content in letter.files:
        email.add_attachment(content, maintype="application", subtype=_XLSX, filename=name)
    email.policy = _ON_ONE_LINE
    return email
