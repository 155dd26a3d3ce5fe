"""Accounts in the browser: who can sign in, with which roles on which plans, and one's own password."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from tracker.extensions import database
from tracker.forms.fields import ActForm
from tracker.forms.people import AccountForm, EmailForm, OwnPasswordForm, PasswordForm, RoleForm
from tracker.queries.people import account, all_plans
from tracker.queries.people import people as everybody
from tracker.queries.update_links import live_links
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, Role
from tracker.services import accounts as service
from tracker.services import roles
from tracker.services.update_links import withdraw_links as withdraw_all
from tracker.views.acts import answered, number, once, say
from tracker.views.guards import actor, needs, now, signed_in_only, start_session, today

accounts = Blueprint("accounts", __name__, url_prefix="/accounts")
ROLES = {Role.MANAGER: "Improvement manager", Role.BOARD: "Board member", Role.AUDITOR: "Auditor or inspector"}


@accounts.get("")
@needs(Act.MANAGE_PEOPLE)
def index() -> str:
    """List the accounts."""
    return render_template("accounts/index.html", people=everybody(database(), today(), actor()))


@accounts.route("/new", methods=["GET", "POST"])
@needs(Act.MANAGE_PEOPLE)
def create() -> ResponseReturnValue:
    """Make an account."""
    form = AccountForm()

    def act() -> str:
        once(form)
        told = (form.name.data or "", form.email.data or "", form.password.data or "")
        made = service.create_account(database(), actor(), now(), *told)
        say(f"{made.name} has an account. Give them a role or a post.")
        return url_for("accounts.show", person_id=made.id)

    return answered("accounts/new.html", form, act, shortest=service.SHORTEST_PASSWORD)


@accounts.get("/<int:person_id>")
@needs(Act.MANAGE_PEOPLE)
def show(person_id: int) -> ResponseReturnValue:
    """Show one account: roles, posts, and what can be done to it."""
    return _page(person_id, RoleForm(), PasswordForm(formdata=None), 200)


@accounts.post("/<int:person_id>/disable")
@needs(Act.MANAGE_PEOPLE)
def disable(person_id: int) -> ResponseReturnValue:
    """Disable an account: its sessions end at their next request."""
    once(ActForm())
    person = service.disable(database(), actor(), person_id, now())
    return _done(person_id, f"{person.name} is disabled and signed out everywhere. You can enable the account again.")


@accounts.post("/<int:person_id>/enable")
@needs(Act.MANAGE_PEOPLE)
def enable(person_id: int) -> ResponseReturnValue:
    """Let a person sign in again."""
    once(ActForm())
    person = service.enable(database(), actor(), person_id, now())
    return _done(person_id, f"{person.name} can sign in again.")


@accounts.post("/<int:person_id>/sessions")
@needs(Act.MANAGE_PEOPLE)
def end_sessions(person_id: int) -> ResponseReturnValue:
    """Sign a person out everywhere."""
    once(ActForm())
    person = service.end_sessions(database(), actor(), person_id, now())
    return _done(person_id, f"{person.name} is signed out everywhere and can sign in again.")


@accounts.route("/<int:person_id>/email", methods=["GET", "POST"])
@needs(Act.MANAGE_PEOPLE)
def email(person_id: int) -> ResponseReturnValue:
    """Change the address of a person, or say that messages to it arrive again."""
    person = account(database(), person_id)
    if person is None:
        raise NotFound("There is no such person.")
    form = EmailForm(email=person.email)

    def act() -> str:
        once(form)
        new = service.change_email(database(), actor(), now(), person_id, form.email.data or "")
        say(f"Messages to {person.name} go to {'another address' if new else 'this address'} from now on.")
        return url_for("accounts.show", person_id=person_id)

    return answered("accounts/email.html", form, act, person=person)


@accounts.post("/<int:person_id>/links/withdraw")
@needs(Act.MANAGE_PEOPLE)
def withdraw_links(person_id: int) -> ResponseReturnValue:
    """Let none of the links in a person's messages open anything any more."""
    once(ActForm())
    number = withdraw_all(database(), actor(), person_id, now())
    return _done(
        person_id, f"Withdrawn: {number} link{'' if number == 1 else 's'} in messages. The person can sign in."
    )


@accounts.post("/<int:person_id>/password")
@needs(Act.MANAGE_PEOPLE)
def password(person_id: int) -> ResponseReturnValue:
    """Give a person a new password."""
    form = PasswordForm()
    if form.validate():
        try:
            once(form)
            person = service.set_password(database(), actor(), now(), person_id, form.password.data or "")
            return _done(person_id, f"{person.name} has a new password and is signed out everywhere.")
        except Refusal as refusal:
            _only_of_a_field(refusal)
            database().rollback()
            form.refuse("password", refusal.sentence)
    return _page(person_id, RoleForm(formdata=None), form, 422)


@accounts.post("/<int:person_id>/roles")
@needs(Act.MANAGE_PEOPLE)
def give_role(person_id: int) -> ResponseReturnValue:
    """Give a person a role on a plan."""
    form = RoleForm()
    if form.validate():
        try:
            once(form)
            role = _role(form.role.data)
            person = roles.grant(database(), actor(), now(), person_id, number(form.plan.data), role)
            return _done(person_id, f"{person.name}: {ROLES[role]}. It counts from the next request on.")
        except Refusal as refusal:
            _only_of_a_field(refusal)
            database().rollback()
            form.refuse(refusal.field, refusal.sentence)
    return _page(person_id, form, PasswordForm(formdata=None), 422)


@accounts.post("/<int:person_id>/roles/<int:plan_id>/<role>/remove")
@needs(Act.MANAGE_PEOPLE)
def take_role(person_id: int, plan_id: int, role: str) -> ResponseReturnValue:
    """Take a role on a plan away."""
    once(ActForm())
    if role not in set(ROLES):
        raise NotFound("There is no such role.")
    person = roles.remove(database(), actor(), now(), person_id, plan_id, Role(role))
    return _done(person_id, f"{person.name} no longer has the role. You can give it again.")


@accounts.post("/<int:person_id>/administrator/<state>")
@needs(Act.MANAGE_PEOPLE)
def administrator(person_id: int, state: str) -> ResponseReturnValue:
    """Make a person an administrator, or no longer one."""
    once(ActForm())
    if state not in {"on", "off"}:
        raise NotFound("There is nothing here.")
    person = roles.make_administrator(database(), actor(), now(), person_id, value=state == "on")
    said = "is an administrator now." if state == "on" else "is no longer an administrator."
    return _done(person_id, f"{person.name} {said}")


@accounts.route("/my-password", methods=["GET", "POST"])
@signed_in_only
def my_password() -> ResponseReturnValue:
    """Change one's own password."""
    form = OwnPasswordForm()

    def act() -> str:
        once(form)
        person = service.change_password(database(), actor(), now(), form.old.data or "", form.new.data or "")
        start_session(person.id, person.session_epoch)
        say("Your password is changed. You are signed out everywhere else.")
        return url_for("portfolio.index")

    return answered("accounts/my_password.html", form, act, shortest=service.SHORTEST_PASSWORD)


def _page(person_id: int, role_form: RoleForm, password_form: PasswordForm, status: int) -> ResponseReturnValue:
    person = account(database(), person_id)
    if person is None:
        raise NotFound("There is no such person.")
    role_form.plan.choices = [SelectChoice("", "Select a plan")] + [
        SelectChoice(str(key), title) for key, title in all_plans(database())
    ]
    role_form.role.choices = [SelectChoice("", "Select a role")] + [
        SelectChoice(role.value, words) for role, words in ROLES.items()
    ]
    page = render_template(
        "accounts/show.html",
        person=person,
        links=live_links(database(), person_id, now()),
        form=role_form,
        password_form=password_form,
        act_form=ActForm(formdata=None),
        words=ROLES,
        own=person_id == actor().person_id,
        today=today(),
        shortest=service.SHORTEST_PASSWORD,
    )
    return page, status


def _role(text: str | None) -> Role:
    if text not in set(ROLES):
        raise Refusal("Select a role that a person can have on a plan.", "role")
    return Role(text)


def _only_of_a_field(refusal: Refusal) -> None:
    """Raise a refusal again that is no mistake in a box: what is not there, not permitted or done already."""
    if type(refusal) is not Refusal:
        raise refusal


def _done(person_id: int, sentence: str) -> ResponseReturnValue:
    say(sentence)
    return redirect(url_for("accounts.show", person_id=person_id), 303)
