"""The milestones of a plan as a document has them. An agreed deadline is never overwritten by a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert

from tracker.models import (
    Action,
    ColourSpan,
    Commitment,
    Milestone,
    MilestoneAction,
    MilestonePredecessor,
    Priority,
    Workstream,
)
from tracker.rules.document import MilestoneLine
from tracker.rules.text import clean, fold
from tracker.rules.timeline import spans
from tracker.rules.waiting import ELSEWHERE
from tracker.rules.windows import propose
from tracker.services import colours
from tracker.services.links import circle, hold_links
from tracker.services.plan_facts import settle_fact
from tracker.services.plan_matching import Refs, how_it_stands
from tracker.services.plan_people import Leads
from tracker.services.plan_redated import Redated
from tracker.services.plan_settling import SAID, Settled, Settling
from tracker.services.signatures import lapse_if_changed

_FEW = 20  # milestones whose colours are drawn again one by one; more are made again from the ledger at once


@dataclass(frozen=True, slots=True)
class Place:
    """Where milestones stand: a workstream with its actions by ref, or a priority where that is not known."""

    priority: Priority
    workstream: Workstream | None
    actions: Mapping[str, Action]


class Milestones:
    """Writes milestones, and draws the colours of those that are new or changed at the end."""

    def __init__(self, settling: Settling, leads: Leads, source: str) -> None:
        self.run = settling.run
        self.settling = settling
        self.leads = leads
        self.source = source
        self.redated = Redated(self.run, source)
        self.made: list[Milestone] = []
        self.waits: list[tuple[Milestone, MilestoneLine]] = []
        self._with_tail = {row.milestone_id for row in self.run.all(Commitment)}
        self._new_here: set[Milestone] = set()

    def write(self, lines: Sequence[MilestoneLine], place: Place) -> None:
        """Write the milestones of one workstream, or those of a priority whose workstream is not known."""
        parent = place.workstream.id if place.workstream else None
        above = place.workstream or place.priority
        rows = [row for row in self.run.below(Milestone, parent) if parent or row.priority_id == place.priority.id]
        refs = Refs(rows, self.settling.new(lines), self.run.former(Milestone, (above.__tablename__, above.id)))
        number = len(rows)
        made: list[Milestone] = []
        found: list[tuple[Milestone, MilestoneLine]] = []
        for line in lines:
            full = f"{place.workstream.ref}.{line.ref}" if place.workstream else line.ref
            settled = self.settling.settle(line, "milestone", full, line.text, above.ref, place.workstream)
            if settled is None:
                continue
            row = settled.row
            if row is not None:
                self._known(row, line, settled)
            elif not clean(line.text):
                self.run.note("refused", "milestone", full, line.date, "It has no text.", line=line)
                continue
            else:
                number += 1
                row = self._new(line, place, refs.take(line.ref), number)
                made.append(row)
                full = f"{place.workstream.ref}.{row.ref}" if place.workstream else row.ref
                aside = f"The file numbers it {line.ref}, which is taken." if line.ref not in ("", row.ref) else ""
                self.run.note("new", "milestone", full, row.text, aside, line=line)
            found.append((row, line))
        self.run.add_all(made, parent)
        self.made += made
        self._new_here.update(made)
        for row, line in found:
            self._beside(row, line, place)

    def link(self) -> None:
        """Let milestones wait for others as the document says, once all of them are there."""
        if not self.waits:
            return
        run, session = self.run, self.run.session
        hold_links(session, {run.plan.id})
        streams = {row.id: row.ref for row in run.all(Workstream)}
        rows = list(run.all(Milestone))
        names = {row.id: f"{streams[row.workstream_id]}.{row.ref}" if row.workstream_id else row.ref for row in rows}
        by_name = {fold(names[row.id]): row for row in rows}
        for row, line in self.waits:
            # What a person took away stays away: the row of the link is there, and is not touched.
            there = {link.predecessor_id for link in run.below(MilestonePredecessor, row.id)}
            for name in dict.fromkeys(line.waits_for):
                other = by_name.get(fold(clean(name)))
                if other is not None and other.id in there:
                    continue
                why = f'There is no milestone "{clean(name)}" in this plan that it could wait for.'
                if other is not None:
                    way = circle(session, row.id, other.id)
                    steps = ", which waits for ".join(names.get(key, ELSEWHERE) for key in way)
                    why = f"That would go round in a circle: {names[row.id]} waits for {steps}." if way else ""
                if other is None or why:
                    key = run.key_of(line, f"waits for {clean(name)}")
                    run.note("refused", "predecessor", names[row.id], clean(name), why, line=line, key=key)
                    continue
                link = MilestonePredecessor(plan_id=run.plan.id, milestone_id=row.id, predecessor_id=other.id)
                run.add(link, row.id, SAID)
                there.add(other.id)
                self.run.touched[row.id] = row

    def colour(self) -> None:
        """Draw the colours of what is new, from the day of the act on, and again those of what was changed."""
        run = self.run
        schemes = colours.schemes_of(run.plan)
        day = run.recorder.today
        if run.recorder.effective is not None:  # what the rows say now is not all that was known on that day
            colours.rebuild(run.session, run.plan, [row.id for row in (*self.made, *run.touched.values())])
            return
        waiting = {row.id for row, _ in self.waits} & run.touched.keys()
        made = [row for row in self.made if row.id not in waiting]
        rows = [
            colours.span_row(run.plan.id, row.id, span)
            for row in made
            for span in spans([(day, colours.facts_now(row, run.plan))], schemes)
        ]
        if rows:
            run.session.execute(insert(ColourSpan).execution_options(render_nulls=True), rows)
        drawn = {row.id for row in made}
        touched = [row for row in run.touched.values() if row.id not in drawn]
        if len(touched) > _FEW:
            colours.rebuild(run.session, run.plan, [row.id for row in touched])
            return
        for row in touched:
            colours.refresh(run.session, run.plan, row, day)

    def _new(self, line: MilestoneLine, place: Place, ref: str, position: int) -> Milestone:
        period = self.run.read(line.date)
        due = period.dated
        return Milestone(
            plan_id=self.run.plan.id,
            priority_id=place.workstream.priority_id if place.workstream else place.priority.id,
            workstream_id=place.workstream.id if place.workstream else None,
            ref=ref,
            text=clean(line.text),
            position=position,
            tail=clean(line.tail),
            implicit=line.implicit,
            critical=line.critical,
            needs_decision="" if line.decided else clean(line.needs_decision or period.question),
            due=due,
            due_text=clean(line.date),
            due_precision=period.precision.value if due else "none",
            original_due=due,
            original_due_text=clean(line.date),
            planned_start=self.run.read(line.start).start if line.start else None,
            progress=clean(line.update_text),
            origin=clean(line.origin),
            **self._rating(line),
            **how_it_stands(line),
        )

    def _known(self, row: Milestone, line: MilestoneLine, settled: Settled) -> None:
        full = self.run.name_of(row)
        text = clean(line.text) or row.text
        rating = self._rating(line)
        same = not line.status_text or (row.status_text, row.rating) == (rating["status_text"], rating["rating"])
        more: dict[str, Any] = {"aside": settled.aside, "confirmed": settled.confirmed, "line": line}
        self.run.reword(row, {"text": text}, "milestone", full, text, also={} if same else rating, **more)
        if lapse_if_changed(self.run.recorder, row):
            self.run.touched[row.id] = row

    def _rating(self, line: MilestoneLine) -> dict[str, Any]:
        """Return what the document says of how a milestone stands: its words, and the colour that they mean."""
        words = clean(line.status_text)
        return {
            "status_text": words,
            "rating": line.rating if words else "",
            "rating_file": self.source if words else "",
            "rating_as_at": self.run.recorder.today if words else None,
        }

    def _beside(self, row: Milestone, line: MilestoneLine, place: Place) -> None:
        full = self.run.name_of(row)
        self.leads.assign(line, row, "milestone", full)
        links = {link.action_id for link in self.run.below(MilestoneAction, row.id)}
        for ref in dict.fromkeys(line.actions):
            action = place.actions.get(fold(ref))
            if action is not None and action.id not in links:
                link = MilestoneAction(plan_id=self.run.plan.id, milestone_id=row.id, action_id=action.id)
                self.run.add_later(link, row.id, SAID)
                links.add(action.id)
        if line.waits_for:
            self.waits.append((row, line))
        if line.tail and place.workstream is not None:
            self._tail(row, line, place.workstream)
        if not self.run.fresh and row not in self._new_here:
            self.redated.settle(row, line, full, self.run.read(line.date))
        settle_fact(self.run, row, line, full)

    def _tail(self, row: Milestone, line: MilestoneLine, workstream: Workstream) -> None:
        """Store the recurring remark of a date as a commitment, once."""
        known = self.run.below(Commitment, workstream.id)
        if row.id in self._with_tail:
            return
        self._with_tail.add(row.id)
        read = self.run.read(f"{line.date} ({line.tail})")
        frequency = read.frequency or clean(line.tail)
        # The source gives rule and day ("Jun 2026 (quarterly ...)"), so nothing is left for a person to confirm.
        found = propose(frequency, None, row.original_due)
        dated = found.every is not None and row.original_due is not None
        commitment = Commitment(
            plan_id=self.run.plan.id,
            workstream_id=workstream.id,
            milestone_id=row.id,
            ref=f"{row.ref} tail",
            frequency=frequency,
            text=clean(line.tail),
            every=str(found.every) if dated else "",
            anchor=found.anchor if dated else None,
            confirmed=self.run.recorder.today if dated else None,
            position=len(known) + 1,
        )
        self.run.add(commitment, workstream.id)
