"""What an administrator does to the register: organisations, posts, holders, deputies, handovers."""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from tracker.extensions import database
from tracker.forms.fields import ActForm, WritingForm
from tracker.forms.people import (
    AppointForm,
    ClosePostForm,
    DeputyForm,
    EndHoldingForm,
    HandOverForm,
    OrganisationForm,
    PostForm,
)
from tracker.queries.people import can_answer
from tracker.queries.posts import HoldingLine, holding_line, holdings, organisations
from tracker.rules.dates import show_day
from tracker.rules.errors import NotFound
from tracker.rules.permissions import Act
from tracker.services import holdings as service
from tracker.services import posts as register
from tracker.services.holdings import Term
from tracker.views.acts import answered, number, once, say
from tracker.views.guards import actor, needs, now, today
from tracker.views.people import find, people


@people.route("/organisations/new", methods=["GET", "POST"])
@needs(Act.MANAGE_PEOPLE)
def new_organisation() -> ResponseReturnValue:
    """Add an organisation."""
    return _organisation(OrganisationForm(), None, "Add an organisation")


@people.route("/organisations/<int:organisation_id>", methods=["GET", "POST"])
@needs(Act.MANAGE_PEOPLE)
def edit_organisation(organisation_id: int) -> ResponseReturnValue:
    """Change what is said of an organisation."""
    line = next((one for one in organisations(database()) if one.id == organisation_id), None)
    if line is None:
        raise NotFound("There is no such organisation.")
    outside = {True: "yes", False: "no", None: None}[line.outside]
    form = OrganisationForm()
    if request.method == "GET":
        form = OrganisationForm(name=line.name, kind=line.kind or None, outside=outside)
    return _organisation(form, organisation_id, "Change the organisation")


def _organisation(form: OrganisationForm, organisation_id: int | None, title: str) -> ResponseReturnValue:
    def act() -> str:
        once(form)
        told = register.OrganisationForm(form.name.data or "", form.kind.data or "", form.outside.data == "yes")
        saved = register.save_organisation(database(), actor(), now(), told, organisation_id)
        say(f"{saved.name} is saved.")
        return url_for("people.index")

    back = url_for("people.index")
    return answered("people/organisation.html", form, act, heading=title, post=None, back=back)


@people.route("/posts/new", methods=["GET", "POST"])
@needs(Act.MANAGE_PEOPLE)
def new_post() -> ResponseReturnValue:
    """Add a post."""
    form = PostForm()
    return _post(form, None, "Add a post", url_for("people.index"))


@people.route("/posts/<int:post_id>/edit", methods=["GET", "POST"])
@needs(Act.MANAGE_PEOPLE)
def edit_post(post_id: int) -> ResponseReturnValue:
    """Rename a post, or move it to another organisation."""
    line = find(post_id)
    form = PostForm()
    if request.method == "GET":
        form = PostForm(title=line.title, organisation=str(line.organisation_id))
    return _post(form, post_id, "Rename the post", url_for("people.post", post_id=post_id))


def _post(form: PostForm, post_id: int | None, title: str, back: str) -> ResponseReturnValue:
    form.organisation.choices = [SelectChoice("", "Select an organisation")] + [
        SelectChoice(str(line.id), line.name) for line in organisations(database())
    ]

    def act() -> str:
        once(form)
        wanted = number(form.organisation.data) or None
        saved = register.save_post(database(), actor(), now(), form.title.data or "", wanted, post_id)
        say(f"{saved.title} is saved. Its holders and what it leads stay.")
        return url_for("people.post", post_id=saved.id)

    post = find(post_id) if post_id is not None else None
    return answered("people/post_form.html", form, act, heading=title, post=post, back=back)


@people.route("/posts/<int:post_id>/close", methods=["GET", "POST"])
@needs(Act.MANAGE_PEOPLE)
def close_post(post_id: int) -> ResponseReturnValue:
    """Close a post on a day."""
    form = ClosePostForm() if request.method == "POST" else ClosePostForm(last_day=today())

    def act() -> str:
        last = form.last_day.data or today()
        register.close_post(database(), actor(), now(), post_id, last)
        return f"The post is closed on {show_day(last)}. You can open it again."

    return _about("people/close.html", form, post_id, act)


@people.post("/posts/<int:post_id>/reopen")
@needs(Act.MANAGE_PEOPLE)
def reopen_post(post_id: int) -> ResponseReturnValue:
    """Open a closed post again."""
    once(ActForm())
    register.reopen_post(database(), actor(), now(), post_id)
    say("The post is open again. It is vacant until you appoint somebody.")
    return redirect(url_for("people.post", post_id=post_id), 303)


@people.route("/posts/<int:post_id>/appoint", methods=["GET", "POST"])
@needs(Act.MANAGE_PEOPLE)
def appoint(post_id: int) -> ResponseReturnValue:
    """Appoint a holder."""
    form = AppointForm() if request.method == "POST" else AppointForm(from_day=today())
    _offer_people(form)

    def act() -> str:
        shared = bool(form.shared.data)
        service.appoint(database(), actor(), now(), post_id, _term(form), shared=shared)
        return "The holder is recorded. It counts from the first day on."

    return _about("people/appoint.html", form, post_id, act)


@people.route("/posts/<int:post_id>/hand-over", methods=["GET", "POST"])
@needs(Act.MANAGE_PEOPLE)
def hand_over(post_id: int) -> ResponseReturnValue:
    """End one holding and begin the next in one act."""
    held = [line for line in holdings(database(), post_id) if not line.deputy and line.on(today())]
    seen = held[0].id if held else 0
    form = HandOverForm() if request.method == "POST" else HandOverForm(from_day=today(), version=seen)
    _offer_people(form)

    def act() -> str:
        shown = form.version.data or None
        service.hand_over(database(), actor(), now(), post_id, _term(form), form.note.data or "", shown)
        return "The post is handed over. Who takes over sees the note and what is open under “My posts”."

    return _about("people/hand_over.html", form, post_id, act)


@people.route("/posts/<int:post_id>/deputy", methods=["GET", "POST"])
@needs(Act.MANAGE_PEOPLE)
def name_deputy(post_id: int) -> ResponseReturnValue:
    """Name a deputy between two days."""
    form = DeputyForm() if request.method == "POST" else DeputyForm(from_day=today())
    _offer_people(form)

    def act() -> str:
        service.name_deputy(database(), actor(), now(), post_id, _term(form))
        return "The deputy is recorded, and acts for the post on those days."

    return _about("people/deputy.html", form, post_id, act)


@people.route("/holdings/<int:holding_id>/end", methods=["GET", "POST"])
@needs(Act.MANAGE_PEOPLE)
def end_holding(holding_id: int) -> ResponseReturnValue:
    """End a holding or a deputy's; with nobody after it the post is vacant."""
    found = holding_line(database(), holding_id)
    if found is None:
        raise NotFound("There is no such holding.")
    post_id, line = found
    form = EndHoldingForm() if request.method == "POST" else EndHoldingForm(to_day=line.to_day or today())

    def act() -> str:
        last = form.to_day.data or today()
        service.end_holding(database(), actor(), now(), holding_id, last)
        return f"{line.person}: the last day is {show_day(last)}."

    return _about("people/end.html", form, post_id, act, line)


def _about(
    template: str, form: WritingForm, post_id: int, act: Callable[[], str], line: HoldingLine | None = None
) -> ResponseReturnValue:
    """Answer a form about a post: `act` does it and returns the sentence that says so."""
    post = find(post_id)
    address = url_for("people.post", post_id=post_id)

    def do() -> str:
        once(form)
        say(act())
        return address

    return answered(template, form, do, post=post, back=address, line=line, today=today())


def _offer_people(form: AppointForm | HandOverForm | DeputyForm) -> None:
    form.person.choices = [SelectChoice("", "Select a person")] + [
        SelectChoice(str(key), label) for key, label in can_answer(database())
    ]


def _term(form: AppointForm | HandOverForm | DeputyForm) -> Term:
    last = form.to_day.data if "to_day" in form else None
    return Term(number(form.person.data), form.from_day.data or today(), last)
