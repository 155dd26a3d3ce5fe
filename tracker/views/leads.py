"""Who leads a workstream, an action or a milestone of a plan: changed as a whole, so that one is accountable."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from tracker.extensions import database
from tracker.forms.people import LeadsForm
from tracker.queries.posts import posts
from tracker.rules.permissions import Act
from tracker.services.leads import Leads, Led, leads_now, open_led, set_leads, stamp
from tracker.views.acts import answered, number, say
from tracker.views.guards import actor, current_plan, needs, now, today
from tracker.views.plans import plans

NEW = "new"  # the choice "the post that I add" among those who may be accountable


@plans.route("/plans/<slug>/leads/<kind>/<int:subject_id>", methods=["GET", "POST"])
@needs(Act.EDIT)
def leads(slug: str, kind: str, subject_id: int) -> ResponseReturnValue:
    """Add a lead, take one off, or make another one accountable."""
    plan, _ = current_plan()
    led = open_led(database(), actor(), plan.id, kind, subject_id)
    rows = leads_now(database(), kind, subject_id)
    listed = {line.id: line for line in posts(database(), today())}
    form = LeadsForm()
    if request.method == "GET":
        standing = next((str(row.post_id) for row in rows if row.accountable or len(rows) == 1), None)
        form = LeadsForm(posts=[str(row.post_id) for row in rows], accountable=standing, version=stamp(rows))
    names = {row.post_id: f"{listed[row.post_id].title} ({listed[row.post_id].organisation})" for row in rows}
    form.posts.choices = [SelectChoice(str(key), name) for key, name in names.items()]
    form.accountable.choices = [
        *(SelectChoice(str(key), name) for key, name in names.items()),
        SelectChoice(NEW, "The post that is added" if rows else "The post that is chosen above"),
    ]
    form.add.choices = [SelectChoice("", "None")] + [
        SelectChoice(str(line.id), f"{line.title} ({line.organisation})")
        for line in listed.values()
        if line.id not in names and line.closed_on is None
    ]

    def act() -> str:
        told = (form.version.data or 0, form.form_token.data or "", form.reason.data or "")
        changed = set_leads(database(), actor(), now(), led, _wanted(form), *told)
        say("The leads are changed. The history keeps who led before." if changed else "Nothing was changed.")
        return back(slug, led)

    return answered("plans/leads.html", form, act, plan=plan, led=led, back=back(slug, led), rows=rows)


def back(slug: str, led: Led) -> str:
    """Return the page that shows who leads."""
    if led.kind == "milestone":
        return url_for("milestones.show", milestone_id=led.id)
    return url_for("plans.workstream", slug=slug, workstream_id=led.workstream_id)


def _wanted(form: LeadsForm) -> Leads:
    """Return who is to lead, as the form says; one who leads alone is accountable without being asked."""
    added = number(form.add.data)
    kept = [number(value) for value in form.posts.data or ()]
    wanted = tuple(dict.fromkeys([*kept, *([added] if added else [])]))
    chosen = added if form.accountable.data == NEW else number(form.accountable.data)
    if len(wanted) == 1:
        chosen = wanted[0]
    return Leads(wanted, chosen or None)
