"""The board view: what a member reads before the meeting."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

from tracker.exports import FORMATS
from tracker.rules.dates import show_day
from tracker.rules.permissions import Act
from tracker.rules.rollup import direction
from tracker.views.filters import as_at, at
from tracker.views.guards import needs
from tracker.views.plans import frame
from tracker.views.reports import facts

board = Blueprint("board", __name__)


@board.get("/plans/<slug>/board")
@needs(Act.SEE)
def show(slug: str) -> str:
    """Show the facts of the report on the screen: the same ones as in Word and Excel."""
    day = as_at()
    found = facts()
    before = found.before
    since = found.since.isoformat() if found.since else None
    return render_template(
        "board/show.html",
        **frame(day),
        facts=found,
        earlier=[(show_day(before.day), before.counts)] if before else [],
        direction=direction(before.headline.colour, found.snapshot.headline.colour) if before else None,
        downloads=[
            {
                "text": FORMATS[name].label,
                "href": at(url_for("reports.download", slug=slug, format=name, since=since)),
            }
            for name in ("docx", "xlsx")
        ],
    )
