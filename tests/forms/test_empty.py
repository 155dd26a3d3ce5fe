"""What each form says where nothing is entered: a sentence beside every box that has to be filled in, and no other."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

import tracker.forms
from tracker.forms.fields import GovForm
from tracker.forms.governance import EvidenceForm
from tracker.forms.milestones import ClaimForm

EMPTY: dict[str, dict[str, str]] = {
    "ProfileForm": {"name": "Enter a name, for example the team or the tool that the file comes from"},
    "ReturnForm": {"files": "Choose at least one workbook"},
    "SignInForm": {"email": "Enter your email address", "password": "Enter your password"},
    "RuleForm": {"every": "Select how often it is held", "anchor": "Enter the first day of the first window"},
    "RecordForm": {"what": "Select what happened"},
    "AttestForm": {},
    "AcceptForm": {"minute": "Enter the minute of the board's decision"},
    "ActForm": {},
    "RevokeForm": {"reason": "Enter why the sign-off is taken back"},
    "CheckForm": {"answer": "Select whether it is still true", "reason": "Enter how you know"},
    "EvidenceForm": {"evidence_url": "Enter a link to the evidence or upload a file"},
    "WithdrawForm": {"reason": "Enter why the evidence is withdrawn"},
    "QueueForm": {},
    "MeetingForm": {
        "changes": "Select at least one request",
        "decision": "Select what the meeting decided",
        "minute": "Enter the minute of the decision",
        "meeting_on": "Enter the day of the meeting",
    },
    "PlanEndForm": {
        "proposed": "Enter the new end, such as Nov 2027 or 30 November 2027",
        "reason_code": "Select what kind of reason it is",
        "reason": "Enter why the plan goes on for longer",
        "minute": "Enter the minute of the board's decision",
        "meeting_on": "Enter the day of the meeting",
    },
    "ApplyForm": {},
    "LinkActionsForm": {"reason": "Enter why the links change"},
    "PredecessorForm": {"predecessor": "Select a milestone", "reason": "Enter why it has to wait"},
    "StopWaitingForm": {"reason": "Enter why it no longer has to wait"},
    "UpdateForm": {"confidence": "Select how it is going"},
    "ClaimForm": {
        "completed": "Enter the day the work was complete",
        "progress": "Enter what was delivered",
        "evidence_url": "Enter a link to the evidence or upload a file",
    },
    "DecideForm": {"decision": "Select whether you approve the completion or return it"},
    "NewDateForm": {
        "proposed": "Enter a new date, such as Nov 2027 or 30 November 2027",
        "reason_code": "Select what kind of reason it is",
        "reason": "Enter why the present date will be missed",
        "recovery": "Enter what you will do to meet the new date",
    },
    "DecideDateForm": {"decision": "Select whether the new date is approved or refused"},
    "OverrideForm": {
        "colour": "Select a colour",
        "until": "Enter the last day of the override",
        "reason": "Enter why the computed colour should not stand",
    },
    "ConfirmAllForm": {},
    "OrganisationForm": {
        "name": "Enter the name of the organisation",
        "kind": "Select what kind of organisation it is",
        "outside": "Select whether it is outside the council",
    },
    "PostForm": {"title": "Enter the title of the post"},
    "ClosePostForm": {"last_day": "Enter the last day"},
    "AppointForm": {"person": "Select a person", "from_day": "Enter the first day"},
    "HandOverForm": {"person": "Select a person", "from_day": "Enter the first day"},
    "DeputyForm": {"person": "Select a person", "from_day": "Enter the first day", "to_day": "Enter the last day"},
    "EndHoldingForm": {"to_day": "Enter the last day"},
    "AccountForm": {"name": "Enter a name", "email": "Enter an email address"},
    "PasswordForm": {"password": "Enter a new password"},
    "OwnPasswordForm": {"old": "Enter the password that you sign in with now", "new": "Enter a new password"},
    "RoleForm": {"plan": "Select a plan", "role": "Select a role"},
    "LeadsForm": {},
    "PlanForm": {
        "title": "Enter the title of the plan",
        "priority_label": "Enter what it calls its priorities",
        "workstream_label": "Enter what it calls its workstreams",
        "reason": "Enter why it is changed",
    },
    "TermsForm": {
        "reason": "Enter why they are changed",
        "autumn_half": "Enter a day, like 19 December",
        "autumn": "Enter a day, like 19 December",
        "spring_half": "Enter a day, like 19 December",
        "spring": "Enter a day, like 19 December",
        "summer_half": "Enter a day, like 19 December",
        "summer": "Enter a day, like 19 December",
    },
    "RaidForm": {"title": "Enter what it is"},
    "ReadingForm": {"period": "Enter the period that the figure is of", "value": "Enter the figure"},
    "TakeBackForm": {"reason": "Enter why the figure is taken back"},
    "CopyForm": {},
    "SchemeChoiceForm": {},
    "SchemeForm": {},
    "StructureForm": {},
    "AddForm": {},
    "RewordForm": {},
    "MoveForm": {},
    "OrderForm": {},
    "CriticalForm": {"critical": "Select whether it is critical", "reason": "Enter why"},
    "StandingForm": {
        "standing": "Select what was decided",
        "reference": "Enter what decided it",
        "decided_on": "Enter the day of the decision",
    },
    "ReopenForm": {"reason": "Enter why it is opened again"},
    "UndoForm": {},
    "SplitForm": {"text": "Enter what the first one says", "reason": "Enter why it is split"},
    "ReviewForm": {
        "label": "Enter the label of the new version",
        "board": "Enter the board or meeting that decided",
        "meeting_on": "Enter the day of the meeting",
        "minute": "Enter the minute of the decision",
        "adopted": "Enter the day of adoption",
    },
    "UndoAdoptionForm": {"reason": "Enter why the adoption is undone"},
}
"""By form, the sentence beside each box. Forms whose views set their choices are in tests/views."""


@pytest.fixture(autouse=True)
def request_context() -> Iterator[None]:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="x", WTF_CSRF_ENABLED=False)
    with app.test_request_context(method="POST"):
        yield


def every() -> dict[str, type[GovForm]]:
    """Return every form that there is, by its name."""
    modules = [
        importlib.import_module(f"tracker.forms.{one.name}") for one in pkgutil.iter_modules(tracker.forms.__path__)
    ]
    kinds = [kind for module in modules for kind in vars(module).values() if isinstance(kind, type)]
    return {kind.__name__: kind for kind in kinds if issubclass(kind, GovForm)}


@pytest.mark.parametrize("name", EMPTY)
def test_a_form_with_nothing_in_it_says_what_each_box_needs(name: str) -> None:
    form = every()[name](formdata=MultiDict({"nothing": "at all"}))
    assert form.validate() == (not EMPTY[name])
    assert {box: str(said[0]) for box, said in form.errors.items()} == EMPTY[name]


@pytest.mark.parametrize("kind", [ClaimForm, EvidenceForm])
@pytest.mark.parametrize(
    ("link", "taken"),
    [
        ("https://testshire.example/1", True),
        ("http://testshire.example/1", True),
        ("ftp://testshire.example/1", False),
        ("minutes", False),
    ],
)
def test_evidence_is_a_link_to_a_page_of_the_web(kind: type[GovForm], link: str, taken: bool) -> None:
    form = kind(formdata=MultiDict({"evidence_url": link}))
    form.validate()
    assert ("The link must start with https://" in form.errors.get("evidence_url", ())) != taken
