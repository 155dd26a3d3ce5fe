"""Sentences and figures made from a row and a day: "52 days late", "12 of 41 (29%)", "▲ better".

Stored reasons hold absolute dates only; whatever depends on the day of reading is made here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tracker.exports.report import DateValue, StatusValue
from tracker.queries.rows import LeadRow, MilestoneRow
from tracker.rules.colour import Colour
from tracker.rules.dates import Precision, read_period, show_day, show_period
from tracker.rules.rollup import Direction
from tracker.rules.vocabulary import Vocabulary

_ARROWS = {
    Direction.BETTER: "▲ better",
    Direction.WORSE: "▼ worse",
    Direction.SAME: "► same",
    Direction.NEW: "new",
    Direction.CLOSED: "closed",
}
_PENDING = ("claimed", "lapsed")


def number(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun ("1 day", "52 days", "no days")."""
    noun = one if count == 1 else many or f"{one}s"
    return f"{count or 'no'} {noun}"


def none_or(count: int) -> str:
    """Return a count as prose prints it: zero is "None"."""
    return str(count) if count else "None"


def share(part: int, whole: int) -> str:
    """Return "12 of 41 (29%)", rounded down, or "None" where the whole is nothing."""
    return f"{part} of {whole} ({part * 100 // whole}%)" if whole else "None"


def arrow(direction: Direction | None) -> str:
    """Return the direction of travel as arrow and word, or nothing where there is nothing to compare."""
    return "" if direction is None else _ARROWS[direction]


def change(now: int, before: int) -> str:
    """Return how a count has moved ("▲ 2", "▼ 1", "=")."""
    if now == before:
        return "="
    return f"▲ {now - before}" if now > before else f"▼ {before - now}"


def precision_of(text: str) -> Precision:
    """Return the precision that a stored word names; an unknown one counts as a day."""
    try:
        return Precision(text)
    except ValueError:
        return Precision.DAY


def due_value(row: MilestoneRow) -> DateValue:
    """Return the current deadline as written, with its last day; "No date" where there is none."""
    return period_value(row.due_text, row.due, precision_of(row.due_precision))


def original_value(row: MilestoneRow) -> DateValue:
    """Return the original deadline where it is not the current one; else nothing."""
    if row.original_due == row.due and row.original_due_text in ("", row.due_text):
        return DateValue("")
    if row.original_due is None and not row.original_due_text:
        return DateValue("")
    precision = read_period(row.original_due_text).precision if row.original_due_text else Precision.DAY
    return DateValue(show_period(row.original_due_text, row.original_due, precision), row.original_due)


def baseline_value(row: MilestoneRow) -> DateValue:
    """Return the date that slippage is measured against: the baseline of a version, or the original date."""
    text, day = row.measured_text, row.measured_due
    if day is None:
        return DateValue(text)
    precision = read_period(text).precision if text else Precision.DAY
    return DateValue(show_period(text, day, precision), day)


def first_value(row: MilestoneRow) -> DateValue:
    """Return the original deadline, moved or not; "No date" where there was none."""
    precision = read_period(row.original_due_text).precision if row.original_due_text else Precision.DAY
    return period_value(row.original_due_text, row.original_due, precision)


def period_value(text: str, day: date | None, precision: Precision) -> DateValue:
    """Return a period in the words that it is always printed in."""
    if day is None:
        return DateValue(text or "No date")
    return DateValue(show_period(text, day, precision) or show_day(day), day)


def forecast_value(row: MilestoneRow) -> DateValue:
    """Return the forecast as written, or nothing."""
    return DateValue(row.forecast_text or DateValue.of(row.forecast).text, row.forecast)


def status(row: MilestoneRow, vocabulary: Vocabulary) -> StatusValue:
    """Return the chip of a milestone with its marks, in the plan's term for it."""
    return StatusValue(row.colour, row.marks, vocabulary.term(row.colour, row.rule, row.marks, row.standing))


def group_status(colour: Colour, vocabulary: Vocabulary, marks: tuple[str, ...] = ()) -> StatusValue:
    """Return the chip of what has a colour and no rule of its own: a plan, a priority, a workstream, a day before."""
    return StatusValue(colour, marks, vocabulary.term(colour))


def standing_words(words: str, standing: str) -> str:
    """Return a text, with how it stands behind it where a decision has taken it out of the plan."""
    return words if standing == "open" else f"{words} ({standing})"


def days_late(row: MilestoneRow, day: date) -> int:
    """Return how many days the current deadline has passed by: to `day`, or to the completion; never negative."""
    if row.due is None or row.colour is Colour.NONE:
        return 0
    until = row.completed or (row.claimed if row.signoff in (*_PENDING, "approved") else None) or day
    return max(0, (min(until, day) - row.due).days)


def timing(row: MilestoneRow, day: date) -> str:
    """Return where a milestone stands against its deadline, in words ("52 days late", "due in 12 days")."""
    if row.colour is Colour.NONE:
        return row.standing
    late = days_late(row, day)
    if row.colour is Colour.BLUE:
        return f"completed {number(late, 'day')} late" if late else "completed in time"
    if row.signoff in _PENDING and (row.completed or row.claimed):
        waiting = f"; awaiting sign-off for {number((day - row.claimed).days, 'day')}" if row.claimed else ""
        if row.signoff == "lapsed":  # it waited for nobody between the sign-off and its lapse
            waiting = "; awaiting sign-off again"
        return (f"completed {number(late, 'day')} late" if late else "completed in time") + waiting
    if row.due is None:
        return "no date"
    if late:
        return f"{number(late, 'day')} late"
    ahead = (row.due - day).days
    return "due today" if ahead == 0 else f"due in {number(ahead, 'day')}"


def sentence(row: MilestoneRow, day: date) -> str:
    """Return the reason for a colour followed by where the milestone stands on `day`."""
    where = timing(row, day)
    if row.colour in (Colour.BLUE, Colour.NONE) or not where:
        return row.reason
    return f"{row.reason} ({where[:1].upper()}{where[1:]}.)" if row.reason else f"{where[:1].upper()}{where[1:]}."


def leads(found: Sequence[LeadRow]) -> str:
    """Return the posts with organisations, accountable first ("SEND Senior Manager (council), vacant"); no names."""
    if len(found) > 1:
        found = sorted(found, key=lambda lead: not lead.accountable)
    return "; ".join(
        (f"{lead.post} ({lead.organisation})" if lead.organisation else lead.post)
        + (", vacant" if lead.vacant_since else "")
        for lead in found
    )


def shorten(text: str, limit: int = 110) -> str:
    """Return the text, cut at a word with an ellipsis if it is longer than `limit` characters."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


def and_list(items: Sequence[str]) -> str:
    """Return items as prose ("one, two and three")."""
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)
