"""Cells that say who and when in one: "Head of ICT – Q2 2005", a post above "Done (March 2004)"."""

from __future__ import annotations

import re
from functools import lru_cache

from tracker.imports.duetext import deadline_in, due_of_text, is_phrase, when_at_end
from tracker.imports.lists import one_line
from tracker.imports.words import names_a_post, status_kind

_BETWEEN = re.compile(r"\n|\s[-–—]\s|\s?/\s?|\s*[;:(]\s*|,\s")


@lru_cache(maxsize=2048)
def who_and_when(text: str, year_kind: str) -> tuple[str, str]:
    """Return who a cell names and the words that say when, "" for either that it does not say.

    Marks between the two part them; without a mark the deadline in the text is taken out of it, and who is the rest.
    """
    for mark in _BETWEEN.finditer(text):
        first, second = text[: mark.start()].strip(), text[mark.end() :].strip(" \n.;,")
        second = second.rstrip(")") if "(" in mark[0] else second
        if _names(first) and _says_when(second, year_kind):
            named, before = who_and_when(first, year_kind) if "(" in first else (first, "")
            return (named, f"{before}\n{second}") if before else (_post_of(first), second)  # "CM (Dec 2004) – done"
        if names_a_post(second) and _says_when(first, year_kind):
            return second, first
    when = deadline_in(text, year_kind, column=True) or when_at_end(text)
    lines = [line.strip(" .;,") for line in text.split("\n")]
    posts = [line for line in lines if names_a_post(line) and not is_phrase(line) and (when or "-") not in line]
    if len(lines) > 2 and len(posts) == 1:
        return posts[0], when  # "Agreed." above it, the date below it
    rest = text.replace(when, " ") if when else re.sub(r"\s\([^()]*\d[^()]*\)$", "", text)  # "EO (3/05)"
    who = re.sub(r"[\s,;:(–-]*(?:\bby)?[\s,;:()–-]*$", "", one_line(rest))
    return ("" if due_of_text(who, year_kind).dated else who), when


def _names(text: str) -> bool:
    return re.search(r"[^\W\d]{2}", text) is not None and not is_phrase(text) and not status_kind(text)


def _says_when(text: str, year_kind: str) -> bool:
    """Return whether a text is a date, or tells what became of it: "Monthly", "Decision taken to go for two"."""
    return bool(text) and (is_phrase(text) or bool(due_of_text(text, year_kind, with_status=True).status))


def _post_of(text: str) -> str:
    """Return the one line that names a post, where others say something else: "Agreed." above "Head of Service"."""
    posts = [line for line in text.split("\n") if names_a_post(line.strip(" .;,"))]
    return posts[0].strip(" .;,") if len(posts) == 1 else text
