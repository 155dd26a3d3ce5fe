"""How a person wants to be told, and when they are away."""

from __future__ import annotations

from wtforms import BooleanField, IntegerField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from tracker.forms.fields import GovDateField, WritingForm
from tracker.rules.rhythm import CHOICES
from tracker.services.message_settings import Choice

_DAYS = "Enter a whole number of days"


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


class CouncilForm(WritingForm):
    """How the council tells its people; `choice` is what was typed."""

    digest = SelectField(
        "How often are people told who have not chosen otherwise?",
        choices=[SelectChoice(key, text) for key, text in CHOICES.items()],
    )
    grace_manager = IntegerField(
        "Working days of silence until the improvement manager is told", [InputRequired(_DAYS)]
    )
    grace_senior = IntegerField(
        "Working days of silence until the senior responsible officer is told", [InputRequired(_DAYS)]
    )
    link_days = IntegerField("Days for which a link updates without signing in", [InputRequired(_DAYS)])

    @property
    def choice(self) -> Choice:
        """Return what was typed."""
        return Choice(
            self.digest.data or "", self.grace_manager.data or 0, self.grace_senior.data or 0, self.link_days.data or 0
        )


class AwayForm(WritingForm):
    """Days on which somebody is away, both included."""

    from_day = GovDateField("First day away", noun="the first day", required=True)
    to_day = GovDateField("Last day away", noun="the last day", required=True)
