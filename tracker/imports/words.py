"""The words that plans use, read once from words.toml: headings, status words, headings of records."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

_MONTHLY = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|q[1-4]|term|quarter|month|20\d\d)", re.I)
_WHO_WILL = re.compile(
    r"\W*(?:[\w.]{1,5}[.)]\s+)?(?:the )?[A-Z][\w&,/()'’ -]{1,80}? (?:will|shall|should|must|to)"
    r" (?:[a-z]+ly )?([a-z]+(?:-[a-z]+)?)\b"
)
_MARKS = re.compile(r"\[[^\]]{1,3}\]|[*†‡¹²³⁴⁵]+$")


@dataclass(slots=True)
class Words:
    """The content of words.toml in the shapes in which it is asked for."""

    roles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    patterns: list[tuple[str, re.Pattern[str]]] = field(default_factory=list)
    short: dict[str, str] = field(default_factory=dict)  # what a word of a heading is short for
    status: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)  # kind of status word -> fact
    ratings: dict[str, str] = field(default_factory=dict)  # status word -> colour that it means
    rated: dict[str, str] = field(default_factory=dict)  # fact -> colour that it means
    letters: dict[str, str] = field(default_factory=dict)  # letter of a rating -> colour
    dated: dict[str, str] = field(default_factory=dict)  # word before a date of a cell -> which date it is
    row_kinds: dict[str, str] = field(default_factory=dict)  # word -> what a row of that kind is
    colours: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    legend: re.Pattern[str] = re.compile("")
    key_heads: frozenset[str] = frozenset()
    key_meanings: frozenset[str] = frozenset()
    records: list[tuple[str, re.Pattern[str]]] = field(default_factory=list)
    labels: tuple[str, ...] = ()
    workstreams: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    totals: frozenset[str] = frozenset()
    same: frozenset[str] = frozenset()
    nothing: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()  # titles of tables that are no part of a plan
    beside: frozenset[str] = frozenset()  # names of sheets that tell of the document
    cover: frozenset[str] = frozenset()
    furniture: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    posts: re.Pattern[str] = re.compile("")
    costs: re.Pattern[str] = re.compile("")
    ahead: re.Pattern[str] = re.compile("")
    behind: re.Pattern[str] = re.compile("")
    elsewhere: re.Pattern[str] = re.compile("")
    other_kinds: re.Pattern[str] = re.compile("")  # of documents
    registers: re.Pattern[str] = re.compile("")
    placeholder: re.Pattern[str] = re.compile("")
    example: re.Pattern[str] = re.compile("")
    title: re.Pattern[str] = re.compile("")
    marks: re.Pattern[str] = re.compile("")
    weekdays: frozenset[str] = frozenset()
    risk_values: frozenset[str] = frozenset()
    risk_strong: frozenset[str] = frozenset()
    risk_sheets: re.Pattern[str] = re.compile("")
    others: dict[str, frozenset[str]] = field(default_factory=dict)  # name -> headings
    strict: frozenset[str] = frozenset()  # names that need a strong heading, because their others are those of plans
    strong: dict[str, frozenset[str]] = field(default_factory=dict)  # name -> headings that no plan has


WHEN = frozenset({"due", "due_revised", "due_original"})
_INITIAL = r"(?:[A-Z]{2,5}|Do[A-Z]{1,4}|(?:[A-Z]\.\s?){2,3})"  # "DoF", of finance
_INITIALS = re.compile(rf"{_INITIAL}(?:\s?[/,&]\s?{_INITIAL})*")
_RATED = re.compile(r"\((?:b/?)?r/?a/?g(?:/?b)?(?: (?:rating|status))?\)")


@lru_cache(maxsize=4096)
def heading(text: str) -> str:
    """Return a column heading in the form in which headings are compared."""
    text = re.sub(r"(?<=[a-z])[-‐‑][ \t]*\n\s*(?=[a-z])", "", text)  # "Time-" above "scale"
    folded = _MARKS.sub("", " ".join(text.split()).casefold().replace("’", "'"))
    folded = re.sub(r"(?<=\w)[-‐‑](?=\w)", "", folded).replace("&", "and")
    folded = re.sub(r"\s*/\s*", "/", folded)
    folded = re.sub(r"\bno\.\s*(?=\w)", "no ", folded)  # "No. of days"
    folded = re.sub(r"^\d{1,2}[.)]\s+(?=[a-z])", "", folded)  # "5. Responsible owner": the columns are numbered
    return _MARKS.sub("", folded.strip(" :?.*-–—_…\t")).strip(" :?.*-–—_…").removeprefix("our ")


def plain(text: str) -> str:
    """Return text for comparison with a list of words: case-folded, one space, no marks at its ends."""
    return " ".join(text.split()).casefold().strip(" .:;,!?*-–—()[]")


@cache
def words() -> Words:
    """Return the words, read from the data file at the first call."""
    data = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    roles: dict[str, list[str]] = {}
    for role, names in data["columns"].items():
        for name in names:
            roles.setdefault(heading(name), []).append(role)
    for name in [each for each in roles if 0 < each.count(" ") < 4]:
        roles.setdefault(name.replace(" ", ""), roles[name])  # "Follow-up", "AssignedTo"
    others = data["others"]
    sections = data["sections"]
    return Words(
        roles={name: tuple(dict.fromkeys(found)) for name, found in roles.items()},
        patterns=[(each["role"], re.compile(each["find"])) for each in data["patterns"]],
        short=dict(data["short"]),
        status={plain(word): kind for kind, group in data["status"].items() for word in group},
        facts=dict(data["facts"]),
        ratings={plain(word): colour for colour, group in data["ratings"].items() for word in group},
        rated=dict(data["rated"]),
        letters=dict(data["letters"]),
        dated={word: kind for kind, group in data["dated"].items() for word in group},
        row_kinds={plain(word): kind for kind, group in data["row_kinds"].items() for word in group},
        colours=frozenset(data["colours"]["names"]),
        keys=frozenset(data["colours"]["key"]),
        legend=re.compile(data["colours"]["legend"], re.I),
        key_heads=frozenset(data["colours"]["key_heads"]),
        key_meanings=frozenset(data["colours"]["key_meanings"]),
        records=[(each["kind"], re.compile(each["find"], re.I)) for each in data["records"]],
        labels=tuple(sorted(sections["labels"], key=len, reverse=True)),
        workstreams=tuple(sections["workstreams"]),
        notes=tuple(sections["notes"]),
        totals=frozenset(sections["totals"]),
        same=frozenset(sections["same"]),
        apart=frozenset(heading(text) for text in sections["apart"]),
        beside=frozenset(heading(text) for text in sections["beside"]),
        nothing=frozenset(plain(text) for text in sections["nothing"]),
        furniture=frozenset(sections["furniture"]),
        cover=frozenset(sections["cover"]),
        verbs=frozenset(data["values"]["verbs"].split()),
        registers=re.compile(data["values"]["registers"], re.I),
        posts=re.compile(data["values"]["posts"], re.I),
        costs=re.compile(data["values"]["costs"], re.I),
        ahead=re.compile(data["values"]["ahead"], re.I),
        behind=re.compile(data["values"]["behind"], re.I),
        elsewhere=re.compile(data["values"]["elsewhere"], re.I),
        other_kinds=re.compile(data["values"]["other_kinds"], re.I),
        placeholder=re.compile(sections["placeholders"], re.I),
        example=re.compile(sections["examples"], re.I),
        title=re.compile(sections["titles"], re.I),
        marks=re.compile(sections["marks"], re.I),
        weekdays=frozenset(others["calendar"]["weekdays"]),
        risk_values=frozenset(others["risks"]["values"]),
        risk_strong=frozenset(heading(name) for name in others["risks"]["strong"]),
        risk_sheets=re.compile(others["risks"]["sheets"], re.I),
        strong={
            kind["name"]: frozenset(heading(name) for name in kind["strong"])
            for name, kind in others.items()
            if "strong" in kind and name != "risks"
        },
        strict=frozenset(kind["name"] for kind in others.values() if kind.get("strict")),
        others={kind["name"]: frozenset(heading(name) for name in kind["headings"]) for kind in others.values()},
    )


@lru_cache(maxsize=4096)
def roles_of(text: str) -> tuple[str, ...]:
    """Return the roles that a heading may have, the likeliest first; () if the heading is not known."""
    found, names = _listed(text)
    if found is not None:
        return found
    return next(((role,) for each in names for role, pattern in words().patterns if pattern.search(each)), ())


def may_say_when(text: str) -> bool:
    """Return whether `roles_of` may say that a heading is that of a deadline: a look at fewer patterns."""
    found, names = _listed(text)
    if found is not None:
        return not WHEN.isdisjoint(found)
    return any(pattern.search(each) for each in names for role, pattern in words().patterns if role in WHEN)


def _listed(text: str) -> tuple[tuple[str, ...] | None, Iterable[str]]:
    """Return the roles that are listed for a heading, or None and the forms in which to look at it by patterns."""
    if len(text) > 90:
        text = re.sub(r"\([^()]*\)", " ", text)  # what is explained at length in brackets
    if not text or len(text) > 90:
        return (), ()
    known = words()
    name = heading(text)
    found = known.roles.get(name)
    if found is None and "(" in name:
        found = known.roles.get(without_brackets(name)) or known.roles.get(_in_brackets(name))
        if _RATED.search(name) and "status" not in (found or ()):
            return ("status",), ()  # "Completion (R/A/G)"
    name = without_brackets(name)
    if found is None and len(name.split()) > 8:
        return known.roles.get(heading(name.partition(":")[0]), ()), ()  # "Timescale: S = 1 year, M = 2 years ..."
    whole = " ".join(known.short.get(word.strip("."), word) for word in name.split())
    if found is None and whole != name:
        found = known.roles.get(whole)
    return found, dict.fromkeys((name, whole))


def exactly_known(text: str) -> bool:
    """Return whether a heading is listed word for word, apart from what stands in brackets."""
    names = words().roles
    return len(text) <= 200 and ((name := heading(text)) in names or without_brackets(name) in names)


def is_dated(text: str) -> bool:
    """Return whether a heading names a time: "Progress at Oct 2012"."""
    return _MONTHLY.search(text) is not None


def _in_brackets(name: str) -> str:
    """Return what a heading ends with in brackets, which may be its usual name: "how we'll do it (action)"."""
    return name.rpartition("(")[2].rstrip(") ")


def without_brackets(name: str) -> str:
    """Return a heading without what is explained in brackets: "owner (role, team)"."""
    return (heading(re.sub(r"\([^()]*\)", " ", name)) or name) if "(" in name else name


@lru_cache(maxsize=4096)
def status_kind(text: str) -> str:
    """Return what a status word says ("done", "going", "waiting", "late", "stopped"), "" if it is none."""
    word = plain(text) if len(text) <= 80 else ""
    if not word or len(word) > 45:
        return ""
    found = words().status.get(word) or words().status.get(re.sub(r"^\d\s?[-–—.:()]\s?", "", word))
    if found is None and len(parts := re.split(r" [-–—] ", re.sub(r"^\d\s?[-–—.:()]\s?", "", word))) == 2:
        kinds = [words().status.get(part.strip()) for part in parts]
        found = ("late" if "late" in kinds else kinds[0]) if all(kinds) else None  # "In progress - some slippage"
    if found is None and re.fullmatch(r"\d{1,3}(\.\d+)?\s?%", word):
        return "done" if word.startswith("100") else "going"
    return found or ""


@lru_cache(maxsize=4096)
def begins_with_verb(text: str) -> bool:
    """Return whether a text says what is to be done: "Review ...", "To review ...", "1.2 We will review ..."."""
    found = re.match(
        r"\W*(?:[\w.]{1,5}[.)]\s+|\d[\d.]*\s+)?(?:we (?:will|shall)\s+|to\s+)?([a-z]+(?:-[a-z]+)?)", text[:60], re.I
    )
    return found is not None and found[1].casefold() in words().verbs


def says_who_will(text: str) -> bool:
    """Return whether a text begins with who is to do what: "RB to check ...", "The Department will consult ..."."""
    found = _WHO_WILL.match(text[:120])
    return found is not None and found[1].casefold() in words().verbs


@lru_cache(maxsize=4096)
def names_a_post(text: str) -> bool:
    """Return whether a text is short and names a post or a body, or is initials."""
    if len(text) > 90 or len(text.split()) > 10 or re.search(r"\b(?:will|should|must|shall|is|are|be)\b", text, re.I):
        return False
    parts = text.split()
    if len(parts) > 4 and sum(part[:1].islower() for part in parts) * 3 > 2 * len(parts):
        return False  # "Emergency plan for each carer": a sentence, whoever is named in it
    ends = 0 < len(parts) <= 4 and words().posts.search(parts[-1]) is not None  # "Audit Midwife" begins with no verb
    plainly = words().posts.search(text) is not None and (ends or not begins_with_verb(text))
    return plainly or _INITIALS.fullmatch(text) is not None


def row_kind(text: str) -> str:
    """Return what a row is said to be, "section", "action" or "milestone"; "" for another word."""
    return words().row_kinds.get(plain(text), "") if len(text) <= 30 else ""


@lru_cache(maxsize=1024)
def is_rating_letter(text: str) -> bool:
    """Return whether a text is a rating's letter or two: "R", "A/G", "B"."""
    return re.fullmatch(r"[RAGBY](?:\s?[/-]\s?[RAGBY])?|AG|AR|GA|RA", text.strip(), re.I) is not None


def is_colour(text: str) -> bool:
    """Return whether a text is the name of a colour, or of two: "Amber/Green"."""
    return len(text) <= 20 and all(part in words().colours for part in re.split(r"\s?[/-]\s?", plain(text)))
