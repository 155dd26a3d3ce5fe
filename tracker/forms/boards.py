"""What is entered about boards, their members, their meetings, and the days on which the council is closed."""

from __future__ import annotations

from wtforms import IntegerField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired

from tracker.forms.fields import GovDateField, LineField, WordsField, WritingForm
from tracker.rules.meeting_dates import CYCLE_WORDS, DATE_WORDS, Offsets
from tracker.services.boards import PARTS

_NUMBER = "Enter a number of working days, such as 5"


class BoardForm(WritingForm):
    """A board: what it is, how often it meets, and how many working days before a meeting everything is."""

    name = LineField("Name of the board", [DataRequired("Enter the name of the board")])
    about = WordsField("What it is")
    terms = WordsField("Terms of reference")
    terms_url = LineField("Link to the terms of reference")
    cycle = SelectField(
        "How often does it meet?",
        choices=[SelectChoice("", "No fixed cycle"), *(SelectChoice(key, text) for key, text in CYCLE_WORDS.items())],
        validate_choice=False,
    )
    anchor = GovDateField("A meeting of the cycle", noun="a meeting of the cycle")
    opens_days = IntegerField(DATE_WORDS["opens"], [InputRequired(_NUMBER)], default=Offsets().opens)
    closes_days = IntegerField(DATE_WORDS["closes"], [InputRequired(_NUMBER)], default=Offsets().closes)
    cut_off_days = IntegerField(DATE_WORDS["cut_off"], [InputRequired(_NUMBER)], default=Offsets().cut_off)
    papers_days = IntegerField(DATE_WORDS["papers"], [InputRequired(_NUMBER)], default=Offsets().papers)
    starts_at = LineField("Usual time")
    place = LineField("Usual place")
    link = LineField("Usual link, where it meets online")


class BoardPlanForm(WritingForm):
    """A plan that is to report to the board."""

    plan = SelectField("Plan", coerce=str, validate_choice=False, validators=[DataRequired("Select a plan")])


class MemberForm(WritingForm):
    """A seat on a board."""

    part = SelectField("Part", choices=[SelectChoice(key, text) for key, text in PARTS.items()], validate_choice=False)
    post = SelectField("Post", coerce=str, validate_choice=False)
    represents = LineField("Or whom the seat is for")


class MeetingForm(WritingForm):
    """A meeting; a date that is left empty is worked out from the day of the meeting."""

    day = GovDateField("Day of the meeting", noun="the day of the meeting", required=True)
    starts_at = LineField("Time")
    place = LineField("Place")
    link = LineField("Link, where it meets online")
    opens = GovDateField(DATE_WORDS["opens"], noun="the day on which the update window opens")
    closes = GovDateField(DATE_WORDS["closes"], noun="the day on which the update window closes")
    cut_off = GovDateField(DATE_WORDS["cut_off"], noun="the cut-off")
    papers = GovDateField(DATE_WORDS["papers"], noun="the day on which papers go out")
    note = WordsField("Note")


class ProposedForm(WritingForm):
    """Meetings of the cycle that are ticked to be planned."""

    days = SelectMultipleField("Meetings", coerce=str, choices=[], validate_choice=False)


class CancelForm(WritingForm):
    """A meeting that is not going to be held."""

    reason = WordsField("Why is the meeting cancelled?", [DataRequired("Enter why the meeting is cancelled")])


class ClosureForm(WritingForm):
    """A day on which the council is closed."""

    day = GovDateField("Day", noun="the day", required=True)
    name = LineField("Why is the council closed?", [DataRequired("Enter why the council is closed")])
