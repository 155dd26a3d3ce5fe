"""Edit a rating scheme: what may be typed for each threshold and each term, and what stands against it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tracker.rules.colour import Colour
from tracker.rules.paint import PAINTS, TONES, Paint
from tracker.rules.rating import Rating, preset
from tracker.rules.scheme import Scheme
from tracker.rules.text import clean
from tracker.rules.vocabulary import COLUMNS, Term, Vocabulary

NO_LETTER = "-"
LONGEST_WORD, LONGEST_NAME, LONGEST_LETTER, LONGEST_MEANING = 30, 20, 2, 300


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold on a form: what it is called, in which unit, and from where to where it may go."""

    label: str
    unit: str
    least: int
    most: int

    @property
    def percent(self) -> bool:
        """Return whether it is typed as a percentage and stored as a fraction."""
        return self.unit == "%"


LIMITS: Mapping[str, Limit] = {
    "not_started_days": Limit("Not started counts as likely to miss from", "days before the deadline", 0, 365),
    "signoff_days": Limit("The approver has", "days to decide a completion", 1, 365),
    "cap_moves": Limit("Moved too often from", "moves", 1, 20),
    "cap_months": Limit("Moved too far after", "months past the original date", 0, 60),
    "share": Limit("A headline turns at", "%", 1, 100),
    "minimum": Limit("and never at fewer than", "milestones", 1, 100),
    "recurring_run": Limit("Weekly: missed from", "misses running", 1, 52),
    "recurring_weeks": Limit("Weekly: the share is counted over", "weeks", 4, 104),
    "recurring_red": Limit("Weekly: missed under", "%", 1, 100),
    "recurring_amber": Limit("Weekly: likely to miss under", "%", 1, 100),
    "recurring_last": Limit("Monthly to annual: windows back that count", "windows", 1, 24),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed, as typed. `terms` maps a term's key to its boxes: name, word, letter, paint, meaning."""

    thresholds: Mapping[str, str]
    strict: bool
    terms: Mapping[str, Mapping[str, str]]
    columns: tuple[str, ...] = ()
    outcome: bool = False


def allowed_paints(term: Term) -> tuple[Paint, ...]:
    """Return the paints that a term may have: none that would look better than what it stands for."""
    tones = frozenset.intersection(*(TONES[colour] for colour in term.colours))
    return tuple(paint for paint in PAINTS.values() if paint.tone in tones)


def shown(scheme: Scheme, name: str) -> str:
    """Return a threshold as a form shows it: a fraction as a percentage."""
    value = getattr(scheme, name)
    return f"{round(value * 100, 2):g}" if LIMITS[name].percent else str(value)


def edited(rating: Rating, typed: Typed) -> tuple[Rating, list[tuple[str, str]]]:
    """Return the scheme with what was typed, and the refusals as (field, sentence): empty if it can be saved.

    A field is the name of a threshold, or "word.KEY" and so on for a term. What is refused keeps its present value.
    """
    refusals: list[tuple[str, str]] = []
    thresholds = {**rating.scheme.as_data(), "strict": typed.strict}
    for name, limit in LIMITS.items():
        value = _number(typed.thresholds.get(name, ""), limit)
        if value is None:
            refusals.append((name, f"Enter a whole number from {limit.least} to {limit.most} for “{limit.label}”"))
        else:
            thresholds[name] = value / 100 if limit.percent else value
    if not refusals and thresholds["recurring_red"] > thresholds["recurring_amber"]:
        refusals.append(("recurring_red", "Enter a share that is not above the one for likely to miss"))
    terms = tuple(_term(term, typed.terms.get(term.key, {}), refusals) for term in rating.vocabulary.terms)
    for box in ("word", "letter"):
        refusals += _repeated(box, terms)
    outcome = rating.vocabulary.outcome or preset("two-ratings").vocabulary.outcome
    vocabulary = Vocabulary(terms, tuple(c for c in COLUMNS if c in typed.columns), outcome if typed.outcome else ())
    names = {colour: vocabulary.term(colour).name for colour in Colour}
    return replace(rating, scheme=Scheme.from_data(thresholds, names), vocabulary=vocabulary), refusals


def _number(text: str, limit: Limit) -> int | None:
    text = clean(text).removesuffix("%").strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        return None
    return int(text) if limit.least <= int(text) <= limit.most else None


def _term(term: Term, boxes: Mapping[str, str], refusals: list[tuple[str, str]]) -> Term:
    typed = {name: " ".join(clean(boxes.get(name, "")).split()) for name in ("name", "word", "letter", "meaning")}
    for name, longest, what in (
        ("word", LONGEST_WORD, "a word"),
        ("name", LONGEST_NAME, "a short name"),
        ("meaning", LONGEST_MEANING, "what it means"),
    ):
        if not typed[name]:
            refusals.append((f"{name}.{term.key}", f"Enter {what} for {term.word}"))
        elif len(typed[name]) > longest:
            refusals.append((f"{name}.{term.key}", f"Enter {what} of {longest} characters or fewer for {term.word}"))
    counted = term.colours != (Colour.NONE,)
    if not typed["letter"] or len(typed["letter"]) > LONGEST_LETTER or (counted and not typed["letter"].isalnum()):
        refusals.append((f"letter.{term.key}", f"Enter one or two letters or figures for {term.word}"))
    paint = boxes.get("paint", "")
    if paint not in {allowed.name for allowed in allowed_paints(term)}:
        refusals.append((f"paint.{term.key}", f"Select one of the paints that may stand for {term.word}"))
        paint = term.paint_name
    return replace(
        term,
        name=typed["name"] or term.name,
        word=typed["word"] or term.word,
        letter=typed["letter"] or term.letter,
        paint_name=paint,
        meaning=typed["meaning"] or term.meaning,
    )


def _repeated(box: str, terms: tuple[Term, ...]) -> list[tuple[str, str]]:
    """Return a refusal at every term after the first that has the same word or letter."""
    seen: Counter[str] = Counter()
    found = []
    for term in terms:
        value = getattr(term, box)
        seen[value.casefold()] += 1
        if seen[value.casefold()] > 1 and value != NO_LETTER:
            found.append((f"{box}.{term.key}", f"The {box} {value} stands for another status already"))
    return found
