"""What the security log writes down: the kinds of event with the words in which they are shown."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

ONE_MINUTE = timedelta(minutes=1)
"""Within how long the same refusal is counted in one row."""


class Kind(StrEnum):
    """A kind of security event; the value is what people read."""

    SIGNED_IN = "signed in"
    SIGN_IN_FAILED = "sign-in failed"
    LOCKED_OUT = "locked out"
    SIGNED_OUT = "signed out"
    DENIED = "denied"
    HIDDEN = "not found or not theirs"
    UPLOAD_REFUSED = "upload refused"
    ACCOUNT_CREATED = "account created"
    ACCOUNT_DISABLED = "account disabled"
    ACCOUNT_ENABLED = "account enabled"
    SESSIONS_ENDED = "sessions ended"
    PASSWORD_CHANGED = "password changed"  # noqa: S105  not a password
    ROLE_GRANTED = "role given"
    ROLE_REMOVED = "role taken away"
    OWN_ROLE_REFUSED = "own role refused"
    POST_HELD = "post held"
    POST_LEFT = "post left"
    DEPUTY_NAMED = "deputy named"
    POST_CHANGED = "post changed"
    LINK_REFUSED = "link refused"
    LINKS_WITHDRAWN = "links withdrawn"
    MESSAGES_CHANGED = "message settings changed"
    WEBHOOK_CHANGED = "webhook changed"
    ADDRESS_CHANGED = "address changed"
    BOARD_CHANGED = "board changed"
    MEETING_CHANGED = "meeting changed"
    CLOSURE_CHANGED = "closure days changed"
    TEMPLATE_CHANGED = "report document changed"
    FORGOTTEN = "old events forgotten"


BOARDS = frozenset({Kind.BOARD_CHANGED, Kind.MEETING_CHANGED, Kind.CLOSURE_CHANGED, Kind.TEMPLATE_CHANGED})
"""Kinds that say what was there before and after, in the words that were entered."""
SIGN_INS = frozenset({Kind.SIGNED_IN, Kind.SIGN_IN_FAILED, Kind.LOCKED_OUT, Kind.SIGNED_OUT})
REFUSALS = frozenset(
    {
        Kind.DENIED,
        Kind.HIDDEN,
        Kind.UPLOAD_REFUSED,
        Kind.OWN_ROLE_REFUSED,
        Kind.LOCKED_OUT,
        Kind.LINK_REFUSED,
    }
)
FOLDED = frozenset({Kind.DENIED, Kind.HIDDEN, Kind.LOCKED_OUT, Kind.UPLOAD_REFUSED, Kind.LINK_REFUSED})
"""Kinds of which the same within a minute is counted in one row, so that nobody can fill the log."""

GROUPS = {
    "sign-in": ("Signing in and out", SIGN_INS),
    "refused": ("Refused", REFUSALS),
    "accounts": (
        "Accounts, roles and posts",
        frozenset(Kind) - SIGN_INS - REFUSALS - BOARDS,
    ),
    "boards": ("Boards, meetings, closure days and report documents", BOARDS),
}
