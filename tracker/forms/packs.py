"""What is entered about a pack on its way: what it is for, why a line is waived, why it is set aside or corrected."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.forms.fields import GovDateField, LineField, WordsField, WritingForm, trimmed
from tracker.rules.minutes import ACTION_WORDS, OUTCOME_WORDS
from tracker.services.packs import PURPOSES


class NewPackForm(WritingForm):
    """A pack to begin: for a meeting, or for none as at a day."""

    meeting = HiddenField(filters=[trimmed])
    of_day = GovDateField("Data as at", noun="the day of the data")


class PackForm(WritingForm):
    """What a draft says of itself. Recommendations are a line each."""

    meeting = SelectField("Which meeting is it for?", coerce=str, choices=[], validate_choice=False)
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


class CommentaryForm(WritingForm):
    """What is said about a part of the plan."""

    text = WordsField("Commentary", [DataRequired("Enter the commentary")])
    accepted = BooleanField("I accept this text as the commentary of the pack")


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


class MinuteForm(WritingForm):
    """What a meeting said to some of the decisions that a pack asked for."""

    decisions = SelectMultipleField(
        "Which decisions?",
        validators=[DataRequired("Select at least one decision")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    outcome = RadioField(
        "What did the board decide?",
        choices=[SelectChoice(key.value, text) for key, text in OUTCOME_WORDS.items()],
        validators=[InputRequired("Select what the board decided")],
    )
    minute = LineField("Minute", [DataRequired("Enter the number of the minute")])
    note = WordsField("What was said")


class WordsForm(WritingForm):
    """A decision of the board that its pack did not ask for."""

    text = WordsField("What did the board decide?", [DataRequired("Enter what the board decided")])
    minute = LineField("Minute", [DataRequired("Enter the number of the minute")])


class MeetingActionForm(WritingForm):
    """An action that a meeting agreed."""

    text = WordsField("What is to be done?", [DataRequired("Enter what is to be done")])
    owner = LineField("Who does it (post)?", [DataRequired("Enter the post that does it")])
    due = GovDateField("By when?", noun="the day by which it is to be done", required=True)
    minute = LineField("Minute")


class SettleActionForm(WritingForm):
    """What has become of an action."""

    state = RadioField(
        "How far is it?",
        choices=[SelectChoice(key.value, text) for key, text in ACTION_WORDS.items()],
        validators=[InputRequired("Select how far it is")],
    )
    outcome = WordsField("What has become of it?")
