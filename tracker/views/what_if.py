"""What if: a plan with changes that nobody recorded. Everything stands in the address, and nothing is saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.queries.knock_on import KnockOn, NewDate, knock_on
from tracker.queries.receipts import PLAN, level_receipt
from tracker.queries.what_if import Tried, WhatIf, setting_of, what_if
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Act
from tracker.rules.text import clean
from tracker.rules.what_if import DATED, LONGEST, MOST, WORDS, Change, Doing, make_change, read_change
from tracker.views.filters import as_at, at
from tracker.views.guards import current_plan, needs, today
from tracker.views.milestones import may_see
from tracker.views.plans import frame
from tracker.views.receipts import MOST as MOST_LISTED

what_ifs = Blueprint("what_if", __name__)
BACKWARDS = "What-if looks ahead: choose today or a later day. Today is shown."


@what_ifs.get("/plans/<slug>/what-if")
@needs(Act.WHAT_IF)
def show(slug: str) -> ResponseReturnValue:
    """Show the plan as it is and as it would be if the changes in the address were recorded today."""
    day, problems = _day()
    plan, scheme = current_plan()
    changes, unread = _in_address()
    problems += unread
    typed = {name: clean(request.args.get(name, ""))[: LONGEST * 2] for name in ("milestone", "doing", "value")}
    added = None
    if request.args.get("add"):
        added, refused = _added(typed, len(changes))
        problems += refused
    found = what_if(database(), plan, scheme, [*changes, *([added] if added else [])], day, today())
    if added is not None and not found.tried[-1].refused:
        return redirect(_address(slug, [*changes, added]), 303)
    if added is not None:
        problems.append((found.tried[-1].field, found.tried[-1].refused))
        found = what_if(database(), plan, scheme, changes, day, today())
    problems += [("", f"{tried.change.words}: {tried.refused}") for tried in found.tried if tried.refused]
    body = render_template(
        "what_if/show.html",
        **frame(day),
        **_shown(found, slug, scheme),
        elsewhere=_elsewhere(found, day),
        typed=typed,
        problems=problems,
        wrong=dict(reversed(problems)),
        day=day,
    )
    return body, 422 if problems else 200


def _day() -> tuple[date, list[tuple[str, str]]]:
    """Return the day that is looked at, today or later, and what is wrong with the one asked for."""
    day = as_at()
    if day >= today():
        return day, []
    g.as_at = None
    return today(), [("as_at", BACKWARDS)]


def _in_address() -> tuple[list[Change], list[tuple[str, str]]]:
    """Return the changes that the address holds, and a sentence for each that cannot be read."""
    plan, _ = current_plan()
    found: list[Change] = []
    problems: list[tuple[str, str]] = []
    texts = request.args.getlist("change")
    if len(texts) > MOST:
        problems.append(("", f"At most {MOST} changes can be tried together. The first {MOST} are shown."))
    for text in texts[:MOST]:
        try:
            found.append(read_change(text[:200], setting_of(plan, today())))
        except Refusal as refusal:
            problems.append(("", f"“{clean(text)[:60]}” cannot be tried. {refusal.sentence}"))
    return found, problems


def _added(typed: dict[str, str], before: int) -> tuple[Change | None, list[tuple[str, str]]]:
    """Return the change that the form asks for, or what is wrong with it."""
    plan, _ = current_plan()
    if before >= MOST:
        return None, [("milestone", f"At most {MOST} changes can be tried together. Take one away first.")]
    if not typed["milestone"].isdecimal() or len(typed["milestone"]) > 10:
        return None, [("milestone", "Select a milestone.")]
    try:
        setting = setting_of(plan, today())
        return make_change(int(typed["milestone"]), typed["doing"], typed["value"], setting), []
    except Refusal as refusal:
        return None, [(refusal.field, refusal.sentence)]


def _elsewhere(found: WhatIf, day: date) -> list[KnockOn]:
    """Return what waits in other plans for what is tried, and what the dates tried do to it."""
    setting = setting_of(current_plan()[0], today())
    asked = {
        tried.change.milestone_id: NewDate(setting.read(tried.change.value).end, tried.change.doing is Doing.FORECAST)
        for tried in found.tried
        if not tried.refused and tried.change.doing in DATED
    }
    ones = knock_on(database(), asked, day, may_see) if asked else {}
    return [one for found_for in ones.values() for one in found_for if one.other.hidden or one.other.plan_title]


def _address(slug: str, changes: Sequence[Change]) -> str:
    return at(url_for("what_if.show", slug=slug, change=[change.text for change in changes]))


def _shown(found: WhatIf, slug: str, scheme: Any) -> dict[str, Any]:
    standing = [tried.change for tried in found.tried if not tried.refused]
    rows: list[tuple[Tried, str]] = [
        (tried, _address(slug, [change for change in standing if change is not tried.change]))
        for tried in found.tried
        if not tried.refused
    ]
    return {
        "tried": rows,
        "levels": found.levels,
        "knocked_on": found.knocked_on,
        "snapshot": found.before,
        "receipt": level_receipt(found.after, scheme, PLAN),
        "kept": [change.text for change in standing],
        "ways": [(doing.value, words, doing in DATED) for doing, words in WORDS.items()],
        "most": MOST,
        "most_listed": MOST_LISTED,
    }
