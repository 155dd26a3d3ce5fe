"""Everything in a plan that waits for a person to decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from tracker.queries.deadline_rows import DeadlineMove
from tracker.queries.matters import MatterRow
from tracker.queries.rows import DecisionNeeded, MilestoneRow, PlanSnapshot
from tracker.rules.colour import Colour
from tracker.rules.dates import show_day


def _waiting(row: MilestoneRow) -> str:
    if row.signoff == "lapsed":
        return "What was signed off has changed, so the completion waits for a new decision."
    since = f" since {show_day(row.claimed)}" if row.claimed else ""
    return f"Completion is claimed with evidence and has waited for sign-off{since}."


def decisions_needed(
    now: PlanSnapshot, moves: Sequence[DeadlineMove], matters: Sequence[MatterRow] = ()
) -> list[DecisionNeeded]:
    """Return what waits for a decision, most pressing first: new dates, sign-offs, what is put to the board, and so on.

    Missed dates and open questions about the plan come last.
    """
    asked = {move.milestone_id: move for move in moves if move.state == "requested"}
    put: dict[int, list[MatterRow]] = defaultdict(list)
    for matter in matters:
        if matter.waits:
            put[matter.milestone_id].append(matter)
    found: list[tuple[int, DecisionNeeded]] = []
    for row in now.milestones:
        if row.id in asked and row.colour is not Colour.NONE:
            move = asked[row.id]
            sentence = (
                f"{move.requested_by} asks to move the deadline from {move.from_text or 'no date'} to {move.to_text}."
            )
            found.append((0, DecisionNeeded("new date", row, sentence, "Decide the new date", move.id, move.reason)))
        if row.rule == "2":
            found.append((1, DecisionNeeded("sign-off", row, _waiting(row), "Approve or return")))
        for matter in put.get(row.id, ()):
            need = DecisionNeeded(matter.kind.value, row, matter.sentence, "Look at it", reason=matter.text)
            found.append((1, need))
        if "new date required" in row.marks:
            found.append((2, DecisionNeeded("new date required", row, row.reason, "Ask for a new date")))
        if row.needs_decision and row.colour not in (Colour.BLUE, Colour.NONE):
            kind = "unplaced" if row.workstream_id is None else "question"
            act = "Place it" if kind == "unplaced" else "Answer the question"
            found.append((3, DecisionNeeded(kind, row, row.needs_decision, act)))
    return [need for _, need in sorted(found, key=lambda pair: pair[0])]
