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
    "MatterForm": {
        "kind": "Select what is put to the board",
        "text": "Enter why, and what the board is asked for",
    },
    "QueueForm": {},
    "governance.MeetingForm": {
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
    "EmailForm": {"email": "Enter an email address"},
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
    "VoiceForm": {
        "who": "Enter whose voice it is, as a group",
        "text": "Enter what they say",
        "source": "Enter where it is from",
        "heard_on": "Enter the day on which it was heard",
    },
    "TakeBackForm": {"reason": "Enter why it is taken back"},
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
    "BoardForm": {
        "name": "Enter the name of the board",
        "opens_days": "Enter a number of working days, such as 5",
        "closes_days": "Enter a number of working days, such as 5",
        "cut_off_days": "Enter a number of working days, such as 5",
        "papers_days": "Enter a number of working days, such as 5",
    },
    "BoardPlanForm": {"plan": "Select a plan"},
    "MemberForm": {},
    "boards.MeetingForm": {"day": "Enter the day of the meeting"},
    "ProposedForm": {},
    "CancelForm": {"reason": "Enter why the meeting is cancelled"},
    "ClosureForm": {"day": "Enter the day", "name": "Enter why the council is closed"},
    "ColumnsForm": {},
    "QuestionsForm": {},
    "MessagesForm": {"digest": "Not a valid choice."},
    "CouncilForm": {
        "digest": "Not a valid choice.",
        "grace_manager": "Enter a whole number of days",
        "grace_senior": "Enter a whole number of days",
        "link_days": "Enter a whole number of days",
    },
    "AwayForm": {"from_day": "Enter the first day", "to_day": "Enter the last day"},
    "NewPackForm": {},
    "PackForm": {"as_at": "Enter the day of the data", "purpose": "Select what the pack is for"},
    "CommentaryForm": {"text": "Enter the commentary"},
    "WaiveForm": {"reason": "Enter why the line may stand: the pack prints it"},
    "SetAsideForm": {"reason": "Enter why the pack is set aside"},
    "CorrectForm": {"correction": "Enter what the new version changes"},
    "MinuteForm": {
        "decisions": "Select at least one decision",
        "outcome": "Select what the board decided",
        "minute": "Enter the number of the minute",
    },
    "WordsForm": {"text": "Enter what the board decided", "minute": "Enter the number of the minute"},
    "MeetingActionForm": {
        "text": "Enter what is to be done",
        "owner": "Enter the post that does it",
        "due": "Enter the day by which it is to be done",
    },
    "SettleActionForm": {"state": "Select how far it is"},
    "TemplateForm": {"template": "Choose a Word document"},
    "ChangeForm": {"address": "Enter the address"},
    "WebhookForm": {"address": "Enter the address"},
}
"""By form, the sentence beside each box; with its module where two forms have one name."""
ELSEWHERE = {"GovForm", "WritingForm", "UploadForm"}
"""What other forms are made of, and the form whose view sets its choices (tests/views/imports)."""


@pytest.fixture(autouse=True)
def request_context() -> Iterator[None]:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="x", WTF_CSRF_ENABLED=False)
    with app.test_request_context(method="POST"):
        yield


def every() -> dict[str, type[GovForm]]:
    """Return every form that there is, by its name, and by its module and name."""
    found: dict[str, type[GovForm]] = {}
    for one in pkgutil.iter_modules(tracker.forms.__path__):
        module = importlib.import_module(f"tracker.forms.{one.name}")
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, GovForm) and kind.__module__ == module.__name__:
                found.setdefault(kind.__name__, kind)
                found[f"{one.name}.{kind.__name__}"] = kind
    return found


def test_every_form_is_asked_what_it_says_of_nothing() -> None:
    asked = {every()[name] for name in EMPTY}
    assert {kind.__name__ for kind in every().values() if kind not in asked} == ELSEWHERE


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
