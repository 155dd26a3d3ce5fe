"""What a manager enters about the links of a milestone."""

from __future__ import annotations

from wtforms import RadioField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired

from tracker.forms.fields import WordsField, WritingForm


class LinkActionsForm(WritingForm):
    """The actions that a milestone belongs to; the view sets the choices to those of its workstream."""

    actions = SelectMultipleField("Which actions does it belong to?", coerce=int, choices=[], validate_choice=True)
    reason = WordsField("Why?", [DataRequired("Enter why the links change")])


class PredecessorForm(WritingForm):
    """One milestone to wait for; the view sets the choices to what the search found."""

    predecessor = RadioField(
        "Which milestone has to be finished first?",
        coerce=int,
        choices=[],
        validate_choice=False,
        validators=[InputRequired("Select a milestone")],
    )
    reason = WordsField("Why does it have to wait?", [DataRequired("Enter why it has to wait")])


class StopWaitingForm(WritingForm):
    """A milestone that no longer waits."""

    reason = WordsField("Why does it no longer have to wait?", [DataRequired("Enter why it no longer has to wait")])
