"""What is written about a plan itself."""

from __future__ import annotations

from wtforms.validators import DataRequired

from tracker.forms.fields import LineField, WritingForm


class PlanForm(WritingForm):
    """The plan's own words. `plan_version` is the document's version; `version` guards against overwriting."""

    title = LineField("Title", [DataRequired("Enter the title of the plan")])
    plan_version = LineField("Version of the document")
    review_cycle = LineField("How often it is reviewed")
    marking = LineField("Protective marking")
