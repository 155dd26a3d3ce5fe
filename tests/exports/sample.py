"""Facts for reports: a plan of about 80 milestones with every kind of progress, and one of any size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from tests.exports.sample_plan import KEY, PRIORITIES, UPDATES
from tracker.exports.facts import ReportFacts
from tracker.queries.deadline_rows import DeadlineMove
from tracker.queries.rows import (
    ComingChange,
    CommitmentRow,
    DecisionNeeded,
    LeadRow,
    MeasureRow,
    MilestoneRow,
    Movement,
    PlanRow,
    PlanSnapshot,
    PriorityRow,
    RecordRow,
    WorkstreamRow,
)
from tracker.rules.colour import Colour
from tracker.rules.dates import add_months, end_of_month, read_period, show_day, show_month
from tracker.rules.facts import Confidence, Facts, SignOff, Standing
from tracker.rules.rollup import Direction, Item, count, direction, headline, workstream_colour
from tracker.rules.status import Verdict, assess, next_change

TODAY = date(2025, 11, 21)
SINCE = date(2025, 9, 30)
ADOPTED = date(2025, 5, 28)
PREPARED = datetime(2025, 11, 21, 16, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    """A milestone of the sample with the scenario that says what has been recorded."""

    ref: str
    text: str
    due_text: str
    scenario: str


def known(line: Line, day: date) -> Facts:
    """Return what is recorded of the milestone by the end of `day`."""
    period = read_period(line.due_text)
    due = period.end
    facts = Facts(due=due, due_text=line.due_text, original_due=due, original_due_text=line.due_text, adopted=ADOPTED)
    if due is None or not line.scenario:
        return facts
    if line.scenario == "withdrawn":
        if day >= date(2025, 10, 8):
            return replace(facts, standing=Standing.WITHDRAWN, standing_reference="minute 4.3 of 8 October 2025")
        return facts
    started = min(due - timedelta(days=100), date(2025, 10, 6))
    if line.scenario == "not started" or day < started:
        return facts
    facts = replace(facts, started=started)
    done = {"done": (-5, 9), "done late": (11, 24), "done quick": (0, 5)}.get(line.scenario)
    if done is not None:
        claimed, approved = (due + timedelta(days=offset) for offset in done)
        if day >= claimed:
            facts = replace(facts, claimed=claimed, completed=claimed, signoff=SignOff.CLAIMED, signoff_day=claimed)
        if day >= approved:
            facts = replace(facts, signoff=SignOff.APPROVED, signoff_day=approved)
        return facts
    match line.scenario:
        case "claimed" | "claimed long" | "claimed late":
            claimed = due + timedelta(days={"claimed": -3, "claimed long": -12, "claimed late": 14}[line.scenario])
            if day >= claimed:
                facts = replace(facts, claimed=claimed, completed=claimed, signoff=SignOff.CLAIMED, signoff_day=claimed)
        case "asked":
            if day >= due + timedelta(days=6):
                facts = replace(facts, proposed_text=show_month(end_of_month(add_months(due, 3))))
        case "moved" | "moved twice":
            times = 1 if line.scenario == "moved" else 2
            if day >= date(2025, 10, 9):
                new = end_of_month(add_months(due, 3 * times))
                facts = replace(
                    facts, due=new, due_text=show_month(new), moves=times, confirmed=line.scenario != "moved"
                )
        case "forecast":
            if day >= date(2025, 10, 20):
                late = end_of_month(add_months(due, 2))
                facts = replace(facts, forecast=late, forecast_text=show_month(late))
        case "at risk":
            if day >= date(2025, 10, 20):
                reason = "two key posts are vacant and the first round of recruitment failed"
                facts = replace(facts, confidence=Confidence.AT_RISK, confidence_reason=reason)
        case "blocked":
            if day >= date(2025, 10, 20):
                facts = replace(facts, blocked="the two ICBs have not agreed who holds the contract")
        case _:
            pass
    return facts


class Maker:
    """Makes rows with running ids; the same plan has the same ids on every day."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.number = 0
        self.posts: dict[tuple[str, str], int] = {}

    def next(self) -> int:
        self.number += 1
        return self.number

    def lead(self, post: tuple[str, str], accountable: bool) -> LeadRow:
        return LeadRow(self.posts.setdefault(post, len(self.posts) + 1), *post, accountable)

    def milestone(
        self, line: Line, priority: tuple[int, str, str], stream: tuple[int, str, str], leads: tuple[LeadRow, ...]
    ) -> MilestoneRow:
        facts = known(line, self.day)
        verdict = assess(facts, self.day)
        progress, impact = UPDATES.get(line.scenario, ("", ""))
        updated = facts.claimed or (date(2025, 10, 20) if self.day >= date(2025, 10, 20) else None)
        open_late = (
            verdict.colour in (Colour.RED, Colour.AMBER)
            and facts.started is not None
            and bool(progress)
            and not facts.claimed
        )
        return MilestoneRow(
            id=self.next(),
            ref=line.ref,
            text=line.text,
            priority_id=priority[0],
            priority_ref=priority[1],
            priority_title=priority[2],
            workstream_id=stream[0],
            workstream_ref=stream[1],
            workstream_title=stream[2],
            actions=("A",) if line.ref in ("1", "2") else ("A", "B"),
            leads=leads,
            due=facts.due,
            due_text=facts.due_text,
            due_precision=read_period(facts.due_text).precision.value,
            original_due=facts.original_due,
            original_due_text=facts.original_due_text,
            moves=facts.moves,
            colour=verdict.colour,
            rule=verdict.rule,
            reason=verdict.reason,
            marks=verdict.marks,
            computed=verdict.computed,
            attributed=verdict.attributed,
            until=verdict.until,
            started=facts.started,
            forecast=facts.forecast,
            forecast_text=facts.forecast_text,
            confidence=facts.confidence.value if facts.confidence else "",
            confidence_reason=facts.confidence_reason,
            blocked=facts.blocked,
            progress=progress if updated and facts.started else "",
            impact=impact if updated and facts.started else "",
            help_needed="The board is asked to press for a decision in both ICBs by the end of January."
            if line.scenario in ("blocked", "critical missed")
            else "",
            recovery="Interim lead named; weekly check by the improvement manager until it is done."
            if open_late
            else "",
            updated_on=updated if facts.started else None,
            updated_by=leads[0].post if leads and updated else "",
            claimed=facts.claimed,
            completed=facts.completed,
            signoff=facts.signoff.value,
            confirmed=facts.confirmed,
            proposed_text=facts.proposed_text,
            critical=line.scenario == "critical missed",
            implicit=False,
            standing=facts.standing.value,
            needs_decision="",
            tail="quarterly reviews following this" if line.due_text == "Jun 2026" and line.ref == "5" else "",
            version=1,
        )


def snapshot(day: date, *, demonstration: bool = True, marking: str = "") -> PlanSnapshot:
    """Return the sample plan as at `day`."""
    make = Maker(day)
    priorities = []
    for ref, title, good, streams in PRIORITIES:
        priority = (make.next(), ref, title)
        rows = []
        for stream_ref, stream_title, posts, lines in streams:
            stream = (make.next(), stream_ref, stream_title)
            leads = tuple(make.lead(post, index == 0) for index, post in enumerate(posts))
            milestones = tuple(
                make.milestone(Line(number, text, due, scenario), priority, stream, leads)
                for number, due, text, scenario in lines
            )
            tail = (
                CommitmentRow(
                    make.next(), "5q", "Quarterly review of the communications approach", "Quarterly", "1a.5"
                ),
            )
            rows.append(
                WorkstreamRow(
                    *stream,
                    workstream_colour(row.colour for row in milestones),
                    count(items(milestones), day),
                    leads,
                    (),
                    milestones,
                    tail if stream_ref == "1a" else (),
                )
            )
        everything = [row for stream in rows for row in stream.milestones]
        priorities.append(
            PriorityRow(
                *priority,
                "",
                headline(items(everything), day),
                tuple(RecordRow("good_looks_like", "", text) for text in good),
                (WAITING,) if ref == "2" else (),
                tuple(rows),
                (),
            )
        )
    every = [row for priority in priorities for stream in priority.workstreams for row in stream.milestones]
    plan = PlanRow(
        id=1,
        slug="send-improvement-plan",
        title="Local Area SEND Improvement Plan 2025 to 2028",
        organisation="Westmorland and Furness Council",
        kind="improvement plan",
        version="Final",
        adopted=ADOPTED,
        starts="2025",
        ends="2028",
        original_end="",
        end_moved_reason="",
        priority_label="Section",
        workstream_label="Workstream",
        review_cycle="annual",
        reports_to=("SEND Partnership Board", "DMT", "DfE", "Cabinet", "Health and Wellbeing Board"),
        key=KEY,
        marking=marking,
        demonstration=demonstration,
    )
    return PlanSnapshot(plan, day, headline(items(every), day), tuple(priorities), (), ())


WAITING = MeasureRow(
    7,
    "Longest wait for an assessment",
    "weeks",
    "down",
    "104",
    "83",
    "quarterly",
    "",
    (("Q1 2025/26", "", "101"), ("Q2 2025/26", "", "97")),
)


def items(rows: tuple[MilestoneRow, ...] | list[MilestoneRow]) -> list[Item]:
    """Return rows as the roll-up sees them."""
    return [Item(row.colour, row.due, row.critical) for row in rows]


def report_facts(*, demonstration: bool = True, marking: str = "", first: bool = False) -> ReportFacts:
    """Return the facts of a report on the sample plan; `first` has nothing to compare with."""
    now = snapshot(TODAY, demonstration=demonstration, marking=marking)
    before = None if first else snapshot(SINCE, demonstration=demonstration, marking=marking)
    moves = tuple(_moves(now))
    return ReportFacts(
        snapshot=now,
        before=before,
        since=None if first else SINCE,
        movements=tuple(_movements(before, now)) if before else (),
        coming=tuple(_coming(now)),
        moves=moves,
        decisions=tuple(_decisions(now, moves)),
        prepared_on=PREPARED,
        board="SEND Partnership Board",
        meeting=date(2025, 12, 4),
        author="SEND Partnership and Improvement Manager",
        purpose="decide",
        contact="send.improvement@example.gov.uk",
    )


def large_facts(milestones: int) -> ReportFacts:
    """Return facts with (about) this many milestones, by repeating the sample's sections under new refs."""
    facts = report_facts()
    base = facts.snapshot
    copies = max(1, round(milestones / len(base.milestones)))
    priorities = tuple(
        _renumbered(priority, copy, index) for copy in range(copies) for index, priority in enumerate(base.priorities)
    )
    every = [row for priority in priorities for stream in priority.workstreams for row in stream.milestones]
    grown = replace(base, priorities=priorities, headline=headline(items(every), base.day))
    return replace(facts, snapshot=grown)


def _renumbered(priority: PriorityRow, copy: int, index: int) -> PriorityRow:
    ref, shift = str(copy * 4 + index + 1), copy * 1000
    streams = tuple(
        replace(
            stream,
            id=stream.id + shift,
            ref=f"{ref}{stream.ref[1:]}",
            milestones=tuple(
                replace(
                    row,
                    id=row.id + shift,
                    priority_ref=ref,
                    workstream_ref=f"{ref}{stream.ref[1:]}",
                    text=f"{row.text} ({ref})",
                )
                for row in stream.milestones
            ),
        )
        for stream in priority.workstreams
    )
    return replace(priority, id=priority.id + shift, ref=ref, workstreams=streams)


def _movements(before: PlanSnapshot, now: PlanSnapshot) -> Iterator[Movement]:
    was = {row.id: row for row in before.milestones}
    for row in now.milestones:
        old = was[row.id]
        if old.colour is not row.colour:
            way = direction(old.colour, row.colour)
            after = None if way is Direction.CLOSED else row.colour
            yield Movement(row, old.colour, after, way, _cause(row))


def _cause(row: MilestoneRow) -> str:
    if row.colour is Colour.BLUE:
        return "completion signed off"
    if row.colour is Colour.RED and row.due:
        return f"deadline passed {show_day(row.due)}"
    if row.forecast:
        return f"forecast {row.forecast_text}, after the deadline"
    return "started" if row.colour is Colour.GREEN else "new information from the lead"


def _coming(now: PlanSnapshot) -> Iterator[ComingChange]:
    lines = {
        (stream_ref, number): Line(number, text, due, scenario)
        for _, _, _, streams in PRIORITIES
        for stream_ref, _, _, listed in streams
        for number, due, text, scenario in listed
    }
    for row in now.milestones:
        found = next_change(known(lines[row.workstream_ref, row.ref], now.day), now.day)
        if found and (found[0] - now.day).days <= 90 and found[1].colour is not row.colour:
            day, verdict = found
            assert isinstance(verdict, Verdict)
            yield ComingChange(row, day, row.colour, verdict.colour, verdict.reason)


def _moves(now: PlanSnapshot) -> Iterator[DeadlineMove]:
    number = 0
    for row in now.milestones:
        for turn in range(row.moves + bool(row.proposed_text)):
            number += 1
            start = row.original_due
            assert start is not None
            came = end_of_month(add_months(start, 3 * turn))
            to = end_of_month(add_months(start, 3 * (turn + 1)))
            pending = bool(row.proposed_text)
            yield DeadlineMove(
                id=number,
                milestone_id=row.id,
                full_ref=row.full_ref,
                text=row.text,
                original_text=row.original_due_text,
                from_text=show_month(came),
                to_text=show_month(to),
                from_due=came,
                to_due=to,
                precision="month",
                state="requested" if pending else "approved",
                reason="The provider's contract began ten weeks later than planned.",
                recovery="Fortnightly sessions instead of monthly ones until the new date.",
                requested_on=date(2025, 10, 6),
                requested_by=row.leads[0].post if row.leads else "",
                decided_on=None if pending else date(2025, 10, 9),
                decided_by="" if pending else "SEND Partnership Board",
                decision_level="board",
                minute="" if pending else "5.2",
            )


def _decisions(now: PlanSnapshot, moves: tuple[DeadlineMove, ...]) -> Iterator[DecisionNeeded]:
    by_milestone = {move.milestone_id: move for move in moves if move.state == "requested"}
    for row in now.milestones:
        if row.id in by_milestone:
            move = by_milestone[row.id]
            said = f"Move the deadline from {move.from_text} to {move.to_text}."
            yield DecisionNeeded("new date", row, said, "Decide the new date", move.id)
        elif "new date required" in row.marks:
            said = "The deadline has passed; ask the lead for a new completion date and a recovery plan."
            yield DecisionNeeded("new date required", row, said, "Ask for a new date")
        elif {"awaiting sign-off", "sign-off overdue"} & set(row.marks):
            yield DecisionNeeded("sign-off", row, "Ratify or return the completion.", "Decide the sign-off")
        elif row.due is None:
            yield DecisionNeeded("undated", row, "Give the milestone a date.", "Set a date")
