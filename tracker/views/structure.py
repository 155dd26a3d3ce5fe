"""Edit a plan: the tree with one link a thing, and one page an act."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.structure import (
    PARTS,
    AddForm,
    CriticalForm,
    MoveForm,
    OrderForm,
    ReopenForm,
    RewordForm,
    SplitForm,
    StandingForm,
    choices,
    chosen,
)
from tracker.models import Priority, Workstream
from tracker.queries.structure_page import places, recurring_in_prose, structure_tree
from tracker.rules.errors import NotFound
from tracker.rules.permissions import Act
from tracker.services.structure import moving, splitting, standing, wording
from tracker.services.structure.adding import ABOVE, Added, add_item, proposed_ref
from tracker.services.structure.items import KINDS, OPEN, RECORD_NAMES, Form, Item, name_of, open_item, siblings
from tracker.services.structure.standing import BELOW, Decision
from tracker.views.filters import asked_number
from tracker.views.guards import actor, current_plan, needs, now
from tracker.views.structure_acts import answer, item_frame, plan_frame

structure = Blueprint("structure", __name__, url_prefix="/plans/<slug>/structure")

_BELOW_WORDS = {
    ("action", standing.STAY): "Its milestones stay in the plan",
    ("action", standing.WITH): "Its open milestones are taken out by the same decision",
    ("workstream", standing.WITH): "Everything open in it is taken out by the same decision",
    ("workstream", standing.MOVE): "Its open milestones are moved to another place first",
    ("priority", standing.WITH): "Everything open in it is taken out by the same decision",
    ("priority", standing.MOVE): "What is open in it is moved to another place first",
}


@structure.get("")
@needs(Act.EDIT)
def index(slug: str) -> str:
    """Show everything the plan is made of, with a link to edit each."""
    plan, _ = current_plan()
    priorities, records = structure_tree(database(), plan.id)
    return render_template(
        "structure/index.html",
        **plan_frame(),
        priorities=priorities,
        records=records,
        names=RECORD_NAMES,
        spoken=recurring_in_prose(priorities),
    )


@structure.route("/add/<kind>", methods=["GET", "POST"])
@needs(Act.EDIT)
def add(slug: str, kind: str) -> ResponseReturnValue:
    """Add something to the plan."""
    plan, _ = current_plan()
    if kind not in KINDS:
        raise NotFound("There is no such thing to add.")
    under = asked_number("under")
    said = {name: request.args.get(name, "") for name in ("text", "frequency")}
    form = AddForm() if request.method == "POST" else AddForm(under=str(under or 0), **said)
    above: Any = ABOVE.get(kind, Priority)
    empty = "The plan itself" if kind == "record" else "Select a place"
    form.under.choices = choices(places(database(), plan.id, above), empty)
    proposed = proposed_ref(database(), plan.id, kind, chosen(form.under.data))
    if kind in {"priority", "workstream"}:
        form.text.label.text = "Title"

    def act() -> str:
        asked = Added(
            kind=kind,
            under=chosen(form.under.data),
            words=form.text.data or "",
            ref=form.ref.data or "",
            description=form.description.data or "",
            due=form.due.data or "",
            frequency=form.frequency.data or "",
            record_kind=form.record_kind.data or "",
            term=form.term.data or "",
            reason=form.reason.data or "",
        )
        return add_item(database(), actor(), now(), plan.id, form.form_token.data or "", asked)[1]

    more = {**plan_frame(), "kind": kind, "proposed": proposed}
    return answer("structure/add.html", form, act, "Added.", aliases={"title": "text"}, **more)


@structure.route("/<kind>/<int:item_id>", methods=["GET", "POST"])
@needs(Act.EDIT)
def edit(slug: str, kind: str, item_id: int) -> ResponseReturnValue:
    """Reword one thing, and find the other acts on it."""
    item = _item(kind, item_id)
    labels = wording.WORDS[kind]
    there = {name: getattr(item.row, name) for name in labels}
    form = RewordForm() if request.method == "POST" else RewordForm(version=item.row.version, **there)

    def act() -> str:
        words = {name: form[name].data or "" for name in labels}
        reason = form.reason.data or ""
        return wording.reword(database(), actor(), now(), item.plan.id, kind, item_id, _sent(form), words, reason)

    return answer(
        "structure/edit.html",
        form,
        act,
        "The words are changed.",
        **item_frame(item),
        labels=labels,
        alone=len(siblings(database(), item.row)) < 2,
        can_move=kind in moving.TARGETS,
    )


@structure.route("/<kind>/<int:item_id>/move", methods=["GET", "POST"])
@needs(Act.EDIT)
def move(slug: str, kind: str, item_id: int) -> ResponseReturnValue:
    """Move a milestone to another workstream, or a workstream to another priority."""
    if kind not in moving.TARGETS:
        raise NotFound("This cannot be moved to another place.")
    item = _item(kind, item_id)
    form = MoveForm() if request.method == "POST" else MoveForm(version=item.row.version)
    here = item.row.workstream_id if kind == "milestone" else item.row.priority_id
    found = places(database(), item.plan.id, moving.TARGETS[kind], here)
    form.target.choices = choices(found, "Select a place")

    def act() -> str:
        target = chosen(form.target.data)
        return moving.move_to(
            database(), actor(), now(), item.plan.id, kind, item_id, _sent(form), target, form.reason.data or ""
        )

    return answer("structure/move.html", form, act, "Moved.", **item_frame(item), unplaced=here is None)


@structure.route("/<kind>/<int:item_id>/order", methods=["GET", "POST"])
@needs(Act.EDIT)
def order(slug: str, kind: str, item_id: int) -> ResponseReturnValue:
    """Put a thing in another spot among its like."""
    item = _item(kind, item_id)
    there = siblings(database(), item.row)
    spot = there.index(item.row)
    standing_after = str(there[spot - 1].id) if spot else str(moving.FIRST)
    form = OrderForm() if request.method == "POST" else OrderForm(version=item.row.version, after=standing_after)
    others = [(row.id, f"After {getattr(row, 'ref', '')} {_words(row)}"[:90]) for row in there if row is not item.row]
    form.after.choices = choices(others, "First")

    def act() -> str:
        after = chosen(form.after.data) or moving.FIRST
        return moving.reorder(database(), actor(), now(), item.plan.id, kind, item_id, _sent(form), after)

    return answer("structure/order.html", form, act, "The order is changed.", **item_frame(item))


@structure.route("/milestone/<int:item_id>/split", methods=["GET", "POST"])
@needs(Act.EDIT)
def split(slug: str, item_id: int) -> ResponseReturnValue:
    """Split a milestone into two or more."""
    item = _item("milestone", item_id)
    form = SplitForm() if request.method == "POST" else SplitForm(version=item.row.version, text=item.row.text)

    def act() -> str:
        first, reason = form.text.data or "", form.reason.data or ""
        return splitting.split_milestone(
            database(), actor(), now(), item.plan.id, item_id, _sent(form), first, form.parts(), reason
        )

    return answer("structure/split.html", form, act, "The milestone is split.", **item_frame(item), parts=PARTS)


@structure.route("/milestone/<int:item_id>/critical", methods=["GET", "POST"])
@needs(Act.EDIT)
def critical(slug: str, item_id: int) -> ResponseReturnValue:
    """Mark a milestone as critical, or take the mark off."""
    item = _item("milestone", item_id)
    form = CriticalForm()
    if request.method == "GET":
        form = CriticalForm(version=item.row.version, critical="no" if item.row.critical else "yes")

    def act() -> str:
        return wording.set_critical(
            database(),
            actor(),
            now(),
            item.plan.id,
            item_id,
            _sent(form),
            critical=form.critical.data == "yes",
            reason=form.reason.data or "",
        )

    return answer("structure/critical.html", form, act, "Saved.", **item_frame(item))


@structure.route("/<kind>/<int:item_id>/decision", methods=["GET", "POST"])
@needs(Act.EDIT)
def decision(slug: str, kind: str, item_id: int) -> ResponseReturnValue:
    """Record that something was withdrawn, suspended or superseded."""
    item = _item(kind, item_id)
    form = StandingForm() if request.method == "POST" else StandingForm(version=item.row.version)
    found = standing.below(database(), item.row)
    ways = BELOW.get(kind, ()) if found.rows and item.row.standing == OPEN else ()
    form.below.choices = [(way, _BELOW_WORDS[kind, way]) for way in ways]
    model: Any = Workstream if kind == "workstream" else Priority
    form.target.choices = choices(places(database(), item.plan.id, model, item.row.id), "Select a place")

    def act() -> str:
        given = Decision(
            form.standing.data or "",
            form.reference.data or "",
            form.decided_on.data,
            form.below.data or "",
            chosen(form.target.data),
        )
        return standing.decide_standing(database(), actor(), now(), item.plan.id, kind, item_id, _sent(form), given)

    names = [(name_of(database(), row), _words(row)) for row in found.rows]
    return answer(
        "structure/decision.html",
        form,
        act,
        "The decision is recorded.",
        **item_frame(item),
        below=names,
        finished=len(found.finished),
        ways=ways,
    )


@structure.route("/<kind>/<int:item_id>/reopen", methods=["GET", "POST"])
@needs(Act.EDIT)
def reopen(slug: str, kind: str, item_id: int) -> ResponseReturnValue:
    """Bring something that was taken out back into the plan."""
    item = _item(kind, item_id)
    form = ReopenForm() if request.method == "POST" else ReopenForm(version=item.row.version)

    def act() -> str:
        reason = form.reason.data or ""
        return standing.reopen(database(), actor(), now(), item.plan.id, kind, item_id, _sent(form), reason)

    return answer("structure/reopen.html", form, act, "It is in the plan again.", **item_frame(item))


def _item(kind: str, item_id: int) -> Item:
    plan, _ = current_plan()
    return open_item(database(), actor(), plan.id, kind, item_id)


def _sent(form: Any) -> Form:
    return Form(form.version.data or 0, form.form_token.data or "")


def _words(row: Any) -> str:
    return str(getattr(row, "title", "") or getattr(row, "text", ""))
