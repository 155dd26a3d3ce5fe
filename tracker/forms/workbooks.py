"""Workbooks that leads sent back."""

from __future__ import annotations

from typing import Any

from wtforms import MultipleFileField

from tracker.forms.fields import WritingForm

_SUFFIXES = (".xlsx", ".xlsm", ".ods", ".xls", ".xlsb")
MOST_FILES = 30


class ReturnForm(WritingForm):
    """One or more workbooks that came back by e-mail."""

    files = MultipleFileField("Choose the workbooks that came back")

    @property
    def chosen(self) -> list[Any]:
        """Return the files that were chosen."""
        return [file for file in self.files.data or () if file and file.filename]

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for at least one workbook, of a kind that can be read."""
        good = bool(super().validate(extra_validators))
        wrong = [file.filename for file in self.chosen if not file.filename.casefold().endswith(_SUFFIXES)]
        if not self.chosen:
            self.refuse("files", "Choose at least one workbook")
        elif len(self.chosen) > MOST_FILES:
            self.refuse("files", f"Choose at most {MOST_FILES} workbooks at a time")
        elif wrong:
            self.refuse("files", f"{wrong[0][:80]} is not a workbook: choose files that end in .xlsx, .xlsm or .ods")
        else:
            return good
        return False
