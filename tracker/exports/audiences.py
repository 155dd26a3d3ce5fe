"""Who a report is for: each audience is a selection of the sections of one tree, with a statement of what was left out.

The public edition is made of sections of its own, which say in plain English what the published plan, its dates and its
colours say, and nothing that an officer typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tracker.exports.report import PUBLIC, Paragraph, Report, Section
from tracker.exports.wording import and_list
from tracker.rules.errors import Refusal

_FIRST = ("front", "one-page")
_OVER_TIME = ("since-met", "movement", "ahead", "outcomes")
_DEPTH = ("raid", "interdependencies", "slippage", "quality")
_RECORDS = ("register", "commitments")
_LAST = ("key", "glossary")


@dataclass(frozen=True, slots=True)
class Audience:
    """An audience: what a form calls it, what a sentence calls it, and the keys of the sections that it is given.

    No key means every section; `public` means the public edition.
    """

    label: str
    words: str
    sections: tuple[str, ...] = ()
    public: bool = False


AUDIENCES = {
    "board": Audience("The board", "the board"),
    "team": Audience(
        "Directorate management team",
        "the directorate management team",
        (*_FIRST, "decisions", "exceptions", "ahead", "raid", "slippage", "quality", "actions", *_RECORDS, *_LAST),
    ),
    "cabinet": Audience(
        "Cabinet",
        "Cabinet",
        (*_FIRST, "decisions", "exceptions", "since-met", "movement", "outcomes", "raid", "interdependencies", *_LAST),
    ),
    "health": Audience(
        "Health and Wellbeing Board",
        "the Health and Wellbeing Board",
        (*_FIRST, "exceptions", "priorities", "ahead", "outcomes", "interdependencies", *_LAST),
    ),
    "scrutiny": Audience(
        "Scrutiny",
        "scrutiny",
        (*_FIRST, "exceptions", "priorities", *_OVER_TIME, "slippage", *_LAST),
    ),
    "government": Audience(
        "DfE and NHS England",
        "the Department for Education and NHS England",
        (
            *_FIRST,
            "exceptions",
            "priorities",
            *_OVER_TIME,
            "interdependencies",
            "slippage",
            "quality",
            *_RECORDS,
            *_LAST,
        ),
    ),
    "public": Audience("The public", "the public", public=True),
}
WHOLE = "board"


def select(report: Report, audience: str) -> Report:
    """Return the report for an audience, made from the whole report and nothing else.

    Raises Refusal for an audience that there is none of.
    """
    if audience not in AUDIENCES:
        known = and_list([f"“{key}”" for key in AUDIENCES])
        raise Refusal(f"There is no audience “{audience}”. Choose one of {known}.", "audience")
    chosen = AUDIENCES[audience]
    if chosen.public:
        return replace(report, sections=tuple(numbered(report.public)), public=(), edition=PUBLIC, headline_sentence="")
    if not chosen.sections:
        return replace(report, public=())
    kept = [section for section in report.sections if section.key in chosen.sections]
    left_out = [section.title for section in report.sections if section.key not in chosen.sections]
    if not left_out:
        return replace(report, public=())
    said = Paragraph(_statement(chosen, left_out), "note")
    stated = (replace(kept[0], blocks=(*kept[0].blocks, said)), *kept[1:]) if kept else ()
    return replace(report, sections=tuple(numbered(stated)), public=(), edition=f"Edition for {chosen.words}")


def numbered(sections: Iterable[Section]) -> Iterator[Section]:
    """Yield the sections with their numbers, and the annexes with their letters; a front sheet has none."""
    number, letter = 0, ord("A")
    for section in sections:
        if section.annex:
            yield replace(section, number=chr(letter))
            letter += 1
        elif section.key == "front":
            yield section
        else:
            number += 1
            yield replace(section, number=str(number))


def _statement(chosen: Audience, left_out: list[str]) -> str:
    whose = "are" if len(left_out) > 1 else "is"
    return (
        f"This edition is for {chosen.words}. Left out of it, and in the whole report for the board, {whose}: "
        f"{and_list(left_out)}."
    )
