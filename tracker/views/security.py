"""The security log, for administrators and auditors."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for

from tracker.extensions import database
from tracker.queries.security import MOST, EventFilters, events
from tracker.rules.dates import show_day
from tracker.rules.permissions import Act
from tracker.rules.security import GROUPS
from tracker.rules.text import clean
from tracker.views.filters import asked_number, settings
from tracker.views.guards import actor, needs

security = Blueprint("security", __name__, url_prefix="/security")


@security.get("")
@needs(Act.READ_SECURITY)
def index() -> str:
    """List security events, newest first, narrowed by what the address says."""
    filters = EventFilters(
        group=request.args.get("kind", "") if request.args.get("kind", "") in GROUPS else "",
        text=clean(request.args.get("q", ""))[:100],
        since=_day(request.args.get("since", "")),
        page=asked_number("page") or 1,
    )
    return render_template(
        "security/index.html",
        found=events(database(), actor(), filters),
        filters=filters,
        groups=[(key, text) for key, (text, _) in GROUPS.items()],
        active=_active(filters),
        here=url_for("security.index", **_values(filters)),
        most=MOST,
        kept_days=settings().security_days,
    )


def _active(filters: EventFilters) -> list[dict[str, str]]:
    """Return the filters that narrow the list, each with the address that removes it."""
    values = _values(filters)
    words = {
        "kind": GROUPS[filters.group][0] if filters.group else "",
        "q": f"“{filters.text}”",
        "since": f"Since {show_day(filters.since)}" if filters.since else "",
    }
    return [
        {
            "text": words[name],
            "href": url_for("security.index", **{other: value for other, value in values.items() if other != name}),
        }
        for name in values
    ]


def _values(filters: EventFilters) -> dict[str, Any]:
    """Return the filters as the address has them."""
    since = filters.since.isoformat() if filters.since else ""
    given = {"kind": filters.group, "q": filters.text, "since": since}
    return {name: value for name, value in given.items() if value}


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(1990, 1, 1) <= day <= date(2100, 12, 31) else None
