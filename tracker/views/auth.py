"""Sign in and out; in the demonstration, be any role by one click."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, abort, flash, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from tracker.extensions import database
from tracker.forms.auth import SignInForm
from tracker.models import Person
from tracker.rules.security import Kind
from tracker.rules.text import clean
from tracker.services.accounts import sign_in as check_password
from tracker.services.security import Noted, about_person, note
from tracker.views.browsers import known_browser, remember_browser
from tracker.views.filters import settings
from tracker.views.guards import now, public, start_session

auth = Blueprint("auth", __name__)

# What the demonstration offers, in the order of the page: account, and what the person comes to do.
DEMO_ROLES = {
    "lead": ("Action lead", "See what is mine and update a milestone"),
    "manager": ("Improvement manager", "Check the plans, decide, import and report"),
    "board": ("Board member", "Read the board view and the papers"),
    "auditor": ("Auditor or inspector", "Read the plans and their history"),
    "administrator": ("Administrator", "See people and posts"),
}


@auth.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Show the sign-in form."""
    if g.person is not None:
        return redirect(_next(), 303)
    return _page(SignInForm())


@auth.post("/sign-in")
@public
def submit() -> ResponseReturnValue:
    """Check address and password; the answer to a wrong one does not say which was wrong."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form), 422
    email = form.email.data or ""
    person = check_password(database(), email, form.password.data, now(), known_browser(email))
    if person is None:
        database().commit()  # the failed attempt counts, though the page is an error page
        form.refuse(
            "", "The email address or the password is not right, or there were too many attempts. Try again later."
        )
        return _page(form), 422
    start_session(person.id, person.session_epoch)
    return remember_browser(make_response(redirect(_next(), 303)), email)


@auth.post("/demo/<role>")
@public
def demo(role: str) -> ResponseReturnValue:
    """Sign in as a role of the demonstration; there is no such address outside it."""
    if not settings().demo or role not in DEMO_ROLES:
        abort(404)
    person = database().scalar(select(Person).where(Person.email == f"{role}@demo.invalid"))
    if person is None:
        abort(404)
    note(database(), now(), Kind.SIGNED_IN, None, about_person(person, detail="demonstration"))
    start_session(person.id, person.session_epoch)
    home = {"lead": "mine.index", "administrator": "people.index"}.get(role, "portfolio.index")
    return redirect(url_for(home), 303)


@auth.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session."""
    if g.person is not None:
        note(database(), now(), Kind.SIGNED_OUT, None, Noted(g.person.email, g.person.actor.person_id))
    session.clear()
    flash("You have signed out.", "success")
    return redirect(url_for("auth.sign_in"), 303)


def _next() -> str:
    """Return where to go after signing in: a path of ours, never another site's."""
    wanted = request.args.get("next", "")
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return url_for("portfolio.index")
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted == clean(wanted)
    return wanted if ours and not parts.scheme and not parts.netloc else url_for("portfolio.index")


def _page(form: SignInForm) -> str:
    roles = [{"role": role, "title": title, "text": text} for role, (title, text) in DEMO_ROLES.items()]
    return render_template("auth/sign_in.html", form=form, demo_roles=roles if settings().demo else [], next=_next())
