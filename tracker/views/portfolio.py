"""All plans that a person may see."""

from __future__ import annotations

from flask import Blueprint, render_template

from tracker.extensions import database
from tracker.queries.plans import portfolio as portfolio_rows
from tracker.rules.permissions import Act, scope
from tracker.rules.rollup import Counts
from tracker.views.filters import as_at, as_at_bar, asked_number
from tracker.views.guards import actor, signed_in_only

portfolio = Blueprint("portfolio", __name__)
PAGE_SIZE = 50


@portfolio.get("/")
@signed_in_only
def index() -> str:
    """Show the plans with their headlines, a page at a time."""
    found = portfolio_rows(database(), actor(), as_at(), page=asked_number("page") or 1, size=PAGE_SIZE)
    return render_template(
        "portfolio/index.html",
        plans=found.rows,
        **as_at_bar(),
        totals=sum((row.headline.counts for row in found.rows), Counts()),
        page=found.page,
        pages=found.pages,
        may_import=scope(actor(), Act.IMPORT, None) is not None,
    )
