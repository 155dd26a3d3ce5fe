"""What is written about a plan itself."""

from __future__ import annotations

from wtforms import BooleanField, IntegerField, SelectChoice, SelectField
from wtforms.validators import DataRequired, NumberRange

from tracker.forms.fields import GovDateField, LineField, WordsField, WritingForm
from tracker.rules.terms import TERM_NAMES


class PlanForm(WritingForm):
    """The plan's own words. `plan_version` is the document's version; `version` guards against overwriting."""

    title = LineField("Title", [DataRequired("Enter the title of the plan")])
    plan_version = LineField("Version of the document")
    adopted = GovDateField("On which day was it adopted?", noun="the day of adoption")
    starts = LineField("When does it start?")
    reports_to = WordsField("Who does it report to?")
    priority_label = LineField(
        "What does it call its priorities?", [DataRequired("Enter what it calls its priorities")]
    )
    workstream_label = LineField(
        "What does it call its workstreams?", [DataRequired("Enter what it calls its workstreams")]
    )
    review_cycle = LineField("How often it is reviewed")
    marking = LineField("Protective marking")
    delegated_days = IntegerField(
        "How many days may the improvement manager move a date, the first time?",
        [NumberRange(0, 366, "Enter a number of days from 0 to 366")],
        default=31,
    )
    check_months = SelectField(
        "When is a completion checked again?",
        choices=[SelectChoice(0, "Never"), SelectChoice(3, "After 3 months"), SelectChoice(6, "After 6 months")],
        coerce=int,
        default=0,
    )
    senior_post_id = SelectField(
        "Which post is the senior responsible officer?", coerce=int, validate_choice=False, default=0
    )
    sensitive = BooleanField("Keep its title and texts out of messages")
    reason = WordsField("Why is it changed?", [DataRequired("Enter why it is changed")])


class TermsForm(WritingForm):
    """The last day of each school term, in words ("19 December")."""

    reason = WordsField("Why are they changed?", [DataRequired("Enter why they are changed")])


for _name, _label in TERM_NAMES.items():
    setattr(TermsForm, _name, LineField(f"{_label} ends on", [DataRequired("Enter a day, like 19 December")]))
