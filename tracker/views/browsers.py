"""The browsers in which a person has signed in before: strangers who guess do not lock these out.

A device cookie, as OWASP describes it: signed, for one address, worth nothing without the password.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from tracker.rules.text import clean

KEPT_FOR = timedelta(days=365)


def known_browser(email: str) -> str:
    """Return what names this browser if the owner of an address has signed in with it before, otherwise ""."""
    nonce = _nonce(email)
    return sha256(nonce.encode()).hexdigest()[:32] if nonce else ""


def remember_browser(response: Response, email: str) -> Response:
    """Let a browser be known from now on, after its owner has signed in; returns the response."""
    nonce = _nonce(email) or secrets.token_urlsafe(18)
    response.set_cookie(
        _name(),
        _serializer().dumps([_plain(email), nonce]),
        max_age=KEPT_FOR,
        path="/",
        secure=True,
        httponly=True,
        samesite="Lax",
    )
    return response


def _nonce(email: str) -> str:
    try:
        kept = _serializer().loads(request.cookies.get(_name(), ""), max_age=int(KEPT_FOR.total_seconds()))
    except BadSignature:
        return ""
    return str(kept[1]) if isinstance(kept, list) and len(kept) == 2 and kept[0] == _plain(email) else ""


def _plain(email: str) -> str:
    return clean(email).lower()


def _name() -> str:
    return "browser" if current_app.config["TESTING"] else "__Host-browser"


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="known-browser")
