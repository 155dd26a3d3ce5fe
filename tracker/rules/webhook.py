"""What other systems are told of plans: events without personal data, their signature, and where they may be sent."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

from tracker.rules.errors import Refusal

MOST_FAILURES = 20
"""After so many attempts in a row without success an address is switched off."""
SHORTEST_SECRET = 16
_CARD = "application/vnd.microsoft.card.adaptive"


class Event(StrEnum):
    """What an address can be told of."""

    COLOUR = "colour-changed"
    SIGNED_OFF = "signed-off"
    ISSUED = "pack-issued"
    DATE = "date-decided"


EVENT_WORDS = {
    Event.COLOUR: "A milestone changed colour",
    Event.SIGNED_OFF: "A completion was signed off",
    Event.ISSUED: "A pack was issued",
    Event.DATE: "A new date was decided",
}


class Form(StrEnum):
    """How an event is written."""

    JSON = "json"
    TEAMS = "teams"


FORM_WORDS = {Form.JSON: "JSON, signed", Form.TEAMS: "A card for a Microsoft Teams channel"}


@dataclass(frozen=True, slots=True)
class Happened:
    """An event: what happened to which ref of which plan, on which day. No name of a person and nothing they wrote."""

    event: Event
    cause: str
    plan_id: int
    plan: str
    ref: str
    says: str
    on: date
    link: str


def write(happened: Happened, form: Form) -> str:
    """Return the body of a delivery: JSON, the same for the same event."""
    title = EVENT_WORDS[happened.event]
    if form is Form.JSON:
        return _json(
            {
                "event": happened.event.value,
                "id": happened.cause,
                "plan": happened.plan,
                "ref": happened.ref,
                "says": happened.says,
                "on": happened.on.isoformat(),
                "link": happened.link,
            }
        )
    facts = [{"title": "Plan", "value": happened.plan}, {"title": "Ref", "value": happened.ref}]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {"type": "TextBlock", "size": "Medium", "weight": "Bolder", "wrap": True, "text": title},
            {"type": "TextBlock", "wrap": True, "text": happened.says},
            {"type": "FactSet", "facts": facts},
        ],
        "actions": [{"type": "Action.OpenUrl", "title": "Open in the tracker", "url": happened.link}],
    }
    return _json({"type": "message", "attachments": [{"contentType": _CARD, "contentUrl": None, "content": card}]})


def sign(secret: str, timestamp: str, body: str) -> str:
    """Return the signature of a delivery: HMAC-SHA256 of "timestamp.body", in hexadecimal digits."""
    return hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()


def read_address(address: str, *, loopback: bool = False) -> tuple[str, str, int]:
    """Return scheme, host and port of an address; raises Refusal for one that may not be told anything.

    `loopback` lets tests use plain http.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise Refusal("Enter a whole address, such as https://hooks.council.gov.uk/plans", "address") from error
    if parts.scheme != "https" and not (loopback and parts.scheme == "http"):
        raise Refusal("Enter an address that begins with https://", "address")
    if not parts.hostname or parts.username is not None:  # there is no password without one
        raise Refusal("Enter an address with a host and without a name or password in it.", "address")
    if any(ord(sign) <= 32 or ord(sign) > 126 for sign in address):
        raise Refusal("Enter an address without spaces and accents.", "address")
    return parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80)


def refuse_hosts(found: Iterable[str], *, loopback: bool = False) -> None:
    """Raise Refusal unless every IP address that a host has is a public one; tests may allow loopback."""
    for text in found:
        there = ip_address(text.partition("%")[0])
        if isinstance(there, IPv6Address):
            if there.sixtofour or there in _NAT64:
                raise Refusal(_INSIDE, "address")
            there = there.ipv4_mapped or there
        if (loopback and there.is_loopback) or (there.is_global and not there.is_multicast):
            continue
        raise Refusal(_INSIDE, "address")


class _Nat64:
    """The addresses that stand for an IPv4 one behind a translator."""

    def __contains__(self, there: object) -> bool:
        return isinstance(there, IPv6Address) and there.packed[:12] == bytes.fromhex("0064ff9b0000000000000000")


_NAT64 = _Nat64()
_INSIDE = "This address leads into a private network. Enter one that is reached over the internet."


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
