"""What people enter about a milestone: an update, a completion, a decision, a new date, an override."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectChoice, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from tracker.forms.fields import GovDateField, GovForm, LineField, PeriodField, WordsField, WritingForm
from tracker.rules.reason_codes import REASON_CODES
from tracker.rules.vocabulary import PERCENT, Vocabulary

REASONS = [SelectChoice(code, words) for code, words in REASON_CODES.items()]

_HOW = (
    SelectChoice("on_track", "On track"),
    SelectChoice("at_risk", "At risk"),
    SelectChoice("will_miss", "Will miss its date"),
    SelectChoice("done", "Done"),
)


def is_link(form: GovForm, field: Any) -> None:
    """Refuse what a browser would not open as a page."""
    if field.data and not field.data.casefold().startswith(("https://", "http://")):
        raise ValidationError("The link must start with https://")


class UpdateForm(WritingForm):
    """A lead's update. Reason and recovery are asked for only where it is not on track."""

    supported = False  # whether evidence that was given before stands

    confidence = RadioField(
        "How is it going?", choices=_HOW, validators=[InputRequired("Select how it is going")], default=None
    )
    progress = WordsField("What has been done?")
    impact = WordsField("What difference has it made?")
    no_change = BooleanField("No change since the last update")
    started = GovDateField("When did the work start?", noun="the day the work started")
    forecast_text = PeriodField("When do you now expect it to be done?", noun="a forecast date")
    confidence_reason = WordsField("Why?")
    recovery = WordsField("What are you doing about it?")
    consequence = WordsField("What happens if nothing more is done?")
    help_needed = WordsField("What help do you need?")
    blocked = LineField("Does something stop the work? If so, what?")
    percent = LineField("How much of the work is done, in per cent?")
    outcome_confidence = RadioField("How confident are you in the outcome?", choices=[], validate_choice=False)
    outcome_reason = WordsField("Why are you that confident?")
    completed = GovDateField("When was the work complete?", noun="the day the work was complete")
    evidence_url = LineField("Link to the evidence", [is_link])
    evidence_file = FileField("Or upload a file")

    def speak(self, words: Vocabulary) -> None:
        """Ask only for what the plan's rating scheme has: a percentage, a second rating."""
        if not words.has(PERCENT):
            del self.percent
        if not words.outcome:
            del self.outcome_confidence
            del self.outcome_reason
        else:
            self.outcome_confidence.choices = [SelectChoice(term.key, term.word) for term in words.outcome]

    def given(self, name: str) -> str:
        """Return what was typed in a box that not every plan has; "" where there is none."""
        return (self[name].data or "") if name in self else ""

    @property
    def off_track(self) -> bool:
        """Return whether the lead says that the date is in doubt."""
        return self.confidence.data in ("at_risk", "will_miss")

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for what the answer to the first question makes necessary."""
        good = bool(super().validate(extra_validators))
        if self.off_track and not self.confidence_reason.data:
            self.refuse("confidence_reason", "Enter why the date is in doubt")
            good = False
        if self.confidence.data == "will_miss" and self.forecast_text.period is None and not self.forecast_text.errors:
            self.refuse("forecast_text", "Enter a forecast date, such as Nov 2027 or 30 November 2027")
            good = False
        if self.confidence.data and not self.no_change.data and not self.progress.data:
            self.refuse("progress", "Enter what has been done, or select that nothing has changed")
            good = False
        given = self.supported or self.evidence_url.data or self.evidence_file.data
        if self.confidence.data == "done" and not given:
            self.refuse("evidence_url", "Enter a link to the evidence or upload a file")
            good = False
        return good


class ClaimForm(WritingForm):
    """A completion, claimed with evidence."""

    supported = False  # whether evidence that was given before stands

    completed = GovDateField("When was the work complete?", noun="the day the work was complete", required=True)
    progress = WordsField("What was delivered?", [DataRequired("Enter what was delivered")])
    impact = WordsField("What difference has it made?")
    evidence_url = LineField("Link to the evidence", [is_link])
    evidence_file = FileField("Or upload a file")

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a completion without evidence."""
        good = bool(super().validate(extra_validators))
        if not (self.supported or self.evidence_url.data or self.evidence_file.data):
            self.refuse("evidence_url", "Enter a link to the evidence or upload a file")
            good = False
        return good


class DecideForm(WritingForm):
    """Approve or return a completion."""

    decision = RadioField(
        "What do you decide?",
        choices=[
            SelectChoice("approve", "Approve the completion"),
            SelectChoice("return", "Return it to the lead"),
        ],
        validators=[InputRequired("Select whether you approve the completion or return it")],
    )
    reason = WordsField("What has to be put right?")

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for a reason where the completion goes back."""
        good = bool(super().validate(extra_validators))
        if self.decision.data == "return" and not self.reason.data:
            self.refuse("reason", "Enter what has to be put right")
            good = False
        return good


class NewDateForm(WritingForm):
    """A request for a new date."""

    proposed = PeriodField("What new date do you ask for?", noun="a new date", required=True)
    reason_code = RadioField(
        "What kind of reason is it?",
        choices=REASONS,
        validators=[InputRequired("Select what kind of reason it is")],
    )
    reason = WordsField(
        "Why will the present date be missed?", [DataRequired("Enter why the present date will be missed")]
    )
    recovery = WordsField(
        "What will you do to meet the new date?", [DataRequired("Enter what you will do to meet the new date")]
    )


class DecideDateForm(WritingForm):
    """Approve or refuse a new date; the board's decision is recorded with its minute."""

    decision = RadioField(
        "What is decided?",
        choices=[
            SelectChoice("approve", "Approve the new date"),
            SelectChoice("refuse", "Refuse the new date"),
        ],
        validators=[InputRequired("Select whether the new date is approved or refused")],
    )
    minute = LineField("Minute of the board's decision")
    meeting_on = GovDateField("When did the board meet?", noun="the day of the meeting")
    note = WordsField("Why is it refused?")

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for a reason where the new date is refused."""
        good = bool(super().validate(extra_validators))
        if self.decision.data == "refuse" and not self.note.data:
            self.refuse("note", "Enter why the new date is refused")
            good = False
        return good


class OverrideForm(WritingForm):
    """A colour that a person sets against the computed one, until a day; the view names the colours."""

    colour = RadioField(
        "What colour should stand?",
        choices=[],
        validators=[InputRequired("Select a colour")],
    )
    until = GovDateField("Until when?", noun="the last day of the override", required=True)
    reason = WordsField("Why?", [DataRequired("Enter why the computed colour should not stand")])


class ConfirmAllForm(WritingForm):
    """Several milestones confirmed as on track at once; the view sets the choices to what the page shows."""

    milestones = SelectMultipleField("Milestones", coerce=int, choices=[], validate_choice=True)
