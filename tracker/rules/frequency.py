"""Read how often something recurs. "bi-annual" and its kin have two meanings and are never guessed."""

from __future__ import annotations

import re

from tracker.rules.atoms import MONTH, clean

UNCLEAR = re.compile(r"\bbi-? ?(?:annual|month|week|year)(?:ly|s)?\b(?: \w+)?")

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "nine": 9, "twelve": 12, "other": 2}
_COUNT = rf"(?P<count>\d{{1,2}}|{'|'.join(_NUMBERS)})"
_UNIT = r"(?P<unit>day|week|fortnight|month|half[ -]?term|term|quaarter|quarter|year|annum)s?"
_ADVERB = (
    r"(?P<adverb>daily|weekly|fortnightly|monthly|half[ -]?termly|termly|quarterly|half[ -]?yearly|annual(?:ly)?|yearly"
    r"|biennial(?:ly)?)"
)
_PATTERNS = tuple(
    re.compile(rf"\b(?:{pattern})\b")
    for pattern in (
        rf"{_COUNT}[ -]?(?P<counted>week|month|year)ly",
        rf"(?:once )?(?:every|each) (?:{_COUNT} )?{_UNIT}",
        rf"(?P<often>once|twice|two times|three times|four times) (?:a|per|each|every|in a) {_UNIT}",
        r"(?:per|a) (?P<per>week|month|term|quarter|year|annum)",
        rf"(?:every|each) (?:{MONTH}|spring|summer|autumn|winter|easter|christmas)(?P<yearly>)",
        _ADVERB,
    )
)
# Two points of the year and no year: "June and November", "Easter Monday/Before Christmas".
_TWO_POINTS = re.compile(
    rf"(?:before |after )?(?:{MONTH}|easter(?: \w+)?|christmas) ?(?:and|&|/) ?(?:before |after )?"
    rf"(?:{MONTH}|easter(?: \w+)?|christmas)"
)
_WHOLE_EXTRA = re.compile(
    rf"[ .,;:()-]+|\b(?:on|in|at|the|a|an|once|least|least once|basis|meetings?|reviews?|updates?|reports?|reporting"
    rf"|thereafter|then|ongoing|of|\d{{1,2}}|{MONTH})(?:\b|(?<=\.))"
)
_ADJECTIVE = re.compile(r"\bannual\b")
_ADVERBS = {"half yearly": "6-monthly", "yearly": "annual", "annually": "annual", "biennial": "every 2 years"}
_UNITS = {"day": "daily", "week": "weekly", "month": "monthly", "quarter": "quarterly", "year": "annual"}


def twice_yearly(words: str) -> bool:
    """Return whether cleaned `words` are two points of the year without a year ("June and November")."""
    return bool(_TWO_POINTS.fullmatch(words)) and ("/" not in words or "easter" in words or "christmas" in words)


def frequency_in(words: str, *, whole: bool = False) -> str:
    """Return the frequency that cleaned `words` name ("weekly", "6-monthly"), or "".

    With `whole`, only where little else is said: a day and a month, "on a", "meetings".
    """
    if twice_yearly(words):
        return "twice a year"
    for pattern in _PATTERNS:
        found = pattern.search(words)
        if not found or UNCLEAR.search(words):
            continue
        if whole and _WHOLE_EXTRA.sub("", words[: found.start()] + " " + words[found.end() :]):
            continue
        return _plain(found)
    return ""


def frequency_in_prose(text: str) -> str:
    """Return the frequency that a sentence names, or "". The bare adjective "annual" mostly names a thing."""
    return frequency_in(_ADJECTIVE.sub(" ", clean(text)))


def _plain(found: re.Match[str]) -> str:
    groups = {name: value for name, value in found.groupdict().items() if value is not None}
    if "yearly" in groups:
        return "annual"
    if "adverb" in groups:
        adverb = re.sub(r"[ -]+", " ", groups["adverb"])
        adverb = re.sub("^half ?termly", "half-termly", re.sub("^half ?yearly", "half yearly", adverb))
        return "every 2 years" if adverb.startswith("biennial") else _ADVERBS.get(adverb, adverb)
    unit = groups.get("unit") or groups.get("counted") or groups.get("per") or ""
    unit = re.sub("quaarter", "quarter", re.sub("annum", "year", unit))
    if "half" in unit:
        unit = "half-term"
    count = groups.get("count", "1")
    number = _NUMBERS.get(count) or int(count)
    often = groups.get("often", "once")
    if often != "once":
        return f"{often} a {unit}"
    if unit == "fortnight":
        unit, number = "week", 2 * number
    return _counted(number, unit)


def _counted(number: int, unit: str) -> str:
    """Return the plain word for every `number` units, where there is one."""
    known = {(2, "week"): "fortnightly", (3, "month"): "quarterly", (6, "month"): "6-monthly", (12, "month"): "annual"}
    if number == 1:
        return _UNITS.get(unit, f"{unit}ly")
    if (number, unit) in known:
        return known[number, unit]
    return (
        f"every {number} years"
        if unit == "year"
        else f"every {number} {unit}s"
        if unit == "day"
        else f"{number}-{unit}ly"
    )
