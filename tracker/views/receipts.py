"""Why a colour: the receipt of a plan, a priority, a workstream, an action, and the way to any other by its ref."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.queries.any_receipt import find_by_ref
from tracker.queries.receipts import PLAN, LevelReceipt, Place, level_receipt
from tracker.queries.tree import snapshot
from tracker.rules.permissions import Act
from tracker.rules.text import clean
from tracker.views.filters import as_at, at, receipt_address
from tracker.views.guards import current_plan, needs, today
from tracker.views.plans import frame

receipts = Blueprint("receipts", __name__)
MOST = 60  # milestones listed behind one figure; the rest are one link away


@receipts.get("/plans/<slug>/receipt")
@needs(Act.SEE)
def plan(slug: str) -> ResponseReturnValue:
    """Show why the plan has its colour; `?of=1a.3` leads to the receipt of what has that ref."""
    ref = clean(request.args.get("of", ""))[:100]
    if ref:
        day = as_at()
        row, scheme = current_plan()
        found = find_by_ref(database(), row, scheme, ref, day, today())
        return redirect(at(_address(slug, found.kind, found.place, found.id)), 303)
    return _show(PLAN)


@receipts.get("/plans/<slug>/priorities/<priority>/receipt")
@needs(Act.SEE)
def priority(slug: str, priority: str) -> str:
    """Show why a priority has its colour."""
    return _show(Place(priority))


@receipts.get("/plans/<slug>/priorities/<priority>/workstreams/<workstream>/receipt")
@needs(Act.SEE)
def workstream(slug: str, priority: str, workstream: str) -> str:
    """Show why a workstream has its colour."""
    return _show(Place(priority, workstream))


@receipts.get("/plans/<slug>/priorities/<priority>/workstreams/<workstream>/actions/<action>/receipt")
@needs(Act.SEE)
def action(slug: str, priority: str, workstream: str, action: str) -> str:
    """Show why an action has its colour."""
    return _show(Place(priority, workstream, action))


def _show(place: Place) -> str:
    day = as_at()
    plan, scheme = current_plan()
    narrow = bool(place.workstream)
    now = snapshot(database(), plan, scheme, day, today(), annexes=False, actions=narrow)
    found = level_receipt(now, scheme, place)
    return render_template("receipts/show.html", **frame(day), **shown(found), day=day)


def shown(found: LevelReceipt) -> dict[str, Any]:
    """Return what the page of a receipt shows, beside the frame."""
    return {"found": found, "level": found.place.level, "most": MOST}


def _address(slug: str, kind: str, place: Place | None, key: int) -> str:
    if kind == "milestone":
        return url_for("milestones.show", milestone_id=key, _anchor="why")
    if kind == "commitment":
        return url_for("commitments.show", commitment_id=key, _anchor="why")
    return receipt_address(slug, place or PLAN)
