"""The ledger in plain sentences, for a milestone or a whole plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from tracker.models import (
    Action,
    Commitment,
    DeadlineChange,
    Evidence,
    LedgerEntry,
    Milestone,
    MilestoneAction,
    MilestonePredecessor,
    Occurrence,
    Post,
    Priority,
    Workstream,
)
from tracker.queries.rows import HistoryRow
from tracker.rules.baseline import version_words
from tracker.rules.dates import show_day
from tracker.rules.rating import Rating, default_rating
from tracker.rules.undoing import LAPSED, UNDO, Step, why_not_undone

FIELD_NAMES = {
    "text": "Text",
    "ref": "Reference",
    "description": "Description",
    "term": "Term",
    "frequency": "How often, in the plan's words",
    "critical": "Critical",
    "origin": "Where it came from",
    "standing_reference": "By which decision",
    "title": "Title",
    "due_text": "Deadline",
    "original_due_text": "Original deadline",
    "baseline_due_text": "Baseline",
    "baseline_version": "Version of the baseline",
    "label": "Label",
    "adopted": "Adopted",
    "board": "Decided by",
    "undone_on": "Undone on",
    "planned_start": "Planned start",
    "started": "Started",
    "forecast_text": "Forecast",
    "confidence": "How it is going",
    "confidence_reason": "Why",
    "blocked": "Blocked by",
    "claimed": "Completion claimed on",
    "completed": "Completed on",
    "signoff": "Sign-off",
    "signoff_note": "Note on the sign-off",
    "moves": "Times moved",
    "proposed_text": "New date asked for",
    "check_due": "To be checked from",
    "embedded": "Found still true on",
    "withdrawn_reason": "Why it was withdrawn",
    "minute": "Minute",
    "meeting_on": "Meeting",
    "check_months": "Months until a check",
    "sensitive": "Kept out of messages",
    "senior_post_id": "Senior responsible officer",
    "delegated_days": "Days that the manager may agree",
    "standing": "Standing",
    "override_colour": "Colour set by a person",
    "override_until": "Override ends",
    "override_reason": "Reason for the override",
    "progress": "What has been done",
    "impact": "What difference it has made",
    "help_needed": "Help needed",
    "consequence": "Impact if not mitigated",
    "recovery": "What is being done about it",
    "needs_decision": "Question",
    "percent": "Per cent done",
    "outcome_confidence": "Confidence in the outcome",
    "outcome_reason": "Why that confidence",
    "ratings": "Rating scheme",
    "every": "How often",
    "anchor": "Counts from",
    "ends": "Ends",
    "accepted_as_usual": "Business as usual from",
    "accepted_minute": "Minute",
    "scheduled": "Due",
    "outcome": "Outcome",
    "held_on": "Held on",
    "planned_for": "Planned for",
    "note": "Note",
    "signed_on": "Signed off on",
    "as_at": "Data as at",
    "fingerprint": "Fingerprint",
    "previous": "Follows the pack",
    "correction": "What the version changes",
    "likelihood": "Likelihood, of 5",
    "severity": "Impact, of 5",
    "response": "What is being done",
    "raised_on": "Raised on",
    "review_by": "To be reviewed by",
    "closed_on": "Closed on",
    "period": "Period",
    "value": "Figure",
    "source": "Where from",
    "withdrawn_on": "Taken back on",
}
_POST = "senior_post_id"
_WORDS = {
    "on_track": "on track",
    "at_risk": "at risk",
    "will_miss": "will miss the deadline",
    "none": "none",
    "open": "in the plan",
}
_SUBJECTS = {
    "deadline_change": "new date of",
    "evidence": "milestone",  # what is done with evidence names it
    "plan_end_change": "end of the plan",
    "plan_version": "version",
    "pack": "",  # its number and fingerprint stand in the fields
    "pack_waiver": "",
    "pack_commentary": "",
    "pack_minute": "",
    "pack_action": "action of a meeting",
    "board_plan": "",
    "lead_assignment": "lead",
    "milestone_action": "",  # what is done with a link names both its ends
    "milestone_predecessor": "",
    "raid_item": "",  # what is done with an entry of a register names it
    "raid_link": "",
    "period_state": "state in the document's period grid",
}


def milestone_history(session: Session, milestone_id: int, day: date, limit: int = 100) -> list[HistoryRow]:
    """Return what happened to a milestone, its evidence and its links up to `day`, newest first. One statement."""
    subject, key = LedgerEntry.subject_type, LedgerEntry.subject_id
    condition = (subject == Milestone.__tablename__) & (key == milestone_id)
    for link in (Evidence, MilestoneAction, MilestonePredecessor):
        mine = select(link.id).where(link.milestone_id == milestone_id)
        condition |= (subject == link.__tablename__) & key.in_(mine)
    return _rows(session, condition & (LedgerEntry.effective_day <= day), limit, 0, name_subject=False)


def commitment_history(session: Session, commitment_id: int, day: date, limit: int = 100) -> list[HistoryRow]:
    """Return what happened to a commitment and its occurrences up to `day`, newest first. One statement."""
    held = select(Occurrence.id).where(Occurrence.commitment_id == commitment_id)
    subject, key = LedgerEntry.subject_type, LedgerEntry.subject_id
    condition = ((subject == Commitment.__tablename__) & (key == commitment_id)) | (
        (subject == Occurrence.__tablename__) & key.in_(held)
    )
    return _rows(session, condition & (LedgerEntry.effective_day <= day), limit, 0, name_subject=False)


def plan_history(session: Session, plan_id: int, day: date, limit: int, offset: int) -> tuple[list[HistoryRow], int]:
    """Return a page of a plan's ledger up to `day`, newest first, and how many entries there are. Two statements."""
    condition = (LedgerEntry.plan_id == plan_id) & (LedgerEntry.effective_day <= day)
    total = session.scalar(select(func.count()).select_from(LedgerEntry).where(condition)) or 0
    return _rows(session, condition, limit, offset, name_subject=True), total


def act_history(session: Session, plan_id: int, act: str) -> list[HistoryRow]:
    """Return the entries of one act on a plan, newest first. One statement."""
    condition = (LedgerEntry.plan_id == plan_id) & (LedgerEntry.act == act)
    return _rows(session, condition, 100_000, 0, name_subject=True)


def _rows(
    session: Session, condition: ColumnElement[bool], limit: int, offset: int, *, name_subject: bool
) -> list[HistoryRow]:
    query = (
        select(
            LedgerEntry.seq,
            LedgerEntry.act,
            LedgerEntry.recorded_at,
            LedgerEntry.effective_day,
            LedgerEntry.actor,
            LedgerEntry.verb,
            LedgerEntry.subject_type,
            LedgerEntry.changes,
            LedgerEntry.reason,
            LedgerEntry.back_filled,
            func.coalesce(Milestone.ref, Action.ref, Commitment.ref).label("ref"),
            Priority.ref.label("priority_ref"),
            Workstream.ref.label("workstream_ref"),
            Occurrence.scheduled,
            Evidence.title.label("evidence"),
        )
        .outerjoin(
            Occurrence,
            (Occurrence.id == LedgerEntry.subject_id) & (LedgerEntry.subject_type == Occurrence.__tablename__),
        )
        .outerjoin(
            Commitment,
            (Commitment.id == Occurrence.commitment_id)
            | ((Commitment.id == LedgerEntry.subject_id) & (LedgerEntry.subject_type == Commitment.__tablename__)),
        )
        .outerjoin(
            Evidence, (Evidence.id == LedgerEntry.subject_id) & (LedgerEntry.subject_type == Evidence.__tablename__)
        )
        .outerjoin(
            DeadlineChange,
            (DeadlineChange.id == LedgerEntry.subject_id) & (LedgerEntry.subject_type == DeadlineChange.__tablename__),
        )
        .outerjoin(
            Milestone,
            ((Milestone.id == LedgerEntry.subject_id) & (LedgerEntry.subject_type == Milestone.__tablename__))
            | (Milestone.id == Evidence.milestone_id)
            | (Milestone.id == DeadlineChange.milestone_id),
        )
        .outerjoin(Action, (Action.id == LedgerEntry.subject_id) & (LedgerEntry.subject_type == Action.__tablename__))
        .outerjoin(
            Workstream,
            (Workstream.id == Milestone.workstream_id)
            | (Workstream.id == Commitment.workstream_id)
            | (Workstream.id == Action.workstream_id)
            | ((Workstream.id == LedgerEntry.subject_id) & (LedgerEntry.subject_type == Workstream.__tablename__)),
        )
        .outerjoin(
            Priority,
            (Priority.id == LedgerEntry.subject_id) & (LedgerEntry.subject_type == Priority.__tablename__),
        )
        .where(condition)
        .order_by(LedgerEntry.effective_day.desc(), LedgerEntry.seq.desc())
        .limit(limit)
        .offset(offset)
    )
    found = []
    rows = session.execute(query).all()
    posts = _posts(session, rows)
    stays = {row.act for row in rows if not _undoable(row)}  # an act is undone as a whole, or not at all
    for row in rows:
        fields = tuple(
            (FIELD_NAMES[name], _named(name, pair[0], posts), _named(name, pair[1], posts))
            for name, pair in row.changes.items()
            if name in FIELD_NAMES
        )
        due = f", due {show_day(row.scheduled)}" if row.scheduled else ""
        found.append(
            HistoryRow(
                seq=row.seq,
                recorded_at=row.recorded_at,
                effective_on=row.effective_day,
                actor=row.actor,
                sentence=_sentence(row, due, name_subject=name_subject),
                reason=row.reason,
                back_filled=row.back_filled,
                fields=fields,
                act=row.act,
                undoable=row.act not in stays,
            )
        )
    return found


def _posts(session: Session, rows: Sequence[Any]) -> dict[Any, str]:
    """Return the titles of the posts that some entries name by number. One statement, none where there are none."""
    keys = {value for row in rows for value in row.changes.get(_POST, ()) if isinstance(value, int)}
    query = select(Post.id, Post.title).where(Post.id.in_(keys))
    return {key: title for key, title in session.execute(query)} if keys else {}  # noqa: C416  rows


def _named(name: str, value: Any, posts: Mapping[Any, str]) -> str:
    return posts.get(value, _words(value)) if name == _POST else _words(value)


def _undoable(row: Any) -> bool:
    made = row.verb == "added" or all(pair[0] is None for pair in row.changes.values())
    return not why_not_undone([Step(row.subject_type, row.verb, tuple(row.changes), made)])


def _sentence(row: Any, due: str, *, name_subject: bool) -> str:
    """Return an entry as a sentence: "Improvement manager moved milestone 3 of 1a from 1b to 1a as 3"."""
    undone = row.verb.startswith(UNDO)
    said = _said(row.verb.removeprefix(UNDO), row.changes)
    if row.evidence:
        said = f"{said} “{_cut(row.evidence)}”"
    words = _reworded(row.changes) if said == "reworded it" else ""
    if name_subject:
        kind = _SUBJECTS.get(row.subject_type, row.subject_type.replace("_", " "))
        ref = ".".join(part for part in (row.workstream_ref, row.ref) if part) or row.priority_ref
        if " it " in f"{said} " and ref:
            above = f"{row.ref} of {row.workstream_ref}" if row.ref and row.workstream_ref else ref
            said = f"{said} ".replace(" it ", f" {kind} {above} ", 1).rstrip()
        elif kind:
            due += f" ({kind} {ref})" if ref else f" ({kind}{_title(row.changes)})"
    return f"{row.actor} {'undid: ' if undone else ''}{said}{words}{due}"


def _reworded(changes: Mapping[str, Any]) -> str:
    """Return the new words of a rewording as a sentence quotes them."""
    for name in ("title", "text"):
        if name in changes:
            return f": “{_cut(str(changes[name][1] or ''))}”"
    return ""


def _cut(text: str) -> str:
    return f"{text[:80]}…" if len(text) > 80 else text


def _said(verb: str, changes: Mapping[str, Any]) -> str:
    if verb == "updated" and changes.get("forecast_text", ["", ""])[1]:
        return f"updated it and set the forecast to {changes['forecast_text'][1]}"
    if verb == "chose the rating scheme" and changes.get("ratings"):
        before = _words(changes["ratings"][0]) or default_rating().name
        return f"changed the rating scheme from {before} to {_words(changes['ratings'][1])}"
    if verb == "requested a new date" and changes.get("proposed_text"):
        return f"asked to move the deadline to {changes['proposed_text'][1]}"
    if verb == "approved the new date" and changes.get("due_text"):
        return f"approved the new date {changes['due_text'][1]} (was {changes['due_text'][0] or 'undated'})"
    if verb == LAPSED:
        return "changed what was signed off, so the sign-off lapsed"
    if verb == "added" and "action_id" in changes:
        return "linked it to an action"
    if verb == "added" and "predecessor_id" in changes:
        return "said that it waits for another milestone"
    if verb == "adopted the new baseline" and changes.get("baseline_version"):
        return f"adopted the baseline of {version_words(changes['baseline_version'][1])}"
    if verb == "adopted a new version of the plan" and changes.get("label"):
        return f"adopted {version_words(changes['label'][1])} of the plan from {_words(changes['adopted'][1])}"
    if verb == "added" and changes.get("due_text"):
        return f"added it with the deadline {changes['due_text'][1]}"
    return verb


def _title(changes: Mapping[str, Any]) -> str:
    for name in ("title", "text", "name", "ref"):
        if name in changes:
            return f": {_cut(str(changes[name][1]))}"
    return ""


def _words(value: Any) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, list) and value and isinstance(value[-1], dict) and "title" in value[-1]:
        return Rating.from_data(value[-1]).name  # the rating schemes of a plan: the one that stands
    if isinstance(value, str) and len(value) == 10 and value[4:5] == "-":
        try:
            return show_day(date.fromisoformat(value))
        except ValueError:
            return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _WORDS.get(value, str(value)) if isinstance(value, str) else str(value)
