"""What every template knows: dates as they are printed, links that keep the as-at day, who is looking."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask, current_app, g, request, url_for
from flask_wtf.csrf import generate_csrf

from tracker import __version__
from tracker.config import Settings
from tracker.extensions import database
from tracker.queries.mine import count_due
from tracker.queries.people import SignedIn
from tracker.queries.receipts import PLAN, Place
from tracker.queries.rows import MilestoneRow, PlanRow
from tracker.queries.sign_offs import count_waiting
from tracker.queries.version_rows import VersionRow, find_version
from tracker.rules.baseline import version_words
from tracker.rules.dates import LONDON, Precision, add_months, london_day, show_day, show_period, show_short
from tracker.rules.errors import NotFound
from tracker.rules.permissions import Act, Role, scope
from tracker.rules.text import clean
from tracker.views import strips
from tracker.views.chips import TEMPLATE_GLOBALS
from tracker.views.guards import LARGEST_ID, csp_nonce, policy_of, today

SERVICE_NAME = "Improvement plans"


def register_filters(app: Flask) -> None:
    """Install filters, globals and the variables of the layout."""
    app.jinja_env.filters.update(version_words=version_words)
    app.jinja_env.filters.update(day=show_day, short_day=show_short, due=show_due, since=show_since, clock=show_clock)
    app.jinja_env.filters.update(london_day=london_day)
    app.jinja_env.globals.update(
        TEMPLATE_GLOBALS,
        at=at,
        versioned=versioned,
        milestone_link=milestone_link,
        receipt_address=receipt_address,
        Place=Place,
        csp_nonce=csp_nonce,
        csrf_token=generate_csrf,
    )
    app.jinja_env.globals.update(strips.TEMPLATE_GLOBALS)
    app.context_processor(_frame)
    app.url_defaults(_stamp_static)


def settings() -> Settings:
    """Return the settings of the running application."""
    found: Settings = current_app.extensions["settings"]
    return found


def show_due(row: MilestoneRow) -> str:
    """Return the deadline as written, or "No date"."""
    if row.due is None:
        return row.due_text or "No date"
    return show_period(row.due_text, row.due, Precision(row.due_precision))


def show_since(row: MilestoneRow, day: date) -> str:
    """Return how far a milestone is past its deadline or from it ("52 days ago", "in 9 days"), "" without one."""
    if row.due is None:
        return ""
    days = (day - row.due).days
    if days == 0:
        return "today"
    number = abs(days)
    phrase = f"{number} day{'s' if number != 1 else ''}"
    return f"{phrase} ago" if days > 0 else f"in {phrase}"


def show_clock(instant: datetime) -> str:
    """Return an instant as a London date and time, "21 November 2026 at 14:05"."""
    local = instant.astimezone(LONDON)
    return f"{show_day(local.date())} at {local:%H:%M}"


def at(address: str) -> str:
    """Return an address with the as-at day carried along, if it is not today."""
    day: date | None = g.get("as_at")
    if day is None:
        return address
    before, hash_sign, anchor = address.partition("#")
    joint = "&" if urlsplit(before).query else "?"
    return f"{before}{joint}{urlencode({'as_at': day.isoformat()})}{hash_sign}{anchor}"


def receipt_address(slug: str, place: Place = PLAN) -> str:
    """Return the address of the receipt of a place in a plan; the plan's own where none is given."""
    refs = {"priority": place.priority, "workstream": place.workstream, "action": place.action}
    values: dict[str, Any] = {name: ref for name, ref in refs.items() if ref}
    return url_for(f"receipts.{place.level}", slug=slug, **values)


def versioned(address: str) -> str:
    """Return an address with the as-at day and the version that is reported against, for pages that know both."""
    version: VersionRow | None = g.get("against")
    dated = at(address)
    if version is None:
        return dated
    return f"{dated}{'&' if urlsplit(dated).query else '?'}{urlencode({'version': version.key})}"


def milestone_link(milestone_id: int) -> str:
    """Return the address of a milestone with the as-at day carried along; made once a page, for long lists."""
    if "milestone_link" not in g:
        address = url_for("milestones.show", milestone_id=0)
        g.milestone_link = address.removesuffix("0"), at(address).removeprefix(address)
    before, after = g.milestone_link
    return f"{before}{milestone_id}{after}"


def as_at() -> date:
    """Return the day that a page shows: the one asked for in the address, otherwise today."""
    text = request.args.get("as_at", "")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today()
    if not date(1990, 1, 1) <= day <= date(2100, 12, 31):
        return today()
    g.as_at = day if day != today() else None
    g.pop("rating", None)  # the words are those of that day too
    return day


def asked_version(plan: PlanRow, day: date) -> VersionRow | None:
    """Return the earlier version that a page is asked to report against; None for the one in force on that day.

    Raises NotFound for one that was not there on that day.
    """
    asked = clean(request.args.get("version", ""))
    g.against = None
    if not asked:
        return None
    found = find_version(plan.versions, asked, day)
    if found is None:
        raise NotFound(f"There is no version {asked[:40]} of this plan on {show_day(day)}.")
    if found.number == plan.version_on(day).number:
        return None
    g.against = found
    return found


def asked_number(name: str) -> int | None:
    """Return a number from the address; None if there is none, or none that a row or a page can have."""
    number = request.args.get(name, None, type=int)
    return number if number is not None and 0 < number <= LARGEST_ID else None


def as_at_bar(first: date | None = None, last_pack: date | None = None) -> dict[str, Any]:
    """Return what the as-at bar of a page shows; call `as_at` first.

    `first` is the first day on which what the page shows was there: no shortcut leads to a day before it. `last_pack`
    is the day of the data of the last pack that was issued.
    """
    back = [(f"{number} month{'s' if number > 1 else ''} ago", add_months(today(), -number)) for number in (1, 3)]
    if last_pack is not None:
        back.insert(0, (f"Last pack, {show_day(last_pack)}", last_pack))
    shortcuts = [(text, day) for text, day in back if first is None or day >= first]
    shortcuts.append(("In 1 month", add_months(today(), 1)))
    return {"today": today(), "as_at": g.get("as_at"), "as_at_shortcuts": shortcuts, "against": g.get("against")}


def _frame() -> dict[str, Any]:
    person = _viewer()
    viewer = None
    if person is not None:
        post = person.actor.label if person.actor.label != person.name else ""
        viewer = {"name": person.name, "post": post}
    config = settings()
    return {
        "council_name": config.council_name,
        "service_name": SERVICE_NAME,
        "app_version": __version__,
        "contact_email": config.contact_email,
        "viewer": viewer,
        "navigation": _navigation(),
        "demonstration": config.demo,
    }


def _viewer() -> SignedIn | None:
    """Return who is signed in; who came by a link is not, and is offered nothing that asks for it."""
    return None if "link_id" in g else g.get("person")


_OF_PLANS = {"changes", "portfolio", "plans", "structure", "receipts", "what_if", "board", "reports", "packs", "chase"}


def _navigation() -> list[dict[str, Any]]:
    person = _viewer()
    if person is None:
        return []
    actor = person.actor
    here = (request.endpoint or "").split(".")[0]
    items: list[tuple[str, str, set[str], int | None]] = [("Plans", "portfolio.index", _OF_PLANS, None)]
    if actor.posts or any(Role.LEAD in roles for roles in actor.roles.values()):
        items.append(("My milestones", "mine.index", {"mine"}, count_due(database(), actor, today())))
    if scope(actor, Act.DECIDE_COMPLETION, None):
        items.append(("Sign-off", "sign_off.index", {"sign_off"}, count_waiting(database(), actor, today())))
    if scope(actor, Act.SEE_BOARDS, None):
        items.append(("Boards", "boards.index", {"boards", "meetings"}, None))
    if scope(actor, Act.IMPORT, None):
        items.append(("Import", "imports.index", {"imports"}, None))
    if scope(actor, Act.SEE_PEOPLE, None):
        items.append(("People and posts", "people.index", {"people", "accounts", "security"}, None))
    if scope(actor, Act.MANAGE_SCHEMES, None):
        items.append(("Rating schemes", "schemes.index", {"schemes"}, None))
    if scope(actor, Act.RUN_JOBS, None):
        items.append(("Worker", "worker.index", {"worker", "outbox", "webhooks"}, None))
    return [
        {"text": text, "href": url_for(endpoint), "active": here in modules, "count": count}
        for text, endpoint, modules, count in items
        if policy_of(current_app, endpoint) is not None
    ]


def _stamp_static(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "filename" in values:
        values["v"] = _fingerprint(current_app.static_folder or "", values["filename"])


@cache
def _fingerprint(folder: str, name: str) -> str:
    path = Path(folder) / name
    return sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else ""
