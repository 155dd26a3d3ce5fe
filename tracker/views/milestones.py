"""One milestone: what it is, why it has its colour, its timeline, its evidence and its history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Blueprint, render_template, url_for

from tracker.extensions import database
from tracker.forms.fields import ActForm
from tracker.queries.coming_rows import ComingChange
from tracker.queries.document_page import said_of
from tracker.queries.holdings import answering
from tracker.queries.matters import matters_of
from tracker.queries.milestone_page import EvidenceRow, MilestonePage, milestone_page, plan_of
from tracker.queries.raid_rows import raid_rows
from tracker.rules.colour import Colour
from tracker.rules.errors import NotFound
from tracker.rules.minutes import MATTER_STATES, MATTER_WORDS
from tracker.rules.permissions import Act, allowed
from tracker.views.filters import as_at, as_at_bar, settings
from tracker.views.guards import actor, needs, today
from tracker.views.looks import speak

milestones = Blueprint("milestones", __name__, url_prefix="/milestones")


def load(milestone_id: int, day: date) -> MilestonePage:
    """Return the page of a milestone in a plan that the person may see; NotFound otherwise."""
    plan = plan_of(database(), milestone_id)
    if plan is None or not allowed(actor(), Act.SEE, plan.id):
        raise NotFound("There is no such milestone, or you may not see its plan.")
    found = milestone_page(database(), plan, milestone_id, day, today(), may_see)
    if found is None:
        raise NotFound("This milestone was not in the plan on that day.")
    speak(plan.ratings.on(day))
    return found


def may_see(plan_id: int) -> bool:
    """Return whether the person may see a plan: of others, linked milestones are not named."""
    return allowed(actor(), Act.SEE, plan_id)


def frame(page: MilestonePage, day: date) -> dict[str, Any]:
    """Return what every page about a milestone shows."""
    return {
        "plan": page.plan,
        "milestone": page.milestone,
        "tab": "",
        "may_attach": True,
        **as_at_bar(page.spans[0].from_day),
        "day": day,
        "demonstration": page.plan.demonstration,
    }


def permissions(page: MilestonePage, day: date) -> dict[str, bool]:
    """Return what the person may do to a milestone now; a page as at another day is for reading."""
    row = page.milestone
    own = bool(actor().posts & {lead.post_id for lead in row.leads})
    pending = any(move.state == "requested" for move in page.moves)
    is_open = row.signoff not in {"claimed", "approved", "lapsed"}
    signing = actor().person_id not in {page.claimed_by_id, page.evidence_editor_id} and not own
    waiting = row.signoff in {"claimed", "lapsed"} and signing
    check = row.signoff == "approved" and page.check_due is not None and page.check_due <= day and signing
    possible = {
        "update": (Act.UPDATE, is_open),
        "claim": (Act.CLAIM, is_open),
        "new_date": (Act.REQUEST_DATE, is_open and not pending),
        "put": (Act.PUT_TO_BOARD, is_open),
        "decide": (Act.DECIDE_COMPLETION, waiting),
        "decide_date": (Act.DECIDE_DATE, pending),
        "revoke": (Act.DECIDE_COMPLETION, row.signoff == "approved"),
        "check": (Act.DECIDE_COMPLETION, check),
        "evidence": (Act.CLAIM, True),
        "override": (Act.OVERRIDE, row.computed not in {Colour.BLUE, Colour.NONE} and row.rule != "3"),
        "links": (Act.EDIT, True),
        "end_override": (Act.OVERRIDE, page.override_until is not None),
        "read_ledger": (Act.READ_LEDGER, True),
        "edit": (Act.EDIT, True),
    }
    current = day == today() and row.standing == "open"
    standing = {"read_ledger": True, "edit": day == today()}  # what is possible although it is not open
    return {
        name: standing.get(name, current) and state and allowed(actor(), act, page.plan.id, own=own)
        for name, (act, state) in possible.items()
    }


@milestones.get("/<int:milestone_id>")
@needs(Act.SEE)
def show(milestone_id: int) -> str:
    """Show a milestone with its receipt, timeline and history."""
    day = as_at()
    page = load(milestone_id, day)
    row = page.milestone
    may = permissions(page, day)
    waiting = next((move for move in page.moves if move.state == "requested"), None)
    last_days = [found for found in (row.due, row.original_due, row.forecast, today()) if found is not None]
    return render_template(
        "milestones/show.html",
        **frame(page, day),
        change=_coming(page),
        receipt=page.receipt,
        scheme=_thresholds(page),
        spans=page.spans,
        line_start=min(span.from_day for span in page.spans),
        line_end=max(last_days) + timedelta(days=60),
        updates=page.updates,
        actions=page.actions,
        waits_for=page.waits_for,
        waited_by=page.waited_by,
        evidence=evidence_links(page),
        withdrawn=evidence_links(page, page.withdrawn) if may["read_ledger"] else (),
        rated=said_of(page.plan, row, day),
        lapsed=row.signoff == "lapsed",
        lapsed_by=page.lapsed_by,
        check_due=page.check_due,
        baselines=page.baselines,
        moves=page.moves,
        matters=matters_of(database(), page.plan, day, milestone_id),
        matter_words=MATTER_WORDS,
        matter_states=MATTER_STATES,
        history=page.history if may["read_ledger"] else (),
        override_reason=page.override_reason,
        override_until=page.override_until,
        may=may,
        waiting=waiting,
        may_decide_date=may["decide_date"],
        form=ActForm(version=row.version),
        may_try=allowed(actor(), Act.WHAT_IF, page.plan.id) and row.standing == "open",
        may_edit=allowed(actor(), Act.EDIT, page.plan.id) and day == today(),
        raid=raid_rows(database(), page.plan.id, day, today(), milestone_id),
        answers=answering(database(), {lead.post_id for lead in row.leads}, day),
        may_see_people=allowed(actor(), Act.SEE_PEOPLE, page.plan.id),
    )


def _coming(page: MilestonePage) -> ComingChange | None:
    if page.next_change is None:
        return None
    day, verdict = page.next_change
    return ComingChange(page.milestone, day, page.milestone.colour, verdict.colour, verdict.reason)


def _thresholds(page: MilestonePage) -> list[tuple[str, str]]:
    scheme = page.scheme
    return [
        ("Rating scheme", page.plan.ratings.on(page.day).name),
        (f"Not started is {scheme.name(Colour.AMBER)} from", f"{scheme.not_started_days} days before the deadline"),
        ("Sign-off within", f"{scheme.signoff_days} days"),
        (
            "Moved too often from",
            f"{scheme.cap_moves} moves, or {scheme.cap_months} months past the original date or the baseline",
        ),
    ]


def evidence_links(page: MilestonePage, items: Sequence[EvidenceRow] | None = None) -> list[dict[str, Any]]:
    """Return the evidence of a milestone as links; `items` where it is not what stands."""
    return [
        {
            "id": item.id,
            "title": item.title,
            "href": item.url or url_for("milestones.evidence", milestone_id=page.milestone.id, evidence_id=item.id),
            "added_on": item.added_on,
            "added_by": item.added_by,
            "withdrawn_on": item.withdrawn_on,
            "withdrawn_by": item.withdrawn_by,
            "withdrawn_reason": item.withdrawn_reason,
        }
        for item in (page.evidence if items is None else items)
    ]


def evidence_folder() -> Path:
    """Return where files of evidence are kept."""
    return settings().data_dir / "evidence"
