"""Who holds a post."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, SelectField

from tracker.forms.fields import GovDateField, WritingForm


class HoldingForm(WritingForm):
    """A person in a post between two days; the view sets the choices of people."""

    person_id = SelectField("Person", coerce=int)
    from_day = GovDateField("From", noun="the first day", required=True)
    to_day = GovDateField("To", noun="the last day")
    deputy = BooleanField("As a deputy")

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse an end before the beginning."""
        good = bool(super().validate(extra_validators))
        if self.from_day.data and self.to_day.data and self.to_day.data < self.from_day.data:
            self.refuse("to_day", "The last day must be the same as or after the first day")
            good = False
        return good
