"""Reports that a message came back, as mail servers send them (RFC 3464): which message, to whom, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from email.parser import HeaderParser

LARGEST = 10 * 1024 * 1024
_ID = re.compile(r"<?([0-9a-f]{40})@[^\s>]+>?")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True, slots=True)
class Bounce:
    """One message that came back. `reference` is what its Message-ID begins with; `says` what the server said."""

    reference: str
    address: str
    says: str


def read_bounce(data: bytes) -> Bounce | None:
    """Return what a report says; None for what is no report, is of a delay only, or is not about a message of ours."""
    report = message_from_bytes(data[:LARGEST], policy=policy.compat32)
    if report.get_content_type() != "multipart/report" or not report.is_multipart():
        return None
    failed = next((fields for fields in _recipients(report) if _field(fields, "Action").lower() == "failed"), None)
    found = next((match for text in _message_ids(report) if (match := _ID.search(text))), None)
    if failed is None or found is None:
        return None
    address = _typed(_field(failed, "Original-Recipient")) or _typed(_field(failed, "Final-Recipient"))
    status = _STATUS.search(_field(failed, "Status"))
    why = _typed(_field(failed, "Diagnostic-Code"))
    said = " ".join(f"{status[0] if status and status[0] not in why else ''} {why}".split())
    return Bounce(found[1], address.strip("<>").lower(), said or "no reason given")


def _recipients(report: Message) -> Iterator[Message]:
    """Yield the fields of each recipient: the blocks of the part for machines, after the first."""
    for part in report.walk():
        if part.get_content_type() in ("message/delivery-status", "message/global-delivery-status"):
            blocks = part.get_payload()
            for block in blocks[1:] if isinstance(blocks, list) else ():
                if isinstance(block, Message):
                    yield block


def _message_ids(report: Message) -> Iterator[str]:
    """Yield what may name the message that came back: its own headers first, then what the report answers to."""
    for part in report.walk():
        if part is report:
            continue
        if part.get_content_type() in ("text/rfc822-headers", "message/global-headers"):
            content = part.get_payload(decode=True)
            text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
            yield _field(HeaderParser().parsestr(text), "Message-ID")
        else:
            yield _field(part, "Message-ID")
    yield _field(report, "In-Reply-To")
    yield _field(report, "References")


def _field(fields: Message, name: str) -> str:
    return " ".join(str(fields.get(name, "")).split())


def _typed(value: str) -> str:
    """Return a field without the kind before it: "rfc822; name@council.gov.uk", "smtp; 550 No such user"."""
    return value.partition(";")[2].strip() if ";" in value else value
