"""Bringing a plan in from a document."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import SelectField

from tracker.forms.fields import ActForm, WordsField, WritingForm

_SUFFIXES = (".xlsx", ".xlsm", ".docx", ".csv", ".tsv", ".txt", ".html", ".htm", ".ods", ".xls", ".xlsb")
_FORMATS = "The file must be a Word document (.docx), a workbook (.xlsx), a CSV or a text file, or a web page"


class UploadForm(WritingForm):
    """A file to read, or text pasted from one. `plan_id` choices are set by the view."""

    plan_id = SelectField("Which plan is it for?", coerce=str)
    file = FileField("Choose a file")
    pasted = WordsField("Or paste the plan as text")

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for one source, in a format that can be read."""
        good = bool(super().validate(extra_validators))
        if self.file.data:
            if not str(self.file.data.filename).casefold().endswith(_SUFFIXES):
                self.refuse("file", _FORMATS)
                good = False
        elif not self.pasted.data:
            self.refuse("file", "Choose a file, or paste the plan as text")
            good = False
        return good


class ApplyForm(ActForm):
    """The decision to apply what a dry run showed."""
