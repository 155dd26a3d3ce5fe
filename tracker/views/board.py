"""The board view: what a member reads before the meeting."""

from __future__ import annotations

from flask import Blueprint, render_template

from tracker.exports import FORMATS, build_report
from tracker.exports.content import ON_SCREEN
from tracker.rules.permissions import Act
from tracker.views.filters import as_at
from tracker.views.guards import needs
from tracker.views.plans import frame
from tracker.views.reports import facts

board = Blueprint("board", __name__)


@board.get("/plans/<slug>/board")
@needs(Act.SEE)
def show(slug: str) -> str:
    """Show the report on the screen: what it says is what Word and Excel say."""
    day = as_at()
    found = facts(annexes=False)
    report = build_report(found, ON_SCREEN)
    return render_template("board/show.html", **frame(day), report=report, day=day, since=found.since, formats=FORMATS)
