"""A plan: summary, milestones, workstream, period grid, deadlines, decisions, history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.queries.coming import HORIZONS, coming_changes
from tracker.queries.comparison import comparison
from tracker.queries.deadlines import deadline_ledger
from tracker.queries.decisions import decisions_needed
from tracker.queries.document_page import differences, editions, said_of
from tracker.queries.grid import STEPS, period_grid
from tracker.queries.history import plan_history
from tracker.queries.holdings import answering
from tracker.queries.matters import matters_of
from tracker.queries.plans import first_day
from tracker.queries.register import SORTS, WINDOWS, Filters, register
from tracker.queries.rows import PlanSnapshot
from tracker.queries.tree import items, snapshot, workstream_page
from tracker.rules.colour import BAR_ORDER, Colour
from tracker.rules.errors import NotFound, NotPermitted
from tracker.rules.permissions import Act, allowed, scope
from tracker.rules.rollup import direction, taken_out, workstream_headline
from tracker.rules.text import clean
from tracker.views.filters import as_at, as_at_bar, asked_number, asked_version, at
from tracker.views.guards import actor, current_plan, needs, today
from tracker.views.looks import colour_choice

plans = Blueprint("plans", __name__)
LEDGER_PAGE = 50
DOCUMENT_PAGE = 100


def frame(day: date, first: date | None = None) -> dict[str, Any]:
    """Return what the layout of every page of a plan needs; `first`: since when there is what it shows."""
    plan, _ = current_plan()
    return {
        "plan": plan,
        **as_at_bar(first or plan.began, plan.last_pack),
        "demonstration": plan.demonstration,
        "may_try": day >= today() and allowed(actor(), Act.WHAT_IF, plan.id),
        "may_decide": allowed(actor(), Act.DECIDE_DATE, plan.id) and day == today(),
        "may_edit": allowed(actor(), Act.EDIT, plan.id) and day == today(),
        "may_update": scope(actor(), Act.UPDATE, plan.id) is not None and day == today(),
        "may_chase": allowed(actor(), Act.CHASE, plan.id) and day == today(),
        "may_adopt": allowed(actor(), Act.ADOPT, plan.id) and day == today(),
        "may_read_ledger": allowed(actor(), Act.READ_LEDGER, plan.id),
    }


def asked_since(day: date) -> date | None:
    """Return the day to compare with that the address asks for; None for the last issued pack, or a month before."""
    try:
        asked = date.fromisoformat(request.args.get("since", ""))
    except ValueError:
        return None
    return asked if asked < day else None


@plans.get("/plans/<slug>")
@needs(Act.SEE)
def summary(slug: str) -> str:
    """Show the plan at a glance."""
    day = as_at()
    plan, scheme = current_plan()
    against = asked_version(plan, day)
    shown = snapshot(database(), plan, scheme, day, today(), annexes=False, commitments=True, against=against)
    compared = comparison(database(), plan, scheme, day, asked_since(day), against=against)
    before = compared.before
    moves = deadline_ledger(database(), plan.id, day, today())
    was = {priority.id: priority.headline.colour for priority in before.priorities} if before else {}
    rows = shown.milestones
    ahead = coming_changes(database(), shown, HORIZONS[-1], today(), scheme)
    coming = [change for change in ahead if not change.closes]
    return render_template(
        "plans/summary.html",
        **frame(day),
        snapshot=shown,
        awaiting=sum(row.rule == "2" for row in rows),
        moved=sum(row.moves > 0 for row in rows),
        said_otherwise=sum(bool(said_of(plan, row, day)) for row in rows),
        unconfirmed=sum(_unconfirmed(row.updated_on, day) and row.colour is not Colour.BLUE for row in rows),
        decisions=decisions_needed(shown, moves, matters_of(database(), plan, day)),
        direction=direction(before.headline.colour, shown.headline.colour) if before else None,
        since=compared.since,
        last_pack=before.pack if before else "",
        directions={p.id: direction(was[p.id], p.headline.colour) for p in shown.priorities if p.id in was},
        next_due=_next_due(shown),
        coming=[change for change in coming if (change.day - day).days <= 30],
        ahead_of={days: sum((change.day - day).days <= days for change in coming) for days in HORIZONS},
    )


@plans.get("/plans/<slug>/milestones")
@needs(Act.SEE)
def milestones(slug: str) -> str:
    """Show the plan's milestones, narrowed, sorted and paged by the address."""
    day = as_at()
    plan, _ = current_plan()
    asked = _filters(request.args)
    page = register(database(), plan, asked, day, today())
    return render_template(
        "plans/milestones.html",
        **frame(day),
        rows=page.rows,
        total=page.total,
        workstreams=page.workstreams,
        grouped=page.filters.sort == "plan",
        filters=_choices(page.filters, page.leads, page.priorities, plan.priority_label),
        q=page.filters.text,
        active=_active(page.filters, dict(page.leads), dict(page.priorities)),
        day=day,
        page=page.filters.page,
        pages=page.pages,
    )


@plans.get("/plans/<slug>/workstreams/<int:workstream_id>")
@needs(Act.SEE)
def workstream(slug: str, workstream_id: int) -> str:
    """Show one workstream with its actions, milestones and commitments."""
    day = as_at()
    plan, scheme = current_plan()
    found = workstream_page(database(), plan, scheme, workstream_id, day, today())
    if found is None:
        raise NotFound("There is no such workstream in this plan on that day.")
    priority, row = found
    shown = {**frame(day), **as_at_bar(first_day(database(), "workstream", workstream_id))}
    below = items(row.milestones)
    out = taken_out(row.standing, row.standing_reference, below, day)
    found_headline = out or workstream_headline(below, day, scheme)
    posts = {lead.post_id for leads in (row.leads, *(action.leads for action in row.actions)) for lead in leads}
    return render_template(
        "plans/workstream.html",
        **shown,
        workstream=row,
        headline=found_headline,
        priority=priority,
        day=day,
        answers=answering(database(), posts, day),
        may_see_people=allowed(actor(), Act.SEE_PEOPLE, plan.id),
    )


@plans.get("/plans/<slug>/timeline")
@needs(Act.SEE)
def grid(slug: str) -> str:
    """Show the plan as a period grid."""
    day = as_at()
    plan, scheme = current_plan()
    kind = request.args.get("kind", "quarter")
    shown = snapshot(database(), plan, scheme, day, today(), annexes=False)
    made = period_grid(shown, kind if kind in STEPS else "quarter")
    return render_template(
        "plans/grid.html",
        **frame(day),
        kind=made.kind,
        periods=made.periods,
        groups=made.groups,
        undated=made.undated,
    )


@plans.get("/plans/<slug>/decisions")
@needs(Act.SEE)
def decisions(slug: str) -> str:
    """Show everything in the plan that waits for a decision."""
    day = as_at()
    plan, scheme = current_plan()
    shown = snapshot(database(), plan, scheme, day, today(), annexes=False)
    moves = deadline_ledger(database(), plan.id, day, today())
    needed = decisions_needed(shown, moves, matters_of(database(), plan, day))
    return render_template("plans/decisions.html", **frame(day), decisions=needed)


@plans.get("/plans/<slug>/document")
@needs(Act.SEE)
def document(slug: str) -> str:
    """Show the editions of the plan's document, and where it rates milestones otherwise than they are computed."""
    day = as_at()
    plan, _ = current_plan()
    found, rated = differences(database(), plan, day, today())
    pages = max(1, -(-len(found) // DOCUMENT_PAGE))
    number = min(asked_number("page") or 1, pages)
    return render_template(
        "plans/document.html",
        **frame(day),
        number=len(found),
        differences=found[(number - 1) * DOCUMENT_PAGE : number * DOCUMENT_PAGE],
        rated=rated,
        editions=editions(database(), plan.id),
        page=number,
        pages=pages,
    )


@plans.get("/plans/<slug>/history")
@needs(Act.READ_LEDGER)
def history(slug: str) -> ResponseReturnValue:
    """Show the plan's ledger, newest first, a page at a time."""
    day = as_at()
    plan, _ = current_plan()
    if not allowed(actor(), Act.READ_LEDGER, plan.id):
        raise NotPermitted("The history of a whole plan is for its manager, auditors and administrators.")
    number = asked_number("page") or 1
    rows, total = plan_history(database(), plan.id, day, LEDGER_PAGE, (number - 1) * LEDGER_PAGE)
    pages = max(1, -(-total // LEDGER_PAGE))
    if number > pages:
        return redirect(at(url_for("plans.history", slug=slug, page=pages)), 303)
    return render_template("plans/history.html", **frame(day), rows=rows, page=number, pages=pages, total=total)


def _next_due(now: PlanSnapshot) -> dict[int, Any]:
    found = {}
    for priority in now.priorities:
        rows = [m for w in priority.workstreams for m in w.milestones] + list(priority.unplaced)
        unfinished = [row for row in rows if row.colour not in (Colour.BLUE, Colour.NONE)]
        ahead = [row for row in unfinished if row.due is not None and row.due >= now.day]
        if ahead:
            found[priority.id] = min(ahead, key=lambda row: row.due or date.max)
    return found


def _unconfirmed(updated_on: date | None, day: date) -> bool:
    return updated_on is None or (updated_on.year, updated_on.month) < (day.year, day.month)


def _filters(args: Any) -> Filters:
    colours = tuple(Colour(value) for value in args.getlist("colour") if value in set(Colour))
    window = args.get("due", "")
    sort = args.get("sort", "plan")
    return Filters(
        colours=colours,
        lead=asked_number("lead"),
        priority=asked_number("priority"),
        window=window if window in WINDOWS else "",
        text=clean(args.get("q", ""))[:200],
        sort=sort if sort in SORTS else "plan",
        page=asked_number("page") or 1,
    )


def _choices(
    asked: Filters, leads: tuple[tuple[int, str], ...], priorities: tuple[tuple[int, str], ...], priority_label: str
) -> list[dict[str, Any]]:
    def options(every: str, pairs: list[tuple[str, str]], chosen: set[str]) -> list[dict[str, Any]]:
        listed = [("", every), *pairs] if every else pairs
        return [{"value": value, "text": text, "selected": value in chosen} for value, text in listed]

    colour = [(c.value, colour_choice(c)) for c in (*BAR_ORDER, Colour.NONE)]
    return [
        {"name": "colour", "label": "Colour", "options": options("All", colour, {c.value for c in asked.colours})},
        {
            "name": "priority",
            "label": priority_label,
            "options": options("All", [(str(k), t) for k, t in priorities], {str(asked.priority)}),
        },
        {
            "name": "lead",
            "label": "Lead",
            "options": options("All", [(str(k), t) for k, t in leads], {str(asked.lead)}),
        },
        {"name": "due", "label": "Due", "options": options("All", list(WINDOWS.items()), {asked.window})},
        {"name": "sort", "label": "Sort by", "options": options("", list(SORTS.items()), {asked.sort})},
    ]


def _active(asked: Filters, leads: dict[int, str], priorities: dict[int, str]) -> list[dict[str, str]]:
    found: list[tuple[str, Filters]] = [
        (colour_choice(c), replace(asked, colours=tuple(x for x in asked.colours if x is not c))) for c in asked.colours
    ]
    if asked.priority:
        name = priorities.get(asked.priority, "A priority that is not in this plan")
        found.append((name, replace(asked, priority=None)))
    if asked.lead:
        found.append((leads.get(asked.lead, "A lead who is not in this plan"), replace(asked, lead=None)))
    if asked.window:
        found.append((WINDOWS[asked.window], replace(asked, window="")))
    if asked.text:
        found.append((f"“{asked.text}”", replace(asked, text="")))
    return [{"text": text, "href": at(_address(left))} for text, left in found]


def _address(asked: Filters) -> str:
    plan, _ = current_plan()
    args: dict[str, Any] = {
        "colour": [colour.value for colour in asked.colours],
        "priority": asked.priority,
        "lead": asked.lead,
        "due": asked.window or None,
        "q": asked.text or None,
        "sort": asked.sort if asked.sort != "plan" else None,
    }
    return url_for("plans.milestones", slug=plan.slug, **{name: value for name, value in args.items() if value})
