"""What people enter about what recurs: its rule, one occurrence, a batch of them, the board's acceptance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import RadioField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired

from tracker.forms.fields import GovDateField, LineField, WordsField, WritingForm
from tracker.rules.dates import show_day
from tracker.rules.windows import EVERY_WORDS, Window

_REASON = "reason_"


class RuleForm(WritingForm):
    """How often a commitment is held and from when."""

    every = RadioField(
        "How often is it held?",
        choices=[SelectChoice(every.value, words) for every, words in EVERY_WORDS.items()],
        validators=[InputRequired("Select how often it is held")],
    )
    anchor = GovDateField(
        "On which day does the first window open?", noun="the first day of the first window", required=True
    )
    ends = GovDateField("On which day does it end, if it does?", noun="the day on which it ends")
    reason = WordsField("Why is it changed?")


class RecordForm(WritingForm):
    """What happened in one window."""

    window = SelectField("Which one?", validate_choice=False)
    what = RadioField(
        "What happened?",
        choices=[
            SelectChoice("held", "It was held"),
            SelectChoice("planned", "It is planned for a day"),
            SelectChoice("skipped", "It was skipped or cancelled"),
        ],
        validators=[InputRequired("Select what happened")],
    )
    day = GovDateField("On which day?", noun="the day")
    note = WordsField("Note, or why it was skipped")


class AttestForm(WritingForm):
    """Several windows at once: ticked as held, or with the reason for which one was skipped."""

    held = SelectMultipleField("Held within its window", choices=[], validate_choice=False)

    @property
    def held_days(self) -> list[date]:
        """Return the scheduled dates that are ticked; what is no date is left out."""
        return [day for day in map(_day, self.held.data or ()) if day is not None]

    @property
    def skipped(self) -> dict[date, str]:
        """Return the scheduled dates that have a reason for being skipped, with it."""
        fields = ((_day(name.removeprefix(_REASON)), self[name].data) for name in self._fields if _REASON in name)
        return {day: reason for day, reason in fields if day is not None and reason}

    def reason(self, scheduled: date) -> Any:
        """Return the field for the reason of one scheduled date."""
        return self[f"{_REASON}{scheduled.isoformat()}"]


class AcceptForm(WritingForm):
    """The board's decision that a commitment is business as usual."""

    minute = LineField("Minute of the board's decision", [DataRequired("Enter the minute of the board's decision")])


def attest_form(windows: Sequence[Window]) -> AttestForm:
    """Return the form for a batch, with a box for the reason of each window."""
    boxes = {
        f"{_REASON}{window.scheduled.isoformat()}": LineField(f"Why the one due {show_day(window.scheduled)} was not")
        for window in windows
    }
    made: AttestForm = type("FilledAttestForm", (AttestForm,), boxes)()
    return made


def scheduled_in(text: str | None) -> date | None:
    """Return the scheduled date that a select sent, None if it is none."""
    return _day(text or "")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
