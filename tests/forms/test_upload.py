"""What the form for a file to import asks for."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage, MultiDict

from tracker.forms.imports import UploadForm

ONE_SOURCE = "Choose a file, or paste the plan as text"
FORMATS = "The file must be a Word document (.docx), a workbook (.xlsx), a CSV or a text file, or a web page"


@pytest.mark.parametrize(
    ("filename", "pasted", "said"),
    [
        ("", "", {"file": ONE_SOURCE}),
        ("", "Action\tLead", {}),
        ("plan.xlsx", "", {}),
        ("PLAN.DOCX", "", {}),
        ("plan.exe", "", {"file": FORMATS}),
    ],
)
def test_an_import_needs_one_source_in_a_format_that_can_be_read(
    filename: str, pasted: str, said: dict[str, str]
) -> None:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="x", WTF_CSRF_ENABLED=False)
    sent: MultiDict[str, object] = MultiDict({"plan_id": "", "profile": "*", "pasted": pasted})
    if filename:
        sent["file"] = FileStorage(BytesIO(b"x"), filename)
    with app.test_request_context(method="POST"):
        form = UploadForm(formdata=sent)
        form.plan_id.choices = [("", "A new plan")]
        form.profile.choices = [("*", "The one that fits")]
        assert form.validate() == (not said)
        assert {box: str(words[0]) for box, words in form.errors.items()} == said
