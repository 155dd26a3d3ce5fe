"""Write a plan document into the database: make a new plan, or bring a plan up to date line by line.

Which row a line is is known before anything is written (`plan_pairs`). A new line is added, a reworded one changed;
what cannot be known, a date that is not the agreed one, a lead that is another one, a status, and what the document
does not have any more are questions (`plan_outcomes`), and change nothing until a person has answered. Nothing is
deleted. Applying the same document twice therefore changes nothing the second time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Action, Plan, Priority, Record, Workstream
from tracker.rules.dates import london_day, show_day
from tracker.rules.document import ActionLine, PlanDocument, PriorityLine, WorkstreamLine
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Actor, Role
from tracker.rules.terms import read_terms
from tracker.rules.text import clean, fold
from tracker.services.ledger import Recorder, lock_chain
from tracker.services.plan_asking import TRIAL
from tracker.services.plan_editions import edition_after, keep_edition, source_of
from tracker.services.plan_history import fill_in
from tracker.services.plan_lines import write_commitments, write_measures, write_period_states, write_records
from tracker.services.plan_matching import Refs, how_it_stands
from tracker.services.plan_milestones import Milestones, Place
from tracker.services.plan_missing import settle_missing
from tracker.services.plan_outcomes import Applied, Outcome, keys_of
from tracker.services.plan_pairs import Pairs
from tracker.services.plan_people import Leads
from tracker.services.plan_run import Run
from tracker.services.plan_settling import Settled, Settling, is_named

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
    """Make a new plan from a document. Raises Refusal if the slug is taken, missing or not fit for an address.

    Who makes a plan acts as its improvement manager from the first line on.
    """
    if not document.slug:
        raise Refusal("The plan needs a short name for its address, for example send-2026.", "plan")
    if not _SLUG.fullmatch(document.slug) or len(document.slug) > _LONGEST_SLUG:
        raise Refusal("Use small letters, figures and hyphens for the short name, for example send-2026.", "plan")
    if session.scalar(select(Plan.id).where(Plan.slug == document.slug)) is not None:
        raise Refusal(f"There is a plan {document.slug} already.", "plan")
    plan = Plan(slug=document.slug, **_plan_values(document))
    session.add(plan)
    session.flush()
    actor = replace(actor, roles={**actor.roles, plan.id: frozenset({Role.MANAGER})})
    earlier = effective if effective is None or effective < now else None
    trial = bool(session.info.get(TRIAL))
    recorder = Recorder(session, plan, actor, now, earlier, because=_because(document, earlier), trial=trial)
    recorder.add(plan)
    return _write(recorder, document, decisions, fresh=True)


def update_plan(
    session: Session,
    plan: Plan,
    document: PlanDocument,
    actor: Actor,
    now: datetime,
    *,
    effective: datetime | None = None,
    decisions: Mapping[str, str] | None = None,
) -> Applied:
    """Bring a plan up to date with a document. A line that cannot be stored is refused, and the others are not.

    A document that speaks of a day before one that is in the plan already only fills in history.
    """
    lock_chain(session, plan.id)  # before anything is read that the document is compared with
    recorder = Recorder(session, plan, actor, now, effective, because=_because(document, effective))
    later = edition_after(session, plan.id, recorder.today) if effective is not None else None
    if later is not None:
        return fill_in(recorder, document, decisions, later)
    recorder.trial = bool(session.info.get(TRIAL))
    return _write(recorder, document, decisions, fresh=False)


def _because(document: PlanDocument, effective: datetime | None) -> str:
    """Return what is said of entries that a file of an earlier day gives."""
    source = source_of(document)
    return f"Back-filled from {source}, as at {show_day(london_day(effective))}." if source and effective else ""


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
    settling = Settling(run, Pairs(run, document))
    writer = _Writer(settling, source_of(document))
    left = write_records(run, document.records, None)
    write_measures(run, document.measures, None)
    left += writer.priorities(document.priorities)
    run.add_those()
    writer.milestones.link()
    if not fresh:
        settle_missing(run, settling.pairs, left)
    keep_edition(recorder, document, run.kept)
    run.all_lines_done()
    applied = run.close()
    if not recorder.trial:
        writer.milestones.colour()
    return applied


class _Writer:
    """Writes what a plan is divided into, from priorities down to actions."""

    def __init__(self, settling: Settling, source: str) -> None:
        self.settling = settling
        self.run = settling.run
        self.leads = Leads(self.run)
        self.milestones = Milestones(settling, self.leads, source)

    def priorities(self, lines: Sequence[PriorityLine]) -> list[Record]:
        """Write the priorities with all below them; returns the records that the document does not have any more."""
        rows = self.run.below(Priority, self.run.plan.id)
        refs = Refs(rows, self.settling.new(lines), self.run.former(Priority, ("plan", 0)))
        left: list[Record] = []
        for line in lines:
            settled = self.settling.settle(line, "priority", line.ref, line.title, "the plan")
            if settled is None:
                continue
            row = settled.row
            if row is None:
                ref = refs.take(line.ref)
                new = Priority(
                    plan_id=self.run.plan.id,
                    ref=ref,
                    title=clean(line.title) or ref,
                    description=clean(line.description),
                    position=len(rows) + 1,
                    **how_it_stands(line),
                )
                row = self.run.add(new, self.run.plan.id)
                self.run.note("new", "priority", ref, row.title, line=line)
            else:
                title = clean(line.title) if is_named(line) else ""
                values = {"title": title, "description": clean(line.description)}
                self._reword(row, settled, values, "priority", row.ref, line, title or row.title)
            left += write_records(self.run, line.records, row.id)
            write_measures(self.run, line.measures, row.id)
            self.workstreams(line.workstreams, row)
            self.milestones.write(line.unplaced, Place(row, None, {}))
        return left

    def workstreams(self, lines: Sequence[WorkstreamLine], priority: Priority) -> None:
        """Write the workstreams of a priority with all below them."""
        rows = self.run.below(Workstream, priority.id)
        refs = Refs(rows, self.settling.new(lines), self.run.former(Workstream, ("priority", priority.id)))
        for line in lines:
            settled = self.settling.settle(line, "workstream", line.ref, line.title, priority.ref, priority)
            if settled is None:
                continue
            row = settled.row
            if row is None:
                ref = refs.take(line.ref, f"{_escaped(priority.ref)}.{{}}")
                new = Workstream(
                    plan_id=self.run.plan.id,
                    priority_id=priority.id,
                    ref=ref,
                    title=clean(line.title) or ref,
                    position=len(rows) + 1,
                    **how_it_stands(line),
                )
                row = self.run.add(new, priority.id)
                self.run.note("new", "workstream", ref, row.title, line=line)
            else:
                title = (clean(line.title) if is_named(line) else "") or row.title
                self._reword(row, settled, {"title": title}, "workstream", row.ref, line, title)
            self.leads.assign(line, row, "workstream", row.ref)
            actions = self.actions(line.actions, row)
            self.milestones.write(line.milestones, Place(priority, row, actions))
            write_commitments(self.settling, line.commitments, row)
            write_period_states(self.run, line.period_states, row)

    def actions(self, lines: Sequence[ActionLine], workstream: Workstream) -> dict[str, Action]:
        """Write the actions of a workstream; returns them by the refs that the document gives them."""
        rows = self.run.below(Action, workstream.id)
        refs = Refs(rows, self.settling.new(lines), self.run.former(Action, ("workstream", workstream.id)))
        found: list[tuple[ActionLine, Action]] = []
        made: list[Action] = []
        for line in lines:
            full = f"{workstream.ref} {line.ref}".strip()
            settled = self.settling.settle(line, "action", full, line.text, workstream.ref, workstream)
            if settled is None:
                continue
            row = settled.row
            if row is not None:
                values = {"text": clean(line.text)}
                status = {"status_text": clean(line.status_text)} if clean(line.status_text) else {}
                name = self.run.name_of(row).removeprefix("action ")
                self._reword(row, settled, values, "action", name, line, clean(line.text) or row.text, status)
            elif not clean(line.text):
                self.run.note("refused", "action", full, "", "It has no text.", line=line)
                continue
            else:
                row = Action(
                    plan_id=self.run.plan.id,
                    workstream_id=workstream.id,
                    ref=refs.take(line.ref),
                    text=clean(line.text),
                    status_text=clean(line.status_text),
                    position=len(rows) + len(made) + 1,
                    **how_it_stands(line),
                )
                made.append(row)
                self.run.note("new", "action", f"{workstream.ref} {row.ref}", row.text, line=line)
            found.append((line, row))
        self.run.add_all(made, workstream.id)
        for line, row in found:
            self.leads.assign(line, row, "action", f"{workstream.ref} {row.ref}")
        return {fold(line.ref or row.ref): row for line, row in found}

    def _reword(
        self,
        row: Any,
        settled: Settled,
        values: Mapping[str, str],
        what: str,
        ref: str,
        line: Any,
        text: str,
        also: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        given = {name: value for name, value in values.items() if value}
        confirmed, aside = settled.confirmed, settled.aside
        self.run.reword(row, given, what, ref, text, line=line, also=also, confirmed=confirmed, aside=aside)


def _escaped(ref: str) -> str:
    return ref.replace("{", "{{").replace("}", "}}")
