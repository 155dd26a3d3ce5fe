"""What a status of the source says as a fact: completed, started, not started, delayed, stopped. Never a colour.

The source's own word is kept beside the fact. A colour means what the file's own key says it means; colours are not
portable between plans ("Blue" is completed here and suspended there), so without a key only their common use counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tracker.imports.duetext import is_phrase
from tracker.imports.words import is_colour, is_rating_letter, plain, status_kind, words
from tracker.rules.dates import Reading, read_period
from tracker.rules.document import ActionLine, MilestoneLine, PlanDocument

_PARTS = re.compile(r"[.,;:\n(]| [-–—] ")
_PERCENT = re.compile(r"(?<![\d.])(\d{1,3})(?:\.\d+)?\s?(?:%|per ?cent\b)", re.I)


def tell_facts(document: PlanDocument) -> None:
    """Write on each action and milestone of a document the fact, the percentage and the day that its status tells."""
    known: dict[str, tuple[str, str]] = {}

    def told(status: str) -> tuple[str, str]:
        if status not in known:
            known[status] = (fact_of(status, document.key), rating_of(status, document.key))
        return known[status]

    for area in document.priorities:
        for workstream in area.workstreams:
            for action in workstream.actions:
                _tell(action, told)
            for milestone in workstream.milestones:
                _tell_milestone(milestone, told)
        for milestone in area.unplaced:
            _tell_milestone(milestone, told)


def rating_of(status: str, key: dict[str, str]) -> str:
    """Return the colour that a status means in the tracker's own words, "" where it means none that is known.

    It stands beside the computed colour and never takes its place. "Green" is what the file's own key says it is.
    """
    if not status.strip():
        return ""
    word = _without_remark(status)
    return _rating_of_word(word, key) or _rating_of_word(_head(word), key)


def _without_remark(status: str) -> str:
    """Return a status without what stands in brackets after it; of "2 (On track)" the words."""
    numbered = re.fullmatch(r"\W*\d\s*\(([^()]+)\)", status.strip())
    return numbered[1].strip() if numbered else re.sub(r"\s*\([^()]*\)$", "", status).strip()


def _rating_of_word(word: str, key: dict[str, str]) -> str:
    known = words()
    if is_rating_letter(word) and len(word) == 1:
        word = known.letters.get(word.casefold(), word)
    named = known.ratings.get(plain(word), "")
    fact = _fact_of_word(word, key)
    own = is_colour(word) and any(plain(name) == plain(word).replace("gray", "grey") for name in key)
    if fact == "delayed" and (own or not is_colour(word)):
        return named if named in {"red", "amber"} else "amber"
    return named if named and not own else known.rated.get(fact, "")


def _tell(line: ActionLine | MilestoneLine, told: Callable[[str], tuple[str, str]]) -> None:
    line.fact, _ = told(line.status_text)
    if line.percent is None and (found := _PERCENT.search(line.status_text)) and int(found[1]) <= 100:
        line.percent = int(found[1])


def _tell_milestone(line: MilestoneLine, told: Callable[[str], tuple[str, str]]) -> None:
    """A day on which it was done says that it is completed, unless a status says otherwise."""
    _tell(line, told)
    _, line.rating = told(line.status_text)
    if not line.done_on:
        line.done_on = next((day for text in (line.date, line.status_text) if (day := _done_in(text))), "")
    if line.done_on and not line.fact and is_phrase(line.done_on):
        line.fact = "completed"


def _done_in(text: str) -> str:
    """Return the words of the day in "Done (March 2004)" or "Completed 12/05/2025", "" if a text says no such thing."""
    found = re.search(r"\d", text)
    if not found or len(text) > 80 or status_kind(re.split(r"\W", text.strip(), maxsplit=1)[0]) != "done":
        return ""
    whole = read_period(text)
    if whole.reading is not Reading.DONE or whole.end is None:
        return ""
    pieces = re.split(r"\s+", text.strip(" .()"))
    rests = (" ".join(pieces[at:]).strip(" ()[].,;:-–") for at in range(1, len(pieces)))
    return next((rest for rest in rests if read_period(rest).end == whole.end and is_phrase(rest)), "")


def fact_of(status: str, key: dict[str, str]) -> str:
    """Return the fact that a status says, "" if it says none. `key` gives the file's words by the name of a colour."""
    if not status.strip():
        return ""
    asked = re.fullmatch(r"([^:]+): (yes|y|no|n)", status.strip(), re.I)
    if asked:
        kind = status_kind(asked[1])
        no = {"going": "delayed", "done": "", "late": "", "stopped": "", "waiting": "started"}.get(kind, "")
        return words().facts.get(kind, "") if asked[2][:1] in "yY" else no
    word = _without_remark(status)
    return _fact_of_word(word, key) or _fact_of_word(_head(word), key)


def _head(status: str) -> str:
    """Return the status word that a longer text begins with: "Completed" of "Completed May 2025 - signed off"."""
    first = _PARTS.split(status, maxsplit=1)[0].strip()
    if first != status:
        return first
    words_ = first.split()
    cuts = range(1, min(4, len(words_)))
    return next((" ".join(words_[:at]) for at in cuts if is_phrase(" ".join(words_[at:]))), "")


def _fact_of_word(word: str, key: dict[str, str]) -> str:
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
        return words().facts.get(kind, "")
    found = [
        (at.start(), -len(word), kind)
        for word, kind in words().status.items()
        if len(word) > 3 and (at := re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text))
    ]
    return words().facts.get(min(found)[2], "") if found else ""
