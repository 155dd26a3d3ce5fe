"""Facts for reports: a plan of about 80 milestones with every kind of progress, and one of any size."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from tests.exports.sample_changes import coming, decisions, movements, moves
from tests.exports.sample_lines import Line, known
from tests.exports.sample_plan import KEY, PRIORITIES, UPDATES
from tracker.exports.facts import MeetingAction, ReportFacts, Waiver
from tracker.queries.commitment_rows import CommitmentRow
from tracker.queries.rows import (
    LeadRow,
    MeasureRow,
    MilestoneRow,
    PlanRow,
    PlanSnapshot,
    PriorityRow,
    RecordRow,
    VoiceRow,
    WorkstreamRow,
)
from tracker.rules.colour import Colour
from tracker.rules.dates import read_period
from tracker.rules.rollup import Item, count, headline, workstream_colour
from tracker.rules.status import assess

TODAY = date(2025, 11, 21)
SINCE = date(2025, 9, 30)
ADOPTED = date(2025, 5, 28)
EARLIER = date(2025, 7, 31)
ACTIONS = (
    MeetingAction(
        "1", "Bring the recruitment plan for case officers.", "SEND Senior Manager", "Oct 2025", None, "done"
    ),
    MeetingAction(
        "2",
        "Settle with both ICBs which data set is used.",
        "Head of Children's Services - SEND & Complexities",
        "30 October 2025",
        date(2025, 10, 30),
        "open",
    ),
)
WAIVED = (
    "The lead is on leave; the deputy confirmed it by telephone.",
    "Improvement manager",
    date(2025, 11, 20),
)
PREPARED = datetime(2025, 11, 21, 16, 5, tzinfo=UTC)


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
        key = self.posts.setdefault(post, len(self.posts) + 1)
        return LeadRow(key, *post, accountable, wanting="nobody" if key == 2 else "")

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
                (*(RecordRow("good_looks_like", "", text) for text in good), *RECORDS.get(ref, ())),
                {"2": (WAITING,), "3": (TALKS,)}.get(ref, ()),
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


RECORDS = {
    "1": (
        RecordRow("interdependency", "", "The digital programme delivers the new Local Offer website by Mar 2026."),
        RecordRow("definition", "Co-production", "Families and services decide together, from the first draft on."),
    )
}
TALKS = MeasureRow(
    8,
    "Families who say that they were heard",
    "%",
    "up",
    "61%",
    "75%",
    "termly",
    "",
    (("Summer 2025", "", "58%"),),
    (VoiceRow(1, "Parent carers", "We are asked, and then we hear nothing.", "Forum survey", date(2025, 9, 15)),),
)
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
    asked = tuple(moves(now))
    rows = now.milestones
    done = [row.id for row in rows if row.colour is Colour.BLUE]
    return ReportFacts(
        snapshot=now,
        before=before,
        since=None if first else SINCE,
        movements=tuple(movements(before, now)) if before else (),
        coming=tuple(coming(now)),
        moves=asked,
        decisions=tuple(decisions(now, asked)),
        prepared_on=PREPARED,
        board="SEND Partnership Board",
        meeting=date(2025, 12, 4),
        author="SEND Partnership and Improvement Manager",
        purpose="decide",
        contact="send.improvement@example.gov.uk",
        senior_officer="Director of Children's Services",
        assurance="Limited",
        considered_by=() if first else ("Directorate team, 27 November 2025",),
        earlier=None if first else snapshot(EARLIER, demonstration=demonstration, marking=marking),
        earlier_on=None if first else EARLIER,
        next_meetings=(date(2026, 1, 22), date(2026, 3, 5)),
        actions=None if first else ACTIONS,
        waivers=() if first else (Waiver("Text identical to last time", rows[2].full_ref, rows[2].text, *WAIVED),),
        evidence=dict.fromkeys(done, ("Minutes of the partnership board, 14 October 2025",)),
        waits={rows[3].id: (f"{rows[2].full_ref} (Red)",)},
        knock_ons={
            move.milestone_id: ("1a.4: The new date is after its deadline, Mar 2026.",)
            for move in asked
            if move.state == "requested"
        },
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
