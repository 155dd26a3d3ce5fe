"""What a status of the source says as a fact: completed, started, not started, delayed, stopped. Never a colour.

The source's own word is kept beside the fact. A colour means what the file's own key says it means; colours are not
portable between plans ("Blue" is completed here and suspended there), so without a key only their common use counts.
"""

from __future__ import annotations

import re

from tracker.imports.words import is_colour, is_rating_letter, plain, status_kind, words


def fact_of(status: str, key: dict[str, str]) -> str:
    """Return the fact that a status says, "" if it says none. `key` gives the file's words by the name of a colour."""
    word = re.sub(r"\s*\([^()]*\)$", "", status).strip()
    if is_rating_letter(word) and len(word) == 1:
        word = words().letters.get(word.casefold(), word)
    if is_colour(word):
        meaning = next((text for name, text in key.items() if plain(name) == plain(word).replace("gray", "grey")), "")
        if meaning:
            return _told(meaning)
        if plain(word) == "blue":
            return ""  # completed in some plans, suspended in others
    kind = status_kind(word)
    return words().facts.get(kind, "")


def _told(meaning: str) -> str:
    """Return the fact in the words of a key: "Action completed and signed off", "Delayed and likely to miss"."""
    text = plain(meaning)
    if kind := status_kind(text):
        return words().facts[kind]
    found = [
        (at.start(), -len(word), kind)
        for word, kind in words().status.items()
        if len(word) > 3 and (at := re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text))
    ]
    return words().facts[min(found)[2]] if found else ""
