"""What is entered about reports: the Word document that they are made on."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField

from tracker.forms.fields import WritingForm


class TemplateForm(WritingForm):
    """A Word document for the reports of one plan, or the wish to have none of its own."""

    template = FileField("Choose a Word document (.docx)")
    remove = BooleanField("Take the document of this plan away")

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for one of the two."""
        good = bool(super().validate(extra_validators))
        if self.template.data and self.remove.data:
            self.refuse("template", "Choose a document or take the present one away, not both")
            return False
        if not self.template.data and not self.remove.data:
            self.refuse("template", "Choose a Word document")
            return False
        return good
