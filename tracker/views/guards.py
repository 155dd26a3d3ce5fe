"""The door: default deny, who is asking, one transaction per writing request, headers on every response."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user, login_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.routing import IntegerConverter, Map
from werkzeug.sansio.utils import host_is_trusted

from tracker.extensions import database, login
from tracker.models.engine import set_writing
from tracker.queries.people import SignedIn, signed_in
from tracker.queries.plans import find_plan
from tracker.queries.rows import PlanRow
from tracker.queries.update_links import opened_link
from tracker.rules.dates import london_day
from tracker.rules.errors import NotFound, NotPermitted
from tracker.rules.permissions import Act, Actor, scope
from tracker.rules.scheme import Schemes
from tracker.rules.text import clean

View = TypeVar("View", bound=Callable[..., Any])
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
LARGEST_ID = 2**31 - 1
LARGEST_UPLOAD = 11 * 1024 * 1024  # a file of 10 MB and the form around it


class RowNumber(IntegerConverter):
    """A number in an address that can be the id of a row; a larger one leads nowhere, as any wrong address."""

    def __init__(self, map: Map, fixed_digits: int = 0) -> None:
        super().__init__(map, fixed_digits, max=LARGEST_ID)


@dataclass(frozen=True, slots=True)
class Policy:
    """Who a route answers: everybody, or people with a permission (on the plan in its address, if it has one)."""

    act: Act | None  # None: everybody who is signed in
    public: bool = False
    link: bool = False  # whoever has the link in the address, as the person whose link it is


def public(view: View) -> View:
    """State that a route answers everybody, signed in or not."""
    view.policy = Policy(None, public=True)  # type: ignore[attr-defined]
    return view


def needs(act: Act) -> Callable[[View], View]:
    """State the permission that a route needs; a route that states none answers nobody."""

    def state(view: View) -> View:
        view.policy = Policy(act)  # type: ignore[attr-defined]
        return view

    return state


def signed_in_only(view: View) -> View:
    """State that a route answers everybody who is signed in, about themselves."""
    view.policy = Policy(None)  # type: ignore[attr-defined]
    return view


def by_a_link(view: View) -> View:
    """State that a route answers whoever has the link in its address: as a lead, and without a session."""
    view.policy = Policy(None, public=True, link=True)  # type: ignore[attr-defined]
    return view


def takes_files(view: View) -> View:
    """State that a route takes files, so that its requests may be as large as an upload."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def only_reads(view: View) -> View:
    """State that a route of an act writes nothing to the database, so that it need not wait for who does."""
    view.only_reads = True  # type: ignore[attr-defined]
    return view


def policy_of(app: Flask, endpoint: str | None) -> Policy | None:
    """Return what a route states, None if nothing."""
    if endpoint == "static":
        return Policy(None, public=True)
    return getattr(app.view_functions.get(endpoint or ""), "policy", None)


def actor() -> Actor:
    """Return who is asking; only routes that are not public have one."""
    return who().actor


def who() -> SignedIn:
    """Return the signed-in person."""
    person: SignedIn | None = g.get("person")
    if person is None:
        raise NotPermitted("Sign in first.")
    return person


def now() -> datetime:
    """Return the instant of the request, the same throughout."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    return g.now  # type: ignore[no-any-return]


def today() -> date:
    """Return today in London."""
    return london_day(now())


def current_plan() -> tuple[PlanRow, Schemes]:
    """Return the plan in the address."""
    return g.plan  # type: ignore[no-any-return]


class Visitor(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """A signed-in person as Flask-Login keeps them: by account and session epoch, so that an epoch ends sessions."""

    def __init__(self, person_id: int, epoch: int, person: SignedIn | None = None) -> None:
        self.id = f"{person_id}:{epoch}"
        self.person = person


def start_session(person_id: int, epoch: int) -> None:
    """Sign a person in: a new session with nothing of the old one."""
    session.clear()
    login_user(Visitor(person_id, epoch))


def end_session() -> None:
    """Forget everything but the token of the forms that are open, so that signing in or out still works in them."""
    kept = session.get("csrf_token")
    session.clear()
    if kept is not None:
        session["csrf_token"] = kept


def new_form_token() -> str:
    """Return a token for one copy of one form."""
    return secrets.token_urlsafe(18)


def csp_nonce() -> str:
    """Return the nonce of this response for the one script that the layout loads."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return g.nonce  # type: ignore[no-any-return]


def register_guards(app: Flask) -> None:
    """Install the door in front of every route; before the check of form tokens, which reads the form."""
    login.user_loader(_load_visitor)
    app.before_request(_open)
    app.after_request(_commit)
    app.after_request(_headers)
    app.teardown_request(_close)


def _open() -> ResponseReturnValue | None:
    view = current_app.view_functions.get(request.endpoint or "")
    set_writing(request.method in WRITES and not hasattr(view, "only_reads"))
    if request.endpoint == "static":
        return None
    if request.method in WRITES and _from_another_site():
        raise NotPermitted("This form was sent from another site. Open the page here and send it from there.")
    _find_person()
    if request.endpoint is None:
        return None  # an unknown address: the 404 or 405 page, which anybody may see
    policy = policy_of(current_app, request.endpoint)
    if policy is None:
        abort(403)
    if policy.link:
        _find_linked((request.view_args or {})["token"])
    if policy.public:
        _take_files()
        return None
    if g.person is None:
        if request.method not in WRITES:
            return redirect(url_for("auth.sign_in", next=request.full_path.rstrip("?")), 303)
        raise NotPermitted("You have been signed out. Sign in and send the form again.")
    slug = (request.view_args or {}).get("slug")
    plan_id = None
    if slug is not None:
        found = find_plan(database(), slug) if slug == clean(slug) else None
        if found is None or scope(g.person.actor, Act.SEE, found[0].id) is None:
            raise NotFound("There is no such plan, or you may not see it.")
        g.plan = found
        plan_id = found[0].id
    if policy.act is not None and scope(g.person.actor, policy.act, plan_id) is None:
        raise NotPermitted(f"You may not {policy.act.value} with the roles you have. Ask the improvement manager.")
    _take_files()
    return None


def _take_files() -> None:
    if hasattr(current_app.view_functions[request.endpoint or ""], "takes_files"):
        request.max_content_length = LARGEST_UPLOAD  # before anything reads the form


def _find_linked(token: str) -> None:
    """Let the person be the one whose link it is, whoever is signed in; the session stays as it was."""
    g.person = None
    found = opened_link(database(), str(current_app.secret_key), token, now())
    g.person, g.link_id = found.person, found.id


def _from_another_site() -> bool:
    """Tell whether the browser says that a form stood on a page of another site; one that says nothing is believed."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return True
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return True
    return not host_is_trusted(host, [request.host, *(current_app.config["TRUSTED_HOSTS"] or ())])


def _find_person() -> None:
    known = "_user_id" in session
    g.person = getattr(current_user, "person", None)
    if known and g.person is None:
        end_session()


def _load_visitor(key: str) -> Visitor | None:
    """Return the visitor of a session; None if the account is gone or disabled, or the session has been ended."""
    person_id, _, epoch = key.partition(":")
    if not (person_id.isdecimal() and epoch.isdecimal()):
        return None
    found = signed_in(database(), int(person_id), today())
    if found is None or found.disabled or found.session_epoch != int(epoch):
        return None
    return Visitor(int(person_id), int(epoch), found)


def _commit(response: Response) -> Response:
    if request.method in WRITES:
        if response.status_code < 400 and not g.get("failed"):
            try:
                database().commit()
            except SQLAlchemyError:
                session.pop("_flashes", None)  # they say that it is done
                raise
        else:
            database().rollback()
    return response


def _close(_error: BaseException | None) -> None:
    database().rollback()
    set_writing(False)


def _headers(response: Response) -> Response:
    nonce = f" 'nonce-{g.nonce}'" if "nonce" in g else ""
    response.headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'self'; script-src 'self'{nonce}; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


def same(a: str, b: str) -> bool:
    """Compare two secrets without telling by the time it takes."""
    return hmac.compare_digest(a, b)
