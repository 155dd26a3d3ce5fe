"""A plan as data and as lines of text, for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from tracker.exports.commitment_text import commitment_data, commitment_lines
from tracker.exports.wording import standing_words
from tracker.queries.rows import ActionRow, LeadRow, MilestoneRow, PlanSnapshot, PriorityRow, WorkstreamRow
from tracker.rules.colour import BAR_ORDER, Colour
from tracker.rules.dates import Precision, show_period
from tracker.rules.percent import group_percent, milestone_percent
from tracker.rules.rating import Rating
from tracker.rules.rollup import Counts
from tracker.rules.slippage import slip
from tracker.rules.vocabulary import PERCENT, Term, Vocabulary


def tree_data(now: PlanSnapshot) -> dict[str, Any]:
    """Return a plan as plain data: the whole tree, counts and colours."""
    rating = now.plan.ratings.on(now.day)
    words = rating.vocabulary
    return {
        "plan": {
            "slug": now.plan.slug,
            "title": now.plan.title,
            "organisation": now.plan.organisation,
            "kind": now.plan.kind,
            "version": now.version.label,
            "version_number": now.version.number,
            "baseline_day": now.version.adopted.isoformat() if now.version.adopted else None,
            "version_in_force": now.plan.version_on(now.day).label,
            "adopted": now.plan.adopted.isoformat() if now.plan.adopted else None,
            "starts": now.plan.starts,
            "ends": now.plan.ends,
            "original_end": now.plan.original_end,
            "demonstration": now.plan.demonstration,
        },
        "as_at": now.day.isoformat(),
        "scheme": scheme_data(rating),
        "colour": now.headline.colour.value,
        "word": words.term(now.headline.colour).word,
        "reason": now.headline.reason,
        "counts": plan_counts(now),
        **_group_percent(now.counts, words),
        "colours": _colours(now.counts),
        "priorities": [_priority(priority, now.day, words) for priority in now.priorities],
        "records": [{"kind": r.kind, "term": r.term, "text": r.text, "standing": r.standing} for r in now.records],
        "measures": [measure.name for measure in now.measures],
    }


def plan_counts(now: PlanSnapshot) -> dict[str, int]:
    """Return how much of everything a plan holds."""
    workstreams = [w for priority in now.priorities for w in priority.workstreams]
    records = [record for priority in now.priorities for record in priority.records]
    commitments = [c for w in workstreams for c in w.commitments]
    return {
        "priorities": len(now.priorities),
        "workstreams": len(workstreams),
        "actions": sum(len(w.actions) for w in workstreams),
        "milestones": len(now.milestones),
        "dated": sum(row.due is not None for row in now.milestones),
        "needing_decision": sum(bool(row.needs_decision) for row in now.milestones),
        "unplaced": sum(len(priority.unplaced) for priority in now.priorities),
        "commitments": sum(not c.tail_of for c in commitments),
        "recurring_tails": sum(bool(c.tail_of) for c in commitments),
        "criteria": sum(record.kind.startswith("criterion") for record in records),
        "interdependencies": sum(record.kind == "interdependency" for record in records),
        "due_to_date": now.counts.due_to_date,
        "delivered_of_due": now.counts.delivered_of_due,
    }


def tree_lines(now: PlanSnapshot) -> Iterator[str]:
    """Yield a plan as lines that a person reads."""
    yield f"{now.plan.title} ({now.plan.organisation}) as at {now.day:%d/%m/%Y}, {now.version.baseline}"
    if now.plan.demonstration:
        yield "Illustrative progress for demonstration."
    words = now.plan.ratings.on(now.day).vocabulary

    def name(colour: Colour) -> str:
        return words.term(colour).name

    yield f"{name(now.headline.colour)}: {now.headline.reason}"
    yield f"Rating scheme: {now.plan.ratings.on(now.day).name} ({', '.join(term.text for term in words.terms)})"
    yield ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in plan_counts(now).items())
    for priority in now.priorities:
        yield ""
        yield f"{priority.ref}. {priority.title} - {name(priority.headline.colour)}: {priority.headline.reason}"
        for workstream in priority.workstreams:
            title = standing_words(workstream.title, workstream.standing)
            yield f"  {workstream.ref} {title} - {name(workstream.colour)}"
            for action in workstream.actions:
                yield f"    {action.ref}. {standing_words(action.text, action.standing)}"
            for row in workstream.milestones:
                yield from _milestone_lines(row, words)
            for one in workstream.commitments:
                yield from commitment_lines(one, workstream.ref, words)
        for row in priority.unplaced:
            yield "  Needs a decision:"
            yield from _milestone_lines(row, words)


def _milestone_lines(row: MilestoneRow, words: Vocabulary) -> Iterator[str]:
    due = show_period(row.due_text, row.due, Precision(row.due_precision))
    marks = f" ({', '.join(row.marks)})" if row.marks else ""
    yield f"    {row.full_ref} [{due}] {row.text}"
    term = _term(row, words)
    called = term.word if term.word.casefold().startswith(term.name.casefold()) else f"{term.name}, {term.word.lower()}"
    yield f"      {called}{marks}: {row.reason}"


def _priority(priority: PriorityRow, now: date, words: Vocabulary) -> dict[str, Any]:
    return {
        "ref": priority.ref,
        "title": priority.title,
        "standing": priority.standing,
        "colour": priority.headline.colour.value,
        "word": words.term(priority.headline.colour).word,
        "reason": priority.headline.reason,
        "colours": _colours(priority.counts),
        **_group_percent(priority.counts, words),
        "records": [{"kind": r.kind, "term": r.term, "text": r.text, "standing": r.standing} for r in priority.records],
        "measures": [measure.name for measure in priority.measures],
        "workstreams": [_workstream(workstream, now, words) for workstream in priority.workstreams],
        "unplaced": [_milestone(row, words) for row in priority.unplaced],
    }


def _workstream(workstream: WorkstreamRow, now: date, words: Vocabulary) -> dict[str, Any]:
    return {
        "ref": workstream.ref,
        "title": workstream.title,
        "colour": workstream.colour.value,
        "word": words.term(workstream.colour).word,
        **_group_percent(workstream.counts, words),
        "standing": workstream.standing,
        "leads": _leads(workstream.leads),
        "actions": [_action(action, words) for action in workstream.actions],
        "milestones": [_milestone(row, words) for row in workstream.milestones],
        "commitments": [commitment_data(row, now, words) for row in workstream.commitments],
    }


def _action(action: ActionRow, words: Vocabulary) -> dict[str, Any]:
    return {
        "ref": action.ref,
        "text": action.text,
        "colour": action.colour.value if action.colour else None,
        "word": words.term(action.colour).word if action.colour else None,
        "standing": action.standing,
        "leads": _leads(action.leads),
    }


def _milestone(row: MilestoneRow, words: Vocabulary) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "full_ref": row.full_ref,
        "text": row.text,
        "date_text": row.due_text,
        "due": row.due.isoformat() if row.due else None,
        "precision": row.due_precision,
        "original_due": row.original_due.isoformat() if row.original_due else None,
        "baseline_due": row.measured_due.isoformat() if row.measured_due else None,
        "baseline_version": row.baseline_version or None,
        "days_slipped": slip(row.measured_due, row.due).days,
        "colour": row.colour.value,
        "word": _term(row, words).word,
        "rule": row.rule,
        "reason": row.reason,
        "marks": list(row.marks),
        "until": row.until.isoformat() if row.until else None,
        "moves": row.moves,
        "moves_in_all": row.total_moves,
        "actions": list(row.actions),
        "leads": [lead.post for lead in row.leads],
        "needs_decision": row.needs_decision or None,
        **({"percent": milestone_percent(row.colour, row.percent)} if words.has(PERCENT) else {}),
        **({"outcome": _outcome(row, words)} if words.outcome else {}),
    }


def scheme_data(rating: Rating) -> dict[str, Any]:
    """Return a rating scheme as plain data, with its key."""
    return {"name": rating.name, **rating.as_data()}


def _term(row: MilestoneRow, words: Vocabulary) -> Term:
    return words.term(row.colour, row.rule, row.marks, row.standing)


def _outcome(row: MilestoneRow, words: Vocabulary) -> dict[str, str] | None:
    term = words.outcome_term(row.outcome_confidence)
    return {"word": term.word, "reason": row.outcome_reason} if term else None


def _group_percent(counts: Counts, words: Vocabulary) -> dict[str, int | None]:
    return {"percent": group_percent(counts)} if words.has(PERCENT) else {}


def _leads(leads: tuple[LeadRow, ...]) -> list[dict[str, Any]]:
    return [{"post": lead.post, "organisation": lead.organisation, "accountable": lead.accountable} for lead in leads]


def _colours(counts: Counts) -> dict[str, int]:
    return {colour.value: counts.of(colour) for colour in BAR_ORDER} | {"none": counts.none}
