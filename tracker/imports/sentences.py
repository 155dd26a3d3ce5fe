"""Sentences of a cell of dates: where one ends, and whether it tells of what is to come or of what has been."""

from __future__ import annotations

import re

from tracker.imports.words import begins_with_verb

_LED_IN = re.compile(
    r"(?:through|by|with|in|as|following|working|using|via|where|subject|alongside)\b[^.;]{3,120}?, ", re.I
)
_END = re.compile(r"(?<=[^\W_]{2}[.;!?])\s+(?=[A-Z(“‘])|(?<=\)[.;])\s+(?=[A-Z])|\n+")
_PAST = re.compile(
    r"\b(?:\w{3,}ed|done|was|were|has been|have been|took|held|began|went|sent|met|gone|start(?:s|ing)?|commence\w*"
    r"|see|since|progress)\b",
    re.I,
)
_HAS_BEEN_OR_BEGINS = re.compile(
    r"\b(?:was|were|had|has|(?<!will )have|took|began|went|(?<!be )held|(?<!be )met|(?:start|commenc|begin)\w*)\b", re.I
)
_TO_COME = re.compile(
    r"\b(?:(?:will|shall|should|must|to be|(?:is|are|next\b.*) due|due to|planned for)\b"
    r"|(?:\bdue|by) (?:the )?(?:end|start|early|mid|late|spring|summer|autumn|winter|q[1-4]|\d"
    r"|jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec))",
    re.I,
)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, each line for itself."""
    return [part for each in _END.split(text) if (part := each.strip())]


def tells_past(text: str) -> bool:
    """Return whether words tell of what has been, or of a beginning: "cleared July 2004", "commenced in May"."""
    return _PAST.search(text) is not None


def is_to_come(text: str) -> bool:
    """Return whether a sentence tells of what is to be done by then: "will be signed off", "is due in".

    What will start then is not done then.
    """
    return not _HAS_BEEN_OR_BEGINS.search(text) and _TO_COME.search(text) is not None


def says_what_to_do(text: str) -> bool:
    """Return whether a sentence says what to do, perhaps after how: "Through better commissioning, ensure that ..."."""
    led = _LED_IN.match(text)
    return len(text.split()) > 3 and (
        begins_with_verb(text) or (led is not None and begins_with_verb(text[led.end() :]))
    )
