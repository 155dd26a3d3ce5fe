"""What is put right after a completion, and what a board decides: sign-offs, evidence, lists, ends of plans."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectChoice, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired

from tracker.forms.fields import GovDateField, LineField, PeriodField, WordsField, WritingForm, trimmed
from tracker.forms.milestones import REASONS, is_link
from tracker.rules.minutes import MATTER_WORDS


class RevokeForm(WritingForm):
    """A sign-off taken back."""

    reason = WordsField("Why is the sign-off taken back?", [DataRequired("Enter why the sign-off is taken back")])


class CheckForm(WritingForm):
    """The answer to "still true?" some months after a sign-off."""

    answer = RadioField(
        "Is it still true?",
        choices=[
            SelectChoice("yes", "Yes, it has become part of how we work"),
            SelectChoice("no", "No, open it again"),
        ],
        validators=[InputRequired("Select whether it is still true")],
    )
    reason = WordsField("How do you know?", [DataRequired("Enter how you know")])


class EvidenceForm(WritingForm):
    """A link or a file that supports a completion."""

    evidence_url = LineField("Link to the evidence", [is_link])
    evidence_file = FileField("Or upload a file")

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for one of the two."""
        good = bool(super().validate(extra_validators))
        if not self.evidence_url.data and not self.evidence_file.data:
            self.refuse("evidence_url", "Enter a link to the evidence or upload a file")
            good = False
        return good


class WithdrawForm(WritingForm):
    """Evidence taken back."""

    reason = WordsField("Why is it withdrawn?", [DataRequired("Enter why the evidence is withdrawn")])


class MatterForm(WritingForm):
    """What is put to the board about a milestone."""

    kind = RadioField(
        "What is put to the board?",
        choices=[SelectChoice(key.value, text) for key, text in MATTER_WORDS.items()],
        validators=[InputRequired("Select what is put to the board")],
    )
    text = WordsField(
        "Why, and what is the board asked for?", [DataRequired("Enter why, and what the board is asked for")]
    )


class QueueForm(WritingForm):
    """A decision on one completion, taken in the queue; `plan` is the plan that the queue is narrowed to."""

    decision = HiddenField(filters=[trimmed])
    reason = WordsField("What has to be put right?")
    plan = HiddenField(filters=[trimmed])


class MeetingForm(WritingForm):
    """One decision of a meeting on a list of requests; the view sets the choices. `seen` is what the preview showed."""

    changes = SelectMultipleField("Requests", coerce=int, choices=[], validate_choice=True)
    decision = RadioField(
        "What did the meeting decide?",
        choices=[
            SelectChoice("approve", "The dates that are ticked are agreed"),
            SelectChoice("refuse", "The dates that are ticked are refused"),
        ],
        validators=[InputRequired("Select what the meeting decided")],
    )
    minute = LineField("Minute of the decision", [DataRequired("Enter the minute of the decision")])
    meeting_on = GovDateField("When was the meeting?", noun="the day of the meeting", required=True)
    note = WordsField("Why are they refused?")
    seen = HiddenField(filters=[trimmed])
    step = HiddenField(filters=[trimmed])

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for a tick, and for a reason where dates are refused."""
        good = bool(super().validate(extra_validators))
        if not self.changes.data:
            self.refuse("changes", "Select at least one request")
            good = False
        if self.decision.data == "refuse" and not self.note.data:
            self.refuse("note", "Enter why the dates are refused")
            good = False
        return good

    def versions(self) -> dict[int, int]:
        """Return the versions of milestones that the preview showed, by request; 0 for one it did not show."""
        shown: dict[int, int] = {}
        for pair in (self.seen.data or "").split():
            key, _, version = pair.partition(":")
            if key.isdecimal() and version.isdecimal():
                shown[int(key)] = int(version)
        return {change_id: shown.get(change_id, 0) for change_id in self.changes.data or ()}


class PlanEndForm(WritingForm):
    """The end of a whole plan, moved by the board. `seen` is the end that the form showed."""

    proposed = PeriodField("When does the plan end now?", noun="the new end", required=True)
    reason_code = RadioField(
        "What kind of reason is it?",
        choices=REASONS,
        validators=[InputRequired("Select what kind of reason it is")],
    )
    reason = WordsField("Why does it go on for longer?", [DataRequired("Enter why the plan goes on for longer")])
    minute = LineField("Minute of the board's decision", [DataRequired("Enter the minute of the board's decision")])
    meeting_on = GovDateField("When did the board meet?", noun="the day of the meeting", required=True)
    seen = HiddenField(filters=[trimmed])
