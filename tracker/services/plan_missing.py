"""What a later edition does not have any more: proposed as withdrawn, decided by a person, never silently."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tracker.models import Action, Commitment, Milestone, MilestoneAction, Priority, Record, Workstream
from tracker.rules.dates import show_day
from tracker.rules.facts import Standing
from tracker.rules.permissions import Act, permit
from tracker.services.plan_editions import made_by_documents
from tracker.services.plan_outcomes import Choice
from tracker.services.plan_pairs import Pairs
from tracker.services.plan_run import Run
from tracker.services.structure.standing import VERBS, below

QUESTION = "missing"
CHOICES = (
    Choice("withdraw", "Withdraw it by a decision", ("reference", "decided_on")),
    Choice("keep", "Keep it in the plan"),
)
_ABOVE = {Workstream: "priority_id", Action: "workstream_id", Milestone: "workstream_id", Commitment: "workstream_id"}


def settle_missing(run: Run, pairs: Pairs, records: Iterable[Record]) -> None:
    """Ask about what the document has no line for. What goes with something above it is not asked about twice."""
    gone: set[tuple[str, int]] = set()
    implicit = _implicit(run)
    for model in (Priority, Workstream, Action, Milestone, Commitment):
        left = [row for row in pairs.left(model) if row.standing == "open" and not getattr(row, "milestone_id", None)]
        if not left:
            continue
        from_document = made_by_documents(run.session, run.plan.id, model.__tablename__, {row.id for row in left})
        for row in left:
            above = _above(row)
            with_action = implicit.get(row.id) if isinstance(row, Milestone) else None
            if above in gone or (with_action is not None and (Action.__tablename__, with_action) in gone):
                gone.add((row.__tablename__, row.id))
            elif row.id in from_document:
                gone.add((row.__tablename__, row.id))
                _ask(run, row, implicit)
    kept = [row for row in records if row.standing == "open"]
    if kept:
        from_document = made_by_documents(run.session, run.plan.id, Record.__tablename__, {row.id for row in kept})
        for record in kept:
            if record.id in from_document:
                _ask(run, record, implicit)


def _ask(run: Run, row: Any, implicit: dict[int, int]) -> None:
    what = row.kind.replace("_", " ") if isinstance(row, Record) else row.__tablename__
    ref = "" if isinstance(row, Record) else run.name_of(row).removeprefix(f"{what} ")
    text = getattr(row, "text", "") or getattr(row, "title", "")
    key = f"missing {what} {ref}".strip() if ref else f"missing record {row.id}"
    inside = _with_it(run, row, implicit)
    number = (
        f" {len(inside)} line{'s' if len(inside) > 1 else ''} below it go{'' if len(inside) > 1 else 'es'} with it."
        if inside
        else ""
    )
    detail = f"It is not in the file.{number}"
    if isinstance(row, Milestone) and row.signoff == "approved":
        return  # what was delivered is counted, whether or not a later edition repeats it
    value = run.ask(QUESTION, CHOICES, what, ref, text, line=None, key=key, before=text, detail=detail)
    if value != "withdraw":
        return
    permit(run.recorder.actor, Act.EDIT, run.plan.id)
    words = run.said(key, QUESTION, "reference")
    reference = f"{words}, {show_day(run.day(key, QUESTION, 'decided_on'))}"
    values = {"standing": Standing.WITHDRAWN.value, "standing_reference": reference}
    for one in (*inside, row):
        run.recorder.change(one, VERBS[Standing.WITHDRAWN], values, reference)
        if isinstance(one, Milestone):
            run.touched[one.id] = one
    run.note("changed", what, ref, text, f"Withdrawn: {reference}.{number}", key=key, before=text)


def _with_it(run: Run, row: Any, implicit: dict[int, int]) -> list[Any]:
    """Return what goes with a row: what stands below it, and of an action only the milestone that repeats it."""
    if isinstance(row, Action):
        return [
            one
            for one in run.below(Milestone, row.workstream_id)
            if implicit.get(one.id) == row.id and one.standing == "open" and one.signoff != "approved"
        ]
    return [] if isinstance(row, Record | Milestone | Commitment) else list(below(run.session, row).rows)


def _implicit(run: Run) -> dict[int, int]:
    """Return the action that each milestone repeats, by the id of the milestone."""
    repeats = {row.id for row in run.all(Milestone) if row.implicit}
    return {link.milestone_id: link.action_id for link in run.all(MilestoneAction) if link.milestone_id in repeats}


def _above(row: Any) -> tuple[str, int] | None:
    name = _ABOVE.get(type(row))
    if name is None:
        return None
    key = getattr(row, name)
    if key is None:
        return "priority", row.priority_id
    return name.removesuffix("_id"), key
