"""Write a plan document into the database: make a new plan, or bring a plan up to date line by line.

What is there is matched by ref, then by text. A new line is added, a reworded one changed; a date that differs from
the agreed deadline is never overwritten but listed as needing a decision; nothing is deleted. Applying the same
document twice therefore changes nothing the second time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Action, Plan, Priority, Workstream
from tracker.rules.document import ActionLine, PlanDocument, PriorityLine, WorkstreamLine
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Actor
from tracker.rules.terms import read_terms
from tracker.rules.text import clean, fold
from tracker.services.ledger import Recorder, lock_chain
from tracker.services.plan_lines import write_commitments, write_measures, write_period_states, write_records
from tracker.services.plan_matching import Run, Siblings, how_it_stands, repeated
from tracker.services.plan_milestones import Milestones, Place
from tracker.services.plan_outcomes import Applied, Outcome, keys_of
from tracker.services.plan_people import Leads

__all__ = ["Applied", "Outcome", "create_plan", "update_plan"]

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_SLUG = 80


def create_plan(
    session: Session,
    document: PlanDocument,
    actor: Actor,
    now: datetime,
    *,
    effective: datetime | None = None,
    decisions: Mapping[str, str] | None = None,
) -> Applied:
    """Make a new plan from a document. Raises Refusal if the slug is taken, missing or not fit for an address."""
    if not document.slug:
        raise Refusal("The plan needs a short name for its address, for example send-2026.", "plan")
    if not _SLUG.fullmatch(document.slug) or len(document.slug) > _LONGEST_SLUG:
        raise Refusal("Use small letters, figures and hyphens for the short name, for example send-2026.", "plan")
    if session.scalar(select(Plan.id).where(Plan.slug == document.slug)) is not None:
        raise Refusal(f"There is a plan {document.slug} already.", "plan")
    plan = Plan(slug=document.slug, **_plan_values(document))
    session.add(plan)
    session.flush()
    recorder = Recorder(session, plan, actor, now, effective if effective is None or effective < now else None)
    recorder.add(plan)
    return _write(recorder, document, decisions, fresh=True)


def update_plan(
    session: Session,
    plan: Plan,
    document: PlanDocument,
    actor: Actor,
    now: datetime,
    *,
    decisions: Mapping[str, str] | None = None,
) -> Applied:
    """Bring a plan up to date with a document. A line that cannot be stored is refused, and the others are not."""
    lock_chain(session, plan.id)  # before anything is read that the document is compared with
    return _write(Recorder(session, plan, actor, now), document, decisions, fresh=False)


def _plan_values(document: PlanDocument) -> dict[str, Any]:
    return {
        "title": clean(document.title) or document.slug,
        "organisation": clean(document.organisation),
        "kind": clean(document.kind),
        "version": clean(document.version),
        "adopted": _adopted(document.adopted),
        "starts": clean(document.starts),
        "ends": clean(document.ends),
        "original_end": clean(document.original_end),
        "end_moved_reason": clean(document.end_moved_reason),
        "priority_label": clean(document.priority_label),
        "workstream_label": clean(document.workstream_label),
        "year_kind": document.year_kind,
        "review_cycle": clean(document.review_cycle),
        "reports_to": [clean(name) for name in document.reports_to],
        "key": {clean(name): clean(words) for name, words in document.key.items()},
        "source_note": clean(document.source_note),
        "term_calendar": read_terms(document.terms) if document.terms else {},
    }


def _adopted(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refusal(f'Enter the day of adoption like 2025-05-28, not "{text}".', "adopted") from error


def _write(recorder: Recorder, document: PlanDocument, decisions: Mapping[str, str] | None, *, fresh: bool) -> Applied:
    run = Run(recorder, fresh=fresh, keys=keys_of(document), decisions=decisions)
    writer = _Writer(run, Leads(run))
    write_records(run, document.records, None)
    write_measures(run, document.measures, None)
    writer.priorities(document.priorities)
    writer.milestones.link()
    recorder.close()
    writer.milestones.colour()
    return run.applied


class _Writer:
    """Writes what a plan is divided into, from priorities down to actions."""

    def __init__(self, run: Run, leads: Leads) -> None:
        self.run = run
        self.leads = leads
        self.milestones = Milestones(run, leads)

    def priorities(self, lines: Sequence[PriorityLine]) -> None:
        rows = self.run.below(Priority, self.run.plan.id)
        former = self.run.former(Priority, ("plan", 0))
        siblings = Siblings(rows, [line.ref for line in lines], "title", former)
        for line in lines:
            if siblings.repeats(line.ref):
                self.run.note("refused", "priority", line.ref, line.title, _all_below(line.ref, "the plan"), line=line)
                continue
            row = siblings.find(line.ref, line.title)
            if row is None:
                ref = line.ref or siblings.free_ref()
                new = Priority(
                    plan_id=self.run.plan.id,
                    ref=ref,
                    title=clean(line.title) or ref,
                    description=clean(line.description),
                    position=len(rows) + 1,
                    **how_it_stands(line),
                )
                row = siblings.take(self.run.add(new, self.run.plan.id))
                self.run.note("new", "priority", ref, row.title, line=line)
            else:
                values = {"title": clean(line.title), "description": clean(line.description)}
                values = {name: value for name, value in values.items() if value}
                self.run.reword(row, values, "priority", row.ref, clean(line.title) or row.title, line=line)
            write_records(self.run, line.records, row.id)
            write_measures(self.run, line.measures, row.id)
            self.workstreams(line.workstreams, row)
            self.milestones.write(line.unplaced, Place(row, None, {}))

    def workstreams(self, lines: Sequence[WorkstreamLine], priority: Priority) -> None:
        rows = self.run.below(Workstream, priority.id)
        former = self.run.former(Workstream, ("priority", priority.id))
        siblings = Siblings(rows, [line.ref for line in lines], "title", former)
        for line in lines:
            if siblings.repeats(line.ref):
                self.run.note(
                    "refused", "workstream", line.ref, line.title, _all_below(line.ref, priority.ref), line=line
                )
                continue
            row = siblings.find(line.ref, line.title)
            if row is None:
                ref = line.ref or siblings.free_ref(f"{_escaped(priority.ref)}.{{}}")
                new = Workstream(
                    plan_id=self.run.plan.id,
                    priority_id=priority.id,
                    ref=ref,
                    title=clean(line.title) or ref,
                    position=len(rows) + 1,
                    **how_it_stands(line),
                )
                row = siblings.take(self.run.add(new, priority.id))
                self.run.note("new", "workstream", ref, row.title, line=line)
            else:
                title = clean(line.title) or row.title
                self.run.reword(
                    row, {"title": title}, "workstream", row.ref, title, aside=siblings.aside(row), line=line
                )
            self.leads.assign(line.leads, workstream_id=row.id)
            actions = self.actions(line.actions, row)
            self.milestones.write(line.milestones, Place(priority, row, actions))
            write_commitments(self.run, line.commitments, row)
            write_period_states(self.run, line.period_states, row)

    def actions(self, lines: Sequence[ActionLine], workstream: Workstream) -> dict[str, Action]:
        rows = self.run.below(Action, workstream.id)
        former = self.run.former(Action, ("workstream", workstream.id))
        siblings = Siblings(rows, [line.ref for line in lines], "text", former)
        found: dict[str, Action] = {}
        for line in lines:
            full = f"{workstream.ref} {line.ref}".strip()
            if siblings.repeats(line.ref):
                self.run.note("refused", "action", full, line.text, repeated(line.ref, workstream.ref), line=line)
                continue
            row = siblings.find(line.ref, line.text)
            if row is not None:
                values = {"text": clean(line.text), "status_text": clean(line.status_text)}
                values = {name: value for name, value in values.items() if value}
                self.run.reword(
                    row, values, "action", f"{workstream.ref} {row.ref}", clean(line.text) or row.text, line=line
                )
            elif not clean(line.text):
                self.run.note("refused", "action", full, "", "It has no text.", line=line)
                continue
            else:
                new = Action(
                    plan_id=self.run.plan.id,
                    workstream_id=workstream.id,
                    ref=line.ref or siblings.free_ref(),
                    text=clean(line.text),
                    status_text=clean(line.status_text),
                    position=len(rows) + 1,
                    **how_it_stands(line),
                )
                row = siblings.take(self.run.add(new, workstream.id))
                self.run.note("new", "action", f"{workstream.ref} {row.ref}", row.text, line=line)
            self.leads.assign(line.leads, action_id=row.id)
            found[fold(line.ref or row.ref)] = row
        return found


def _all_below(ref: str, parent: str) -> str:
    return f"{repeated(ref, parent)} Nothing below it was taken."


def _escaped(ref: str) -> str:
    return ref.replace("{", "{{").replace("}", "}}")
