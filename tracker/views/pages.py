"""The pages that the law asks for."""

from __future__ import annotations

from flask import Blueprint, render_template

from tracker.views.guards import public

pages = Blueprint("pages", __name__)


@pages.get("/accessibility")
@public
def accessibility() -> str:
    """Show the accessibility statement."""
    return render_template("pages/accessibility.html")


@pages.get("/privacy")
@public
def privacy() -> str:
    """Show the privacy notice."""
    return render_template("pages/privacy.html")


@pages.get("/cookies")
@public
def cookies() -> str:
    """Show which cookies there are and why."""
    return render_template("pages/cookies.html")
