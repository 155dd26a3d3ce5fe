"""The registers of a plan: its risks, issues and decisions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from tracker.extensions import database
from tracker.forms.raid import RaidForm
from tracker.queries.posts import posts
from tracker.queries.raid_rows import RaidRow, raid_rows
from tracker.rules.errors import NotFound
from tracker.rules.permissions import Act, allowed
from tracker.rules.raid import KINDS
from tracker.services.raid import Entry, add_entry, change_entry
from tracker.views.acts import answered, number, say
from tracker.views.filters import as_at
from tracker.views.guards import actor, current_plan, needs, now, today
from tracker.views.plans import frame

raid = Blueprint("raid", __name__, url_prefix="/plans/<slug>/risks")


@raid.get("")
@needs(Act.SEE)
def index(slug: str) -> str:
    """Show the three registers, open entries first."""
    day = as_at()
    plan, _ = current_plan()
    rows = raid_rows(database(), plan.id, day, today())
    return render_template(
        "raid/index.html",
        **frame(day),
        day=day,
        registers=[(kind, [row for row in rows if row.kind == kind]) for kind in KINDS],
        may_keep=allowed(actor(), Act.KEEP_REGISTERS, plan.id) and day == today(),
    )


@raid.route("/add/<kind>", methods=["GET", "POST"])
@needs(Act.KEEP_REGISTERS)
def add(slug: str, kind: str) -> ResponseReturnValue:
    """Add a risk, an issue or a decision."""
    plan, _ = current_plan()
    if kind not in KINDS:
        raise NotFound("There is no such register.")
    form = _form(RaidForm(), kind)

    def act() -> str:
        row = add_entry(database(), actor(), now(), plan.id, form.form_token.data or "", kind, _entry(form))
        say(f"{row.ref} is added.")
        return url_for("raid.index", slug=slug)

    return answered("raid/edit.html", form, act, plan=plan, demonstration=plan.demonstration, kind=kind, row=None)


@raid.route("/<int:raid_id>", methods=["GET", "POST"])
@needs(Act.KEEP_REGISTERS)
def edit(slug: str, raid_id: int) -> ResponseReturnValue:
    """Change an entry, close it or open it again."""
    plan, _ = current_plan()
    rows = raid_rows(database(), plan.id, today(), today())
    row = next((row for row in rows if row.id == raid_id), None)
    if row is None:
        raise NotFound("There is no such entry in the registers of this plan.")
    form = _form(RaidForm() if request.method == "POST" else RaidForm(**_shown(row)), row.kind, known=True)

    def act() -> str:
        version, token = form.version.data or 0, form.form_token.data or ""
        changed = change_entry(database(), actor(), now(), plan.id, raid_id, version, token, _entry(form))
        say(f"{changed.ref} is saved.")
        return url_for("raid.index", slug=slug)

    return answered("raid/edit.html", form, act, plan=plan, demonstration=plan.demonstration, kind=row.kind, row=row)


def _form(form: RaidForm, kind: str, *, known: bool = False) -> RaidForm:
    """Return the form with the boxes that an entry of this kind has, and the posts to choose from."""
    wanted = {
        "likelihood": kind == "risk",
        "severity": kind == "risk",
        "minute": kind == "decision",
        "review_by": kind != "decision",
        "closed": known,
        "outcome": known,
    }
    for name in (name for name, there in wanted.items() if not there):
        delattr(form, name)
    open_posts = [post for post in posts(database(), today(), actor()) if post.closed_on is None]
    form.owner.choices = [SelectChoice("", "No post yet")] + [
        SelectChoice(str(post.id), f"{post.title} ({post.organisation})") for post in open_posts
    ]
    return form


def _shown(row: RaidRow) -> dict[str, Any]:
    """Return what the boxes show of an entry."""
    names = ("version", "title", "description", "response", "raised_on", "review_by", "minute", "outcome")
    scores = {"likelihood": str(row.likelihood or ""), "severity": str(row.severity or "")}
    more = {"owner": str(row.owner_id or ""), "milestones": row.refs, "closed": row.closed_on is not None}
    return {name: getattr(row, name) for name in names} | scores | more


def _entry(form: RaidForm) -> Entry:
    said = {field.name: field.data for field in form}
    return Entry(
        title=said["title"] or "",
        description=said["description"] or "",
        likelihood=number(said.get("likelihood")),
        severity=number(said.get("severity")),
        response=said["response"] or "",
        owner=number(said["owner"]) or None,
        raised_on=said["raised_on"],
        review_by=said.get("review_by"),
        minute=said.get("minute") or "",
        milestones=said["milestones"] or "",
        closed=bool(said.get("closed")),
        outcome=said.get("outcome") or "",
    )
