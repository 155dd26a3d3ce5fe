"""What a colour is called and how it is painted on this page: in the words of the plan's rating scheme.

A colour never stands alone: every chip carries shape and word, and every letter its word for a screen reader. The
word comes from one place, `Vocabulary.term`; a page of one plan speaks that plan's words by itself, a page of several
says `speak(plan)` before each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Generic, TypeVar

from flask import g, has_request_context
from markupsafe import Markup

from tracker.queries.rows import PlanRow
from tracker.rules.colour import BAR_ORDER, Colour
from tracker.rules.percent import group_percent, milestone_percent
from tracker.rules.rating import Rating, default_rating
from tracker.rules.vocabulary import Term
from tracker.views.guards import today

_T = TypeVar("_T")

# Drawn in a box of 12 by 12.
SHAPE_PATHS = {
    "diamond": "M6 0l6 6-6 6-6-6z",
    "triangle": "M6 .6 12 11.4H0z",
    "triangle-down": "M6 11.4 0 .6h12z",
    "disc": "M6 .5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11z",
    "half-disc": "M6 .5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zm0 1.6v7.8a3.9 3.9 0 0 0 0-7.8z",
    "dot": "M6 .5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zm0 1.4a4.1 4.1 0 1 0 0 8.2 4.1 4.1 0 0 0 0-8.2z"
    "m0 1.9a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4z",
    "ring": "M6 .5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zm0 2.2a3.3 3.3 0 1 0 0 6.6 3.3 3.3 0 0 0 0-6.6z",
    "tick": "M1.7 5 0 6.8l4.3 4.4L12 3.1l-1.7-1.7-6 6.3z",
    "pause": "M2 1h3v10H2zm5 0h3v10H7z",
    "dash": "M1 5h10v2H1z",
}
_ARROWS = {
    "better": ("Better", "M6 0l5.5 6H8v6H4V6H.5z"),
    "worse": ("Worse", "M6 12L.5 6H4V0h4v6h3.5z"),
    "same": ("No change", "M0 4h6V.5L12 6l-6 5.5V8H0z"),
    "new": ("New", "M5 0h2v5h5v2H7v5H5V7H0V5h5z"),
    "closed": ("Closed", "M1 1h10v10H1zm2 2v6h6V3z"),
}


def _drawing(path: str, classes: str = "") -> Markup:
    """Return a small drawing that a screen reader passes over."""
    attribute = Markup(' class="{}"').format(classes) if classes else Markup("")
    return Markup('<svg{} viewBox="0 0 12 12" aria-hidden="true" focusable="false"><path d="{}"/></svg>').format(
        attribute, path
    )


@lru_cache(maxsize=512)
def chip(paint: str, shape: str, word: str, size: str = "") -> Markup:
    """Return a chip with its shape and word."""
    return Markup('<span class="chip chip--{}{}">{}{}</span>').format(paint, size, _drawing(SHAPE_PATHS[shape]), word)


@lru_cache(maxsize=512)
def letter_chip(paint: str, shape: str, letter: str, word: str) -> Markup:
    """Return the short chip of a grid or a strip: shape and letter, with the word for a screen reader."""
    return Markup(
        '<span class="chip chip--letter chip--{}">{}<span aria-hidden="true">{}</span>'
        '<span class="govuk-visually-hidden">{}</span></span>'
    ).format(paint, _drawing(SHAPE_PATHS[shape]), letter, word)


def _direction(value: str) -> Markup:
    """Return the arrow of a direction with its word."""
    word, path = _ARROWS[value]
    return Markup('<span class="direction direction--{}">{}{}</span>').format(value, _drawing(path), word)


def rating_now() -> Rating:
    """Return the rating scheme whose words this page speaks: the one of its plan on its day, otherwise the default."""
    if not has_request_context():
        return default_rating()
    if "rating" not in g:
        found = g.get("plan")
        g.rating = found[0].ratings.on(g.get("as_at") or today()) if found else default_rating()
    return g.rating  # type: ignore[no-any-return]


def speak(what: PlanRow | Rating | None = None) -> str:
    """Let what follows on this page speak the words of a plan or a rating scheme, or of the page's own again."""
    if isinstance(what, PlanRow):
        what = what.ratings.on(g.get("as_at") or today())
    if what is None:
        g.pop("rating", None)
    else:
        g.rating = what
    return ""


def term_of(thing: Any) -> Term:
    """Return the plan's term for a colour, for a row that has a colour (with rule, marks and standing), or a term."""
    if isinstance(thing, Term):
        return thing
    shown = getattr(thing, "term", None)
    if isinstance(shown, Term):
        return shown
    vocabulary = rating_now().vocabulary
    if isinstance(thing, str):
        return vocabulary.term(Colour(thing))
    return vocabulary.term(
        thing.colour, getattr(thing, "rule", ""), getattr(thing, "marks", ()), getattr(thing, "standing", "open")
    )


class _Shown(Mapping[Any, _T], Generic[_T]):
    """What templates look up by a colour, a row or a term; made from the plan's term."""

    def __init__(self, make: Callable[[Term], _T]) -> None:
        self._make = make

    def __getitem__(self, thing: Any) -> _T:
        return self._make(term_of(thing))

    def __iter__(self) -> Iterator[Any]:
        return iter(Colour)

    def __len__(self) -> int:
        return len(Colour)


CHIPS = _Shown(lambda term: chip(term.paint_name, term.paint.shape, term.word))
LARGE_CHIPS = _Shown(lambda term: chip(term.paint_name, term.paint.shape, term.word, " chip--large"))
LETTER_CHIPS = _Shown(lambda term: letter_chip(term.paint_name, term.paint.shape, term.letter, term.word))
SHAPES = _Shown(lambda term: _drawing(SHAPE_PATHS[term.paint.shape], f"shape-{term.paint_name}"))
COLOUR_NAMES = _Shown(lambda term: term.name)
COLOUR_WORDS = _Shown(lambda term: term.word)
COLOUR_LETTERS = _Shown(lambda term: term.letter)
PAINT_NAMES = _Shown(lambda term: term.paint_name)
DIRECTIONS: Mapping[str, Markup] = {value: _direction(value) for value in _ARROWS}


def group_word(colour: Colour | str) -> str:
    """Return what a count of a computed colour is of: every word that the scheme has for it."""
    return rating_now().vocabulary.group_word(Colour(colour))


def called(thing: Any) -> str:
    """Return name and word as a sentence has them ("Red: missed"); the word alone where both say the same."""
    term = term_of(thing)
    same = term.word.casefold().startswith(term.name.casefold())
    return term.word if same else f"{term.name}: {term.word[:1].lower()}{term.word[1:]}"


def colour_choice(colour: Colour) -> str:
    """Return what a choice of a computed colour is called ("Red: Missed")."""
    name, words = term_of(colour).name, group_word(colour)
    return words if words.casefold().startswith(name.casefold()) else f"{name}: {words}"


def said(thing: Any, reason: str) -> str:
    """Return the colour and its sentence as one: "Red: the deadline, Sep 2025, has passed ..."."""
    lower = reason[:1].lower() if reason[1:2].islower() or reason[1:2] == " " else reason[:1]
    return f"{term_of(thing).name}: {lower}{reason[1:]}"


# What templates may use by name.
TEMPLATE_GLOBALS: Mapping[str, object] = {
    "CHIPS": CHIPS,
    "LARGE_CHIPS": LARGE_CHIPS,
    "LETTER_CHIPS": LETTER_CHIPS,
    "SHAPES": SHAPES,
    "DIRECTIONS": DIRECTIONS,
    "BAR_ORDER": BAR_ORDER,
    "COLOUR_NAMES": COLOUR_NAMES,
    "COLOUR_WORDS": COLOUR_WORDS,
    "COLOUR_LETTERS": COLOUR_LETTERS,
    "PAINT_NAMES": PAINT_NAMES,
    "group_word": group_word,
    "rating_now": rating_now,
    "speak": speak,
    "said": said,
    "milestone_percent": milestone_percent,
    "group_percent": group_percent,
}
