"""Titles that say by when what stands below them is to be done: "By March 2026 we will", "Phase 1 (2025/26)".

Or by when the whole is: "Reduce energy use by 15%. TARGET DATE: End of March 2005".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracker.imports.duetext import due_of_text, is_phrase
from tracker.imports.periods import period_words
from tracker.imports.words import begins_with_verb, heading, words

_AFTER = re.compile(
    r"[,:]?\s+(?:we (?:will|shall)(?: have)?|(?:key )?(?:actions?|milestones?|priorities|deliverables?))\s*$",
    re.I,
)
_BEFORE = re.compile(
    r"^(?:(?:what )?we(?: will| shall| plan to| aim to| are going to|['’]ll|['’]re going to) (?:do|deliver|achieve)"
    r"|what (?:will happen|happens)|(?:our |key )?(?:priorities|plans?|actions?|milestones?))"
    r"\s+(?:(?:by|for|in|during)\s+)?(?:the end of\s+)?",
    re.I,
)
_IN_BRACKETS = re.compile(r"(?P<name>[^()]{3,60}?)\s*\((?P<when>[^()]{4,40})\)$")
_BEHIND = re.compile(r"(?P<name>.{3,60}?)(?:\s*[:–—]\s*|\s+-\s+)(?P<when>\S.{3,40})$")
_TERM = re.compile(
    r"(?:(?:by|in|over) )?(?:the )?"
    r"(?:(?:short|medium|mid|long|near)(?:er)?(?: to (?:medium|long))?[ -]term"
    r"|(?:years?|phases?) (?:\d|one|two|three|four|five)(?: ?(?:to|and|[-–]) ?\d)?(?: onwards)?"
    r"|immediate(?:ly)?|now|next|later"
    r"|(?:(?:next|first|within) )?\d{1,2}\+?(?: ?(?:[-–]|to) ?\d{1,3})? (?:days|weeks|months|years)(?: onwards)?)"
    r"\s*(?:\([^()]*\))?",
    re.I,
)
_OPEN = re.compile(
    r"(?:from )?(?:19|20)\d\d(?:\s?[/-]\s?\d\d)?\+?(?: onwards?| and beyond|\+)|(?:beyond|after) (?:19|20)\d\d\S*"
    r"|(?:in )?(?:the )?future(?: years)?|ongoing",
    re.I,
)
_YOU = re.compile(r"\byou(?:r|rs)?\b|^(?:all |late )?(?:applica\w+|candidates?|entries|entrants)\b", re.I)
_LABELLED = re.compile(
    r"(?P<title>.{6,}?)[\s.,;(–—-]*\b(?:(?:target|completion|end|due|delivery|finish) date|deadline|time ?scale|by when"
    r"|due)\s*[:–—-]\s*(?P<when>[^:]{3,40}?)\)?\.?\s*$",
    re.I | re.S,
)
_ABOUT = re.compile(r"\b(?:on|for|of|to|from|about|in|by|at|with|against)\b", re.I)
_NAMES_PLAN = re.compile(
    r"\b(?:plans?|actions?|objectives|commitments|priorities|pledges|road ?map|programme|milestones)\b"
    r"(?:\W+(?:progress|updated?|refresh(?:ed)?|report|review|monitoring|summary|final|draft|version|agreed|v?\d\S*"
    r"|jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*))*\W*$",
    re.I,
)
_FINITE = re.compile(r"\b(?:was|were|has been|have been|had|took place|became)\b", re.I)


def when_of_title(text: str) -> str:
    """Return the words by which a title says when what stands below it is to be done, "" for another title."""
    return name_and_when(text)[1]


def name_and_when(text: str) -> tuple[str, str]:
    """Return what else a title says, and by when what stands below it is to be done; ("", "") for another title.

    "By June 2026 we will" says nothing else; "Phase 1 (2025/26)" names a part of the plan.
    """
    text = " ".join(text.split()).rstrip(" :.")
    if len(text) > 90 or not re.search(r"\d", text):
        return "", ""
    found = _IN_BRACKETS.match(text) or _BEHIND.match(text)
    inside = found["when"] if found else ""
    plain = _AFTER.sub("", text)
    for each in (text, plain, inside, period_words(text), _BEFORE.sub("", plain)):
        if each and is_phrase(each) and due_of_text(each).dated:
            return (found["name"] if found and each == inside else ""), each
    return "", ""


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


def is_term(text: str) -> bool:
    """Return whether a title names a part of the plan's time without saying when that is: "Short term", "Year 1"."""
    return len(text) <= 60 and _TERM.fullmatch(" ".join(text.split()).strip(" :.")) is not None


def is_open(text: str) -> bool:
    """Return whether a title only says when something begins, or that it goes on: "2027 onwards", "Ongoing"."""
    return len(text) <= 40 and _OPEN.fullmatch(" ".join(text.split()).strip(" :.")) is not None


def tells_of_plan(lines: Iterable[str]) -> bool:
    """Return whether titles announce what is to come: "Delivery plan", "Timeline"; not "Latest news"."""
    told = [line for line in lines if line]
    ahead = any(words().ahead.search(line) for line in told)
    return ahead and not any(words().behind.search(line) or words().elsewhere.search(line) for line in told)


def is_elsewhere(title: str) -> bool:
    """Return whether a document's title says that it is none of what is to be done: "Council news", "What's on"."""
    return words().elsewhere.search(title) is not None and words().ahead.search(title) is None


def is_of_another_kind(title: str) -> bool:
    """Return whether a document's title says that it is no plan, although it may promise things: "Leave policy".

    What a title is of, or on, does not say what the document is: "Consultation on the local plan".
    """
    heads = [_ABOUT.split(part, maxsplit=1)[0] for part in re.split(r"\s*[:|(–—]\s*|\s-\s", title)]
    return words().other_kinds.search(title) is not None and not any(_NAMES_PLAN.search(each) for each in heads)


def is_to_do(texts: list[str], *, announced: bool) -> bool:
    """Return whether lines below dates say what is to be done by then, and not what has been, or what meets when.

    Half of them have to say so in verbs, or their titles have to announce a plan; what was or has been is none.
    """
    if not texts or len({heading(text) for text in texts}) * 10 < 7 * len(texts):
        return False
    past = sum(_has_been(text) for text in texts)
    spoken = sum(len(text.split()) > 1 and re.search(r"[^\W\d]{3}", text) is not None for text in texts)
    public = sum(_YOU.search(text) is not None for text in texts)  # "Pay your second instalment"
    if past * 4 > len(texts) or public * 3 > len(texts) or spoken * 5 < 4 * len(texts):
        return False
    return announced or sum(_bids(text) for text in texts) * 2 >= len(texts)


def _has_been(text: str) -> bool:
    done = re.match(r"\w{3,}ed\b", text) is not None and not begins_with_verb(text)
    return done or _FINITE.search(text) is not None


def _bids(text: str) -> bool:
    return begins_with_verb(text) or re.search(r"\b(?:will|shall|to be)\b", text) is not None
