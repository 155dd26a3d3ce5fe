"""What is entered about a pack on its way: what it is for, why a line is waived, why it is set aside or corrected."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, SelectChoice
from wtforms.validators import DataRequired, InputRequired

from tracker.forms.fields import GovDateField, LineField, WordsField, WritingForm, trimmed
from tracker.services.packs import PURPOSES


class NewPackForm(WritingForm):
    """A pack to begin: for a meeting, or for none as at a day."""

    meeting = HiddenField(filters=[trimmed])
    of_day = GovDateField("Data as at", noun="the day of the data")


class PackForm(WritingForm):
    """What a draft says of itself. Recommendations are a line each."""

    as_at = GovDateField("Data as at", noun="the day of the data", required=True)
    purpose = RadioField(
        "What is the pack for?",
        choices=[SelectChoice(key, text) for key, text in PURPOSES.items()],
        validators=[InputRequired("Select what the pack is for")],
    )
    recommendations = WordsField("What is the board asked to do?")
    author = LineField("Author (post)")
    senior_officer = LineField("Senior responsible officer (post)")
    assurance = LineField("Level of assurance")
    considered_by = WordsField("Considered before by")
    correction = WordsField("What does this version change?")


class WaiveForm(WritingForm):
    """A line of the preflight that may stand."""

    check = HiddenField(filters=[trimmed])
    subject = HiddenField(filters=[trimmed])
    reason = WordsField("Why may it stand?", [DataRequired("Enter why the line may stand: the pack prints it")])


class SetAsideForm(WritingForm):
    """A pack that is not going to be issued."""

    reason = WordsField("Why is the pack set aside?", [DataRequired("Enter why the pack is set aside")])


class CorrectForm(WritingForm):
    """A new version of an issued pack."""

    correction = WordsField("What does the new version change?", [DataRequired("Enter what the new version changes")])
