"""What will change colour in the next 30, 60 or 90 days if nothing is recorded: one plan, or all that a person sees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, render_template, request, url_for

from tracker.extensions import database
from tracker.queries.coming import HORIZONS, coming_changes, coming_of_plans
from tracker.queries.coming_rows import Coming
from tracker.queries.tree import snapshot
from tracker.rules.errors import NotFound
from tracker.rules.permissions import Act
from tracker.views.filters import as_at, as_at_bar, asked_number, at
from tracker.views.guards import actor, current_plan, needs, signed_in_only, today
from tracker.views.plans import frame

changes = Blueprint("changes", __name__)


@changes.get("/plans/<slug>/changes/<int:days>")
@needs(Act.SEE)
def plan(slug: str, days: int) -> str:
    """Show what will change in a plan, by day."""
    _known(days)
    day = as_at()
    row, scheme = current_plan()
    now = snapshot(database(), row, scheme, day, today(), annexes=False, commitments=True)
    found = coming_changes(database(), now, HORIZONS[-1], today(), scheme)
    return render_template("changes/show.html", **frame(day), **_shown(found, days, day), slug=slug, day=day)


@changes.get("/changes/<int:days>")
@signed_in_only
def everywhere(days: int) -> str:
    """Show what will change in every plan that the person sees, by day."""
    _known(days)
    day = as_at()
    found, plans = coming_of_plans(database(), actor(), HORIZONS[-1], day, today())
    return render_template("changes/all.html", **as_at_bar(), **_shown(found, days, day), plans=plans, day=day)


def _known(days: int) -> None:
    if days not in HORIZONS:
        raise NotFound("Changes are shown for the next 30, 60 or 90 days. Choose one of these.")


def _shown(found: Sequence[Coming], days: int, day: date) -> dict[str, Any]:
    """Return the changes of one horizon, narrowed as the address asks, grouped by day, with what can be asked for."""
    workstream, lead = asked_number("workstream"), asked_number("lead")
    fitting = [
        change
        for change in found
        if workstream in (None, change.workstream_id)
        and (lead is None or lead in {one.post_id for one in change.leads})
    ]
    within = [change for change in fitting if (change.day - day).days <= days]
    streams = {
        change.workstream_id: f"{change.workstream_ref} {change.workstream_title}"
        for change in found
        if change.workstream_id is not None
    }
    posts = {one.post_id: one.post for change in found for one in change.leads}
    return {
        "groups": [(on, list(group)) for on, group in groupby(within, key=lambda change: change.day)],
        "total": sum(not change.closes for change in within),
        "closing": sum(change.closes for change in within),
        "days": days,
        "horizons": [
            (
                number,
                sum((change.day - day).days <= number and not change.closes for change in fitting),
                _address(number),
            )
            for number in HORIZONS
        ],
        "streams": sorted(streams.items(), key=lambda pair: pair[1]),
        "posts": sorted(posts.items(), key=lambda pair: pair[1]),
        "workstream": workstream,
        "lead": lead,
    }


def _address(days: int) -> str:
    asked = {name: asked_number(name) for name in ("workstream", "lead")}
    values: dict[str, Any] = {**(request.view_args or {}), "days": days}
    values |= {name: number for name, number in asked.items() if number is not None}
    return at(url_for(request.endpoint or "", **values))
