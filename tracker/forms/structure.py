"""What an improvement manager enters to edit a plan: one form an act. `step` says whether the preview was seen."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import HiddenField, RadioField, SelectChoice, SelectField
from wtforms.validators import DataRequired, InputRequired

from tracker.forms.fields import GovDateField, LineField, WordsField, WritingForm, trimmed
from tracker.services.structure.items import RECORD_NAMES
from tracker.services.structure.splitting import Part

PARTS = 4
"""How many new milestones one split can make."""
NOWHERE = "0"


class StructureForm(WritingForm):
    """A form about the structure of a plan: what touches more than one thing is shown before it is done."""

    step = HiddenField(filters=[trimmed], default="look")
    reason = WordsField("Why?")


class AddForm(StructureForm):
    """Something new. Which boxes are shown depends on what it is."""

    under = SelectField("Where does it belong?", validate_choice=False)
    ref = LineField("Reference")
    text = WordsField("Text")
    description = WordsField("Description")
    due = LineField("When is it due?")
    frequency = LineField("How often?")
    record_kind = SelectField(
        "What kind of record is it?",
        choices=[SelectChoice(kind, name[:1].upper() + name[1:]) for kind, name in RECORD_NAMES.items()],
        validate_choice=False,
    )
    term = LineField("Term")


class RewordForm(StructureForm):
    """Words that change. Which boxes are shown depends on what it is."""

    title = WordsField("Title")
    description = WordsField("Description")
    text = WordsField("Text")
    term = LineField("Term")
    frequency = LineField("How often?")


class MoveForm(StructureForm):
    """Another place."""

    target = SelectField("Where does it belong?", validate_choice=False)


class OrderForm(StructureForm):
    """Another spot among its like."""

    after = SelectField("Where does it stand?", validate_choice=False)


class CriticalForm(StructureForm):
    """Whether a milestone weighs in the headline by itself."""

    critical = RadioField(
        "Is it critical?",
        choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No")],
        validators=[InputRequired("Select whether it is critical")],
    )
    reason = WordsField("Why?", [DataRequired("Enter why")])


class StandingForm(StructureForm):
    """A decision that takes something out of the plan."""

    standing = RadioField(
        "What was decided?",
        choices=[
            SelectChoice("withdrawn", "It is withdrawn"),
            SelectChoice("suspended", "It is suspended"),
            SelectChoice("superseded", "It is superseded by something else"),
        ],
        validators=[InputRequired("Select what was decided")],
    )
    reference = LineField("What decided it, and where is that written?", [DataRequired("Enter what decided it")])
    decided_on = GovDateField("On which day?", noun="the day of the decision", required=True)
    below = RadioField("What becomes of what stands below it?", validate_choice=False)
    target = SelectField("If it is moved, where to?", validate_choice=False)


class ReopenForm(StructureForm):
    """Something that comes back into the plan."""

    reason = WordsField("Why is it opened again?", [DataRequired("Enter why it is opened again")])


class UndoForm(StructureForm):
    """An act that is taken back."""

    reason = WordsField("Why is it undone?")


class SplitForm(StructureForm):
    """One milestone into several."""

    text = WordsField("What the first one says from now on", [DataRequired("Enter what the first one says")])
    reason = WordsField("Why is it split?", [DataRequired("Enter why it is split")])

    def parts(self) -> list[Part]:
        """Return the new milestones that were typed, empty ones too: their number is the number of their boxes."""
        return [
            Part(*(self[f"{name}_{number}"].data or "" for name in ("text", "due", "ref")))
            for number in range(1, PARTS + 1)
        ]


for _number in range(1, PARTS + 1):
    setattr(SplitForm, f"text_{_number}", WordsField(f"New milestone {_number}"))
    setattr(SplitForm, f"due_{_number}", LineField(f"Deadline of new milestone {_number}"))
    setattr(SplitForm, f"ref_{_number}", LineField(f"Reference of new milestone {_number}"))


def chosen(value: str | None) -> int | None:
    """Return the id that a select sent, None if it sent none."""
    text = value or ""
    return int(text) if text.isdecimal() and len(text) < 10 and text != NOWHERE else None


def choices(pairs: Iterable[tuple[int, str]], empty: str = "") -> list[SelectChoice]:
    """Return places as the choices of a select; `empty` heads them where nothing is chosen yet."""
    first = [SelectChoice(NOWHERE, empty)] if empty else []
    return [*first, *(SelectChoice(str(key), words) for key, words in pairs)]
