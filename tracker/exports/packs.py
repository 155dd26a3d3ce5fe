"""The content of a pack from the database, once, when it is frozen; and a report from a frozen pack's JSON alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tracker.exports.content import build_report
from tracker.exports.drafts import with_drafts
from tracker.exports.facts import MeetingAction, ReportFacts, Said, Waiver
from tracker.exports.gather import report_facts
from tracker.exports.report import Report
from tracker.exports.report_data import from_data, to_data
from tracker.exports.stamp import stamp
from tracker.queries.comparison import Comparison, comparison
from tracker.queries.minutes import actions_to_report, minuted_on
from tracker.queries.packs import Compared, WaiverRow, commentary_of
from tracker.queries.rows import MilestoneRow, PlanSnapshot
from tracker.rules.dates import show_day
from tracker.rules.minutes import IN_WORDS, OUTCOME_WORDS
from tracker.rules.pack_file import fingerprint, pack_words
from tracker.rules.preflight import TITLES, Check
from tracker.rules.rollup import Headline
from tracker.services.pack_freezing import Composed, Cut


def compose(session: Session, cut: Cut) -> Composed:
    """Return what a pack says, from the database as it is now, as at the pack's day."""
    facts, found = _facts(session, cut)
    return Composed(
        facts=stored_facts(facts),
        content=to_data(build_report(facts)),
        compared_with=found.packs[0].pack.fingerprint if found.packs else "",
    )


@dataclass(frozen=True, slots=True)
class Box:
    """A box for commentary on a draft: what the pack would print in it, and the version of what was written, or 0."""

    part: str
    title: str
    said: Said
    version: int


def boxes(session: Session, cut: Cut) -> list[Box]:
    """Return the boxes of a draft, the whole plan first: what was written, otherwise a draft made from the facts."""
    facts, _ = _facts(session, cut)
    written = commentary_of(session, cut.pack.id)
    label = facts.snapshot.plan.priority_label or "Priority"
    titles = {"plan": "The whole plan"}
    titles |= {f"priority.{row.id}": f"{label} {row.ref}: {row.title}" for row in facts.snapshot.priorities}
    return [
        Box(part, title, facts.commentary[part], written[part].version if part in written else 0)
        for part, title in titles.items()
    ]


def _facts(session: Session, cut: Cut) -> tuple[ReportFacts, Comparison]:
    pack = cut.pack
    found = comparison(
        session, cut.plan, cut.schemes, pack.as_at, board_id=pack.board_id, number_below=cut.number_below
    )
    facts = replace(
        report_facts(session, cut.plan, cut.schemes, pack.as_at, cut.today, cut.now, compared=found),
        author=pack.author,
        board=pack.board,
        meeting=cut.meeting.day if cut.meeting else None,
        purpose=pack.purpose,
        senior_officer=pack.senior_officer,
        assurance=pack.assurance,
        considered_by=pack.considered_by,
        recommendations=pack.recommendations,
        next_meetings=cut.next_meetings,
        waivers=tuple(_waiver(row) for row in cut.waivers),
        actions=_actions(session, found.packs),
        minuted=_minuted(session, found.packs),
        commentary={
            part: Said(row.text, row.accepted, row.by) for part, row in commentary_of(session, pack.id).items()
        },
    )
    return with_drafts(facts), found


def report_of(document: Mapping[str, Any]) -> Report:
    """Return the report that a frozen pack holds, with its number and fingerprint. Nothing else is read."""
    meta = document["meta"]
    words = pack_words(meta["number"], meta["version"])
    report = from_data(document["content"])
    return stamp(report, f"{words[:1].upper()}{words[1:]}", fingerprint(document))


def draft_report(composed: Composed) -> Report:
    """Return the report of a pack that is not frozen yet, marked as a draft on every page."""
    return stamp(from_data(composed.content), "Draft pack", draft=True)


def stored_facts(facts: ReportFacts) -> dict[str, Any]:
    """Return the facts that the next pack is compared with, as plain data."""
    snapshot = facts.snapshot
    return {
        "day": facts.day.isoformat(),
        "since": _day(facts.since),
        "scheme": snapshot.plan.ratings.on(facts.day).name,
        "headline": _headline(snapshot.headline),
        "priorities": _priorities(snapshot),
        "milestones": [_milestone(row) for row in facts.milestones],
        "movement": [
            {
                "milestone": move.milestone.id,
                "before": move.before.value if move.before else None,
                "after": move.after.value if move.after else None,
                "direction": move.direction.value,
                "cause": move.cause,
            }
            for move in facts.movements
        ],
        "deadlines": [
            {
                "milestone": move.milestone_id,
                "from": move.from_text,
                "to": move.to_text,
                "state": move.state,
                "decided_on": _day(move.decided_on),
            }
            for move in facts.moves
        ],
        "matters": [
            {"id": one.id, "milestone": one.milestone_id, "kind": one.kind.value, "text": one.text}
            for one in facts.matters
            if one.waits
        ],
    }


def _actions(session: Session, packs: Sequence[Compared]) -> tuple[MeetingAction, ...] | None:
    """Return the actions of the last meeting and older open ones; None where no pack went to a meeting before."""
    if not packs or packs[0].pack.meeting_id is None:
        return None
    return tuple(
        MeetingAction(row.number, row.text, row.owner, show_day(row.due), row.due, row.state.value, row.outcome)
        for row in actions_to_report(session, packs[0].pack)
    )


def _minuted(session: Session, packs: Sequence[Compared]) -> tuple[str, ...]:
    """Return what the last meeting decided, in the order of its minutes, without what was taken back."""
    if not packs or packs[0].pack.meeting_id is None:
        return ()
    rows = [row for rows in minuted_on(session, packs[0].pack).values() for row in rows if row.withdrawn_on is None]
    told = []
    for row in sorted(rows, key=lambda row: row.id):
        about, note = row.about.rstrip("."), f" {row.note}" if row.note else ""
        what = f"{about}." if row.subject == IN_WORDS else f"{about}: {OUTCOME_WORDS[row.outcome].lower()}.{note}"
        told.append(f"Minute {row.minute}: {what}")
    return tuple(told)


def _priorities(snapshot: PlanSnapshot) -> list[dict[str, Any]]:
    return [
        {
            "id": priority.id,
            "ref": priority.ref,
            "title": priority.title,
            "headline": _headline(priority.headline),
            "workstreams": [
                {"id": row.id, "ref": row.ref, "title": row.title, "colour": row.colour.value}
                for row in priority.workstreams
            ],
        }
        for priority in snapshot.priorities
    ]


def _headline(found: Headline) -> dict[str, Any]:
    counts = {name: getattr(found.counts, name) for name in found.counts.__dataclass_fields__}
    return {"colour": found.colour.value, "reason": found.reason, "rule": found.rule, "counts": counts}


def _milestone(row: MilestoneRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "ref": row.full_ref,
        "text": row.text,
        "priority": row.priority_id,
        "workstream": row.workstream_id,
        "colour": row.colour.value,
        "computed": row.computed.value,
        "rule": row.rule,
        "reason": row.reason,
        "marks": list(row.marks),
        "due": _day(row.due),
        "due_text": row.due_text,
        "due_precision": row.due_precision,
        "original_due": _day(row.original_due),
        "original_due_text": row.original_due_text,
        "moves": row.total_moves,
        "standing": row.standing,
        "critical": row.critical,
        "leads": [{"post": lead.post, "organisation": lead.organisation} for lead in row.leads],
        "started": _day(row.started),
        "forecast": _day(row.forecast),
        "claimed": _day(row.claimed),
        "completed": _day(row.completed),
        "signoff": row.signoff,
        "progress": row.progress,
        "impact": row.impact,
        "updated_on": _day(row.updated_on),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _waiver(row: WaiverRow) -> Waiver:
    ref, _, text = row.about.partition(" ")
    if not row.subject.startswith("milestone:"):
        ref, text = "", row.about
    return Waiver(TITLES[Check(row.check)], ref, text, row.reason, row.by, row.on)


def about(document: Mapping[str, Any]) -> str:
    """Return in a line which pack a document is: what a command prints of it."""
    meta = document["meta"]
    words = pack_words(meta["number"], meta["version"])
    board = f" for {meta['board']['name']}" if meta["board"] else ""
    return f"{words[:1].upper()}{words[1:]} of {meta['plan']['title']}{board}, as at " + show_day(
        date.fromisoformat(meta["as_at"])
    )
