"""Error pages: what happened and what to do next, never an exception."""

from __future__ import annotations

import logging
from http import HTTPStatus

from flask import Flask, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from tracker.extensions import database
from tracker.queries.update_links import LinkRefused, guessing
from tracker.rules.errors import AlreadyDone, Conflict, NotFound, NotPermitted, Refusal
from tracker.rules.security import Kind
from tracker.services.roles import OwnRole
from tracker.views.guards import now
from tracker.views.refusals import write_refusal

_LOG = logging.getLogger("tracker")
_PAGES = {400, 403, 404, 405, 409, 413, 429, 500, 503}


# Where the second copy of a form leads: to the page that the first one led to, as far as the address tells.
_LEADS_TO: tuple[tuple[str, frozenset[str]], ...] = (
    ("milestones.show", frozenset({"milestone_id"})),
    ("commitments.show", frozenset({"commitment_id"})),
    ("sign_off.index", frozenset()),
    ("structure.index", frozenset({"slug"})),
    ("plans.summary", frozenset({"slug"})),
    ("imports.done", frozenset({"import_id"})),
    ("imports.index", frozenset()),
    ("mine.index", frozenset()),
    ("by_link.returned", frozenset({"token", "returned_id"})),
    ("by_link.index", frozenset({"token"})),
    ("my_messages.index", frozenset()),
    ("worker.index", frozenset()),
    ("outbox.show", frozenset({"message_id"})),
    ("webhooks.index", frozenset()),
    ("people.post", frozenset({"post_id"})),
    ("people.index", frozenset()),
    ("accounts.show", frozenset({"person_id"})),
    ("accounts.index", frozenset()),
    ("schemes.index", frozenset()),
)


_LEADS_ELSEWHERE = {
    **dict.fromkeys(("plans.meeting", "plans.undo", "plans.end"), "plans.deadlines"),
    "plans.undo_act": "plans.history",
    "plans.terms": "structure.index",
}


def register_errors(app: Flask) -> None:
    """Install the error pages."""
    app.register_error_handler(NotFound, _hidden)
    app.register_error_handler(NotPermitted, _denied)
    app.register_error_handler(LinkRefused, _link_refused)
    app.register_error_handler(AlreadyDone, _already_done)
    app.register_error_handler(Conflict, lambda error: page(409, error.sentence))
    app.register_error_handler(Refusal, lambda error: page(400, error.sentence))
    app.register_error_handler(CSRFError, lambda error: page(400, "This form has expired. Open the page again."))
    app.register_error_handler(StaleDataError, lambda error: page(409, ""))
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(SQLAlchemyError, _broken)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def page(status: int, sentence: str, template: str = "") -> ResponseReturnValue:
    """Return the error page for a status; `sentence` says what is particular to this case.

    `template` is that of the page where it has one of its own.
    """
    g.failed = True
    database().rollback()
    name = status if status in _PAGES else 500 if status >= 500 else 400
    if name == 405:
        name = 404
    try:
        return render_template(template or f"errors/{name}.html", sentence=sentence, status=status), status
    except Exception:  # the last resort: even the page that says so cannot be made
        _LOG.exception("The error page failed")
        plain = "Something went wrong on our side. Nothing of what you sent was saved. Try again in a few minutes.\n"
        return plain, status, {"Content-Type": "text/plain; charset=utf-8"}


def _denied(error: NotPermitted) -> ResponseReturnValue:
    """Answer what a person may not do; it changes nothing and writes one security event."""
    write_refusal(Kind.OWN_ROLE_REFUSED if isinstance(error, OwnRole) else Kind.DENIED)
    return page(403, error.sentence)


def _link_refused(error: LinkRefused) -> ResponseReturnValue:
    """Answer a link that opens nothing; whoever tries one after another is told to wait."""
    write_refusal(Kind.LINK_REFUSED, error.email)
    if not error.email and guessing(database(), now()):
        return page(429, "Too many links that are not ours were opened. Try again later.")
    return page(403, error.sentence, "errors/link.html")


def _hidden(error: NotFound) -> ResponseReturnValue:
    """Answer what is not there and what one may not know of alike, in the security log too."""
    if g.get("person") is not None:
        write_refusal(Kind.HIDDEN)
    return page(404, error.sentence)


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if isinstance(error, InternalServerError) and isinstance(error.original_exception, OperationalError):
        return _busy(error.original_exception)
    if status in {301, 302, 303, 307, 308}:
        return error.get_response()
    sentence = ""
    if status == HTTPStatus.FORBIDDEN:
        write_refusal(Kind.DENIED)
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        sentence = "What you sent is larger than this page takes."
        if g.get("person") is not None:
            write_refusal(Kind.UPLOAD_REFUSED)
    response = make_response(page(status, sentence))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _already_done(error: AlreadyDone) -> ResponseReturnValue:
    g.failed = True
    database().rollback()
    values = request.view_args or {}
    if request.endpoint in _LEADS_ELSEWHERE:
        return redirect(url_for(_LEADS_ELSEWHERE[request.endpoint], slug=values["slug"]), 303)
    endpoint, names = next(
        (found for found in _LEADS_TO if request.blueprint == found[0].split(".")[0] and found[1] <= values.keys()),
        ("portfolio.index", frozenset()),
    )
    return redirect(url_for(endpoint, **{name: values[name] for name in names}), 303)


def _busy(error: OperationalError) -> ResponseReturnValue:
    _LOG.error("The database did not answer: %s", error.orig)
    response = make_response(page(503, ""))
    response.headers["Retry-After"] = "5"
    return response


def _broken(error: Exception) -> ResponseReturnValue:
    _LOG.exception("A request failed", exc_info=error)
    return page(500, "")
