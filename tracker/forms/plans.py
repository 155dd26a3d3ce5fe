"""What is written about a plan itself."""

from __future__ import annotations

from wtforms import IntegerField, SelectChoice, SelectField
from wtforms.validators import DataRequired, NumberRange

from tracker.forms.fields import LineField, WritingForm


class PlanForm(WritingForm):
    """The plan's own words. `plan_version` is the document's version; `version` guards against overwriting."""

    title = LineField("Title", [DataRequired("Enter the title of the plan")])
    plan_version = LineField("Version of the document")
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
