"""Titles that end with the date of the whole: "Reduce energy use by 15%. TARGET DATE: End of March 2005"."""

from __future__ import annotations

import re

from tracker.imports.duetext import due_of_text, is_phrase

_LABELLED = re.compile(
    r"(?P<title>.{6,}?)[\s.,;(–—-]*\b(?:(?:target|completion|end|due|delivery|finish) date|deadline|time ?scale|by when"
    r"|due)\s*[:–—-]\s*(?P<when>[^:]{3,40}?)\)?\.?\s*$",
    re.I | re.S,
)


def dated_title(text: str) -> tuple[str, str]:
    """Return a title and the words of the date that it ends with under a label, "" if there is none."""
    found = _LABELLED.match(text)
    if found is None or not is_phrase(found["when"]) or not due_of_text(found["when"]).dated:
        return text, ""
    return found["title"], found["when"]


def says_its_date(text: str) -> bool:
    """Return whether a line ends with a date or "ongoing" under a label, as titles of groups of actions do."""
    found = _LABELLED.match(text)
    return found is not None and is_phrase(found["when"])
