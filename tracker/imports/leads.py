"""Who leads: posts and bodies as the source names them. A cell is split only where the source splits it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from tracker.imports.lists import one_line, strip_bullet
from tracker.imports.words import exactly_known, names_a_post, plain, roles_of, words
from tracker.rules.document import LeadLine

_ORGANISATION = re.compile(
    r"^(?P<post>.+?)\s*\((?P<organisation>[A-Z][A-Z&]{1,9}s?|[A-Z][\w&' ]*(?:Council|Board|Trust|ICB))\)$"
)
_IN_TITLE = re.compile(
    r"^(?P<title>.{3,}?)\s*(?:[–—-]|\(|\||,)\s*(?:lead(?:s|(?: officer| person)s?)?|led by|owner|responsible officer)"
    r"\s*[:–—-]?\s+(?P<names>[A-Z](?:[^()]|\([^()]{1,40}\)){0,120}?)\)?$",
    re.I,
)
_POST_AT_END = re.compile(r"(?P<title>.{3,}?)\s*\((?P<name>[^()]{2,60})\)")
_BODY = re.compile(
    r"\b(?:Trust|Council|Group|Board|Service|Authority|Agency|Police|Constabulary|Partnership|NHS|University|College"
    r"|School|Association|Limited|Ltd)\b"
)
_FOOTNOTE = re.compile(r"\s*\[(?:[ivx]{1,4}|\d{1,2})\]\s*$")  # "Head of Libraries[ii]"
_STOP = re.compile(r"(?<=[a-z]{4})\.$")  # "Head of Housing.", but not "Head of Dev."
_SUPPORT = re.compile(
    r"[\s,;(–-]*\b(?:with (?:the )?(?:support|help|input|assistance|advice) (?:from|of)"
    r"|(?:additional |further |extra )?support (?:from|by)|(?:supported|assisted|advised|helped) by)\b",
    re.I,
)
_LABEL = re.compile(
    r"\s*[•·-]?\s*(?:(?P<lead>(?:joint )?leads?(?: (?:officer|agency|organisation|person))?s?|led by|owner|accountable"
    r"|responsible(?: officer)?)|(?:key |other |delivery )?partners?|support(?:ed by|ing)?|with|sponsor)"
    r"\s*:\s*(?P<who>\S.*)$",
    re.I,
)
_MARKED = re.compile(r"\s*\((?:joint |overall )?leads?\)", re.I)  # "EDI Director (lead)"
_NOBODY = re.compile(
    r"^[?–—\-.\s/█■▇*]*$|^(tbc|tba|tbd|vacant|n/?a|none|not known|unknown|x+"
    r"|(?:to be|not yet) (?:agreed|confirmed|decided|appointed|identified|allocated)(?: .*)?"
    r"|[\[(]?(?:(?:officer |staff )?names? )?(?:redacted|withheld|removed)[\])]?)$",
    re.I,
)


def leads_of(text: str) -> tuple[list[LeadLine], str]:
    """Return the leads that a cell names and what else it says ("Previously ..."). "ditto" repeats the line above."""
    leads: list[LeadLine] = []
    other: list[str] = []
    lines = re.split(r"\n+|\s*;\s*", text.strip())
    for line in lines:
        line = _FOOTNOTE.sub("", line)
        told = _MARKED.sub("", line) if len(lines) > 1 else line  # of several "(lead)" says who it is; of one its post
        name = _STOP.sub("", one_line(strip_bullet(told)).strip(" ,"))
        name = name.removeprefix("now ")  # "Previously Clerk; now Mayor"
        if not name or is_same(name) or _NOBODY.match(name):
            continue
        if re.match(r"(previously|formerly)\b", name, re.I):
            before, now, name = name.partition(" now ")  # "Previously Mrs Hale, now Clerk"
            other.append(before.rstrip(" ,;-–"))
            if not now:
                continue
        found = _ORGANISATION.match(name)
        lead = LeadLine(found["post"], found["organisation"]) if found else LeadLine(name)
        if not any((lead.post, lead.organisation) == (known.post, known.organisation) for known in leads):
            leads.append(lead)
    return leads, " ".join(other)


def without_support(text: str) -> tuple[str, str]:
    """Return the names in a cell without who only supports them ("Clerk, with support from HR"), and those words.

    Lines may say it in a label: "Lead: Head of ICT" above "Partners: Reuse CIC".
    """
    kept: list[str] = []
    aside: list[str] = []
    told = [_LABEL.match(line) for line in text.split("\n")]
    leads = any(each is not None and each["lead"] for each in told)
    for line, label in zip(text.split("\n"), told, strict=True):
        if leads and label is not None:
            (kept if label["lead"] else aside).append(label["who"] if label["lead"] else line.strip())
            continue
        found = _SUPPORT.search(line)
        kept.append(line[: found.start()] if found else line)
        if found:
            aside.append(line[found.start() :].strip(" ,;()"))
    names = "\n".join(kept).strip()
    return (names, "; ".join(aside)) if re.search(r"\w", names) else (text, "")


def names_nobody(text: str) -> bool:
    """Return whether a text stands in the place of a name and is none: "TBC", "Redacted"."""
    return _NOBODY.match(text) is not None


def are_posts_above_bodies(lines: Sequence[str]) -> bool:
    """Return whether lines are two or more posts, each above the body that it belongs to."""
    posts, bodies = lines[::2], lines[1::2]
    each = len(posts) == len(bodies) > 1 and all(_BODY.search(line) for line in bodies)
    return each and not any(_BODY.search(line) for line in posts)


def lead_in_title(title: str) -> tuple[str, list[LeadLine]]:
    """Return a title without the lead that it ends with ("Attendance – Lead HS/BB"), and that lead."""
    found = _IN_TITLE.match(title)
    if found is None:
        return title, []
    leads, _ = leads_of(found["names"])
    return (found["title"].rstrip(" ,;:"), leads) if leads else (title, [])


def post_in_brackets(title: str) -> tuple[str, str]:
    """Return a title and the post in brackets at its end, "Waste crime (DD Regulation)"; "" without one.

    Bare initials may as well be short for the title: "Persistent absence (PA)".
    """
    found = _POST_AT_END.fullmatch(title.strip())
    name = found["name"].strip() if found else ""
    post = len(name) > 3 and not name.isupper() and not re.search(r"\d", name) and names_a_post(name)
    return (found["title"].rstrip(" ,;:–—-"), name) if found and post else (title, "")


def named_in(texts: Sequence[str]) -> tuple[str, str]:
    """Return the label and the name of a line that only says who: "Sponsor: Director of Place"; ("", "") if it is none.

    The label stands before a colon or in a cell of its own.
    """
    parts = list(texts)
    if len(parts) == 1 and len(parts[0]) <= 160 and (found := re.match(r"([^:\n]{2,40}?)\s*:\s*(\S.*)$", parts[0])):
        parts = [found[1], found[2]]
    if len(parts) != 2 or roles_of(parts[0])[:1] not in (("lead",), ("support",)):
        return "", ""
    if not exactly_known(parts[0]) and not re.search(r"\b(?:lead|owner|sponsor|officer|member)s?$", parts[0], re.I):
        return "", ""
    return (parts[0], parts[1]) if roles_of(parts[1])[:1] in ((), ("lead",), ("support",)) else ("", "")


@lru_cache(maxsize=4096)
def is_same(text: str) -> bool:
    """Return whether a text says "the same as above"."""
    if len(text) > 40 or text.strip() == "DO":  # the initials of a post
        return False
    return text.strip() in words().same or plain(text) in words().same


def shown_lead(lead: LeadLine) -> str:
    """Return a lead as the source wrote it: the organisation in brackets."""
    return f"{lead.post} ({lead.organisation})" if lead.organisation else lead.post
