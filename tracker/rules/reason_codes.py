"""Why dates move: a short list, so that a board sees what moves its dates. The lead's words stand beside."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.rules.errors import Refusal

REASON_CODES: Mapping[str, str] = {
    "capacity": "Capacity",
    "partner": "Dependency on a partner",
    "funding": "Funding",
    "procurement": "Procurement",
    "scope": "Change of scope",
    "data": "Data",
    "other": "Another reason",
}


def reason_words(code: str) -> str:
    """Return the words of a code; "" where none was given."""
    return REASON_CODES.get(code, code)


def known_code(code: str) -> str:
    """Return the code, or raise Refusal where it is not on the list."""
    if code not in REASON_CODES:
        raise Refusal("Select what kind of reason it is.", "reason_code")
    return code
