"""How a person wants to be told, and when they are away."""

from __future__ import annotations

from wtforms import BooleanField, SelectChoice, SelectField

from tracker.forms.fields import GovDateField, WritingForm
from tracker.rules.rhythm import CHOICES


class MessagesForm(WritingForm):
    """How often; `digest` is "" for the council's rhythm."""

    digest = SelectField(
        "How often are you told what waits for you?",
        choices=[
            SelectChoice("", "As the council has it"),
            *(SelectChoice(key, text) for key, text in CHOICES.items()),
        ],
    )
    at_once = BooleanField("Tell me at once of each sign-off and each new date that waits for me")
    workbook = BooleanField("Send me what I lead as a workbook too")


class AwayForm(WritingForm):
    """Days on which somebody is away, both included."""

    from_day = GovDateField("First day away", noun="the first day", required=True)
    to_day = GovDateField("Last day away", noun="the last day", required=True)
