"""The milestones of a plan as a document has them. An agreed deadline is never overwritten by a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

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
from tracker.rules.dates import Period, Reading
from tracker.rules.document import MilestoneLine
from tracker.rules.text import clean, fold
from tracker.rules.timeline import spans
from tracker.rules.waiting import ELSEWHERE
from tracker.rules.windows import propose
from tracker.services import colours
from tracker.services.links import circle, hold_links
from tracker.services.plan_dates import read_in_plan
from tracker.services.plan_matching import Run, Siblings, how_it_stands, repeated
from tracker.services.plan_people import Leads
from tracker.services.signatures import lapse_if_changed

SAID = "The plan's document says so."


@dataclass(frozen=True, slots=True)
class Place:
    """Where milestones stand: a workstream with its actions by ref, or a priority where that is not known."""

    priority: Priority
    workstream: Workstream | None
    actions: Mapping[str, Action]


class Milestones:
    """Writes milestones, and draws the colours of those that are new or changed at the end."""

    def __init__(self, run: Run, leads: Leads) -> None:
        self.run = run
        self.leads = leads
        self.made: list[Milestone] = []
        self.lapsed: list[Milestone] = []
        self.waits: list[tuple[Milestone, MilestoneLine]] = []
        self.linked: list[Milestone] = []

    def write(self, lines: Sequence[MilestoneLine], place: Place) -> None:
        """Write the milestones of one workstream, or those of a priority whose workstream is not known."""
        parent = place.workstream.id if place.workstream else None
        rows = [row for row in self.run.below(Milestone, parent) if parent or row.priority_id == place.priority.id]
        here = ("workstream", place.workstream.id) if place.workstream else ("priority", place.priority.id)
        siblings = Siblings(rows, [line.ref for line in lines], "text", self.run.former(Milestone, here))
        made: list[Milestone] = []
        found: list[tuple[Milestone, MilestoneLine]] = []
        for line in lines:
            above = place.workstream.ref if place.workstream else place.priority.ref
            full = f"{place.workstream.ref}.{line.ref}" if place.workstream else line.ref
            if siblings.repeats(line.ref):
                self.run.note("refused", "milestone", full, line.text, repeated(line.ref, above), line=line)
                continue
            row = siblings.find(line.ref, line.text, by_ref_only=not line.implicit)
            period = self._period(line.date)
            if row is not None:
                aside = siblings.aside(row)
                if not aside:
                    full = f"{place.workstream.ref}.{row.ref}" if place.workstream else row.ref
                self._known(row, line, full, period, aside)
            elif not clean(line.text):
                self.run.note("refused", "milestone", full, line.date, "It has no text.", line=line)
                continue
            else:
                row = self._new(line, place, line.ref or siblings.free_ref(), period, len(rows) + 1)
                rows.append(siblings.take(row))
                made.append(row)
                full = f"{place.workstream.ref}.{row.ref}" if place.workstream else row.ref
                self.run.note("new", "milestone", full, row.text, line=line)
            found.append((row, line))
        self.run.add_all(made, parent)
        self.made += made
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
                self.linked.append(row)

    def colour(self) -> None:
        """Draw the colours of what is new, from the day of the act on, and again those whose sign-off lapsed."""
        schemes = colours.schemes_of(self.run.plan)
        day = self.run.recorder.today
        rows = [
            colours.span_row(self.run.plan.id, row.id, span)
            for row in self.made
            for span in spans([(day, colours.facts_now(row, self.run.plan))], schemes)
        ]
        if rows:
            self.run.session.execute(insert(ColourSpan), rows)
        for row in (*self.lapsed, *self.linked):
            colours.refresh(self.run.session, self.run.plan, row, day)

    def _period(self, words: str) -> Period:
        return read_in_plan(self.run.plan, words)

    def _new(self, line: MilestoneLine, place: Place, ref: str, period: Period, position: int) -> Milestone:
        due = _due(period)
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
            status_text=clean(line.status_text),
            needs_decision=clean(line.needs_decision or period.question),
            due=due,
            due_text=clean(line.date),
            due_precision=period.precision.value if due else "none",
            original_due=due,
            original_due_text=clean(line.date),
            planned_start=self._period(line.start).start if line.start else None,
            progress=clean(line.update_text),
            origin=clean(line.origin),
            **how_it_stands(line),
        )

    def _known(self, row: Milestone, line: MilestoneLine, full: str, period: Period, aside: str) -> None:
        values = {"text": clean(line.text), "status_text": clean(line.status_text)}
        values = {name: value for name, value in values.items() if value}
        question = _question(row, line, period)
        text = clean(line.text) or row.text
        self.run.reword(row, values, "milestone", full, text, question, aside, line=line)
        if lapse_if_changed(self.run.recorder, row):
            self.lapsed.append(row)

    def _beside(self, row: Milestone, line: MilestoneLine, place: Place) -> None:
        self.leads.assign(line.leads, milestone_id=row.id)
        links = {link.action_id for link in self.run.below(MilestoneAction, row.id)}
        for ref in dict.fromkeys(line.actions):
            action = place.actions.get(fold(ref))
            if action is not None and action.id not in links:
                link = MilestoneAction(plan_id=self.run.plan.id, milestone_id=row.id, action_id=action.id)
                self.run.add(link, row.id, SAID)
                links.add(action.id)
        if line.waits_for:
            self.waits.append((row, line))
        if line.tail and place.workstream is not None:
            self._tail(row, line, place.workstream)

    def _tail(self, row: Milestone, line: MilestoneLine, workstream: Workstream) -> None:
        """Store the recurring remark of a date as a commitment, once."""
        known = self.run.below(Commitment, workstream.id)
        if any(commitment.milestone_id == row.id for commitment in self.run.all(Commitment)):
            return
        read = self._period(f"{line.date} ({line.tail})")
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


def _due(period: Period) -> date | None:
    return period.end if period.reading is Reading.DATED else None


def _question(row: Milestone, line: MilestoneLine, period: Period) -> str:
    """Return what a person has to decide about a date that is not the agreed one; "" if it is, or none is given."""
    if not clean(line.date) or fold(clean(line.date)) in {fold(row.due_text), fold(row.original_due_text)}:
        return ""
    if _due(period) is not None and _due(period) == row.due:
        return ""
    return (
        f'The file says "{clean(line.date)}", the agreed deadline is "{row.due_text or "none"}". '
        "Ask for a new date instead."
    )
