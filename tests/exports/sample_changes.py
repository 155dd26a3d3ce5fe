"""What changed, will change and waits in the sample: movements, coming changes, new dates, decisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tests.exports.sample_lines import Line, known
from tests.exports.sample_plan import PRIORITIES
from tracker.queries.coming_rows import ComingChange
from tracker.queries.deadline_rows import DeadlineMove
from tracker.queries.rows import DecisionNeeded, MilestoneRow, Movement, PlanSnapshot
from tracker.rules.colour import Colour
from tracker.rules.dates import add_months, end_of_month, show_day, show_month
from tracker.rules.rollup import Direction, direction
from tracker.rules.status import Verdict, next_change


def movements(before: PlanSnapshot, now: PlanSnapshot) -> Iterator[Movement]:
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


def coming(now: PlanSnapshot) -> Iterator[ComingChange]:
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


def moves(now: PlanSnapshot) -> Iterator[DeadlineMove]:
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


def decisions(now: PlanSnapshot, moves: tuple[DeadlineMove, ...]) -> Iterator[DecisionNeeded]:
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
