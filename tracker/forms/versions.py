"""A plan review: the decision that adopts a new version, the ticks on its list, and taking an adoption back."""

from __future__ import annotations

from wtforms import HiddenField, SelectMultipleField
from wtforms.validators import DataRequired

from tracker.forms.fields import GovDateField, LineField, WordsField, WritingForm, trimmed


class ReviewForm(WritingForm):
    """The decision of a board on a new version. `taking` are the milestones that are ticked on the list.

    `step` is "list" until the list has been seen, then "record"; `seen` is the stamp of the list.
    """

    label = LineField("Label of the new version", [DataRequired("Enter the label of the new version")])
    board = LineField("Which board or meeting decided?", [DataRequired("Enter the board or meeting that decided")])
    meeting_on = GovDateField("When was the meeting?", noun="the day of the meeting", required=True)
    minute = LineField("Minute of the decision", [DataRequired("Enter the minute of the decision")])
    adopted = GovDateField("From which day does the new version hold?", noun="the day of adoption", required=True)
    note = WordsField("What was the review about?")
    taking = SelectMultipleField("Milestones that take the new baseline", coerce=int, choices=[], validate_choice=False)
    seen = HiddenField(filters=[trimmed])
    step = HiddenField(filters=[trimmed])


class UndoAdoptionForm(WritingForm):
    """An adoption taken back."""

    reason = WordsField("Why is the adoption undone?", [DataRequired("Enter why the adoption is undone")])
