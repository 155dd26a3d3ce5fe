"""Recurring commitments as at a day, with what is recorded of them: rows that screens and exports share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from tracker.models import Commitment, Milestone, Occurrence, Plan
from tracker.queries.as_at import Past
from tracker.rules.colour import Colour
from tracker.rules.occurrences import Occurrence as Held
from tracker.rules.occurrences import Outcome, Recorded, occurrences
from tracker.rules.recurrence import TO_CONFIRM, Adherence, CommitmentVerdict, adherence, assess_commitment, strip
from tracker.rules.scheme import Scheme
from tracker.rules.terms import terms_of
from tracker.rules.windows import EVERY_WORDS, Every, Proposal, Rule, propose

NOTHING_DUE = Adherence(0, 0, 0, 0, "the last windows")
_COLUMNS = (
    "id",
    "workstream_id",
    "milestone_id",
    "ref",
    "text",
    "frequency",
    "every",
    "anchor",
    "ends",
    "confirmed",
    "accepted_as_usual",
    "accepted_minute",
    "standing",
    "standing_reference",
)


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """A recurring commitment as at a day, with its colour. `proposal` is what waits for a person's confirmation."""

    id: int
    ref: str
    text: str
    frequency: str
    tail_of: str  # full ref of the milestone whose tail it is, or ""
    verdict: CommitmentVerdict = TO_CONFIRM
    adherence: Adherence = NOTHING_DUE
    strip: tuple[Held, ...] = ()
    rule: Rule | None = None
    proposal: Proposal | None = None
    recorded: tuple[Recorded, ...] = ()
    standing: str = "open"
    standing_reference: str = ""

    @property
    def how_often(self) -> str:
        """Return how often it is held, in the words of the source where there are any."""
        return self.frequency or (EVERY_WORDS[self.rule.every] if self.rule is not None else "")

    def occurrences(self, day: date) -> list[Held]:
        """Return every window that has opened by a day with what became of it, oldest first."""
        return [] if self.rule is None else occurrences(self.rule, self.recorded, day)

    def unrecorded(self, day: date) -> list[Held]:
        """Return the windows that have closed or are open and of which nothing is recorded, newest first."""
        return [one for one in reversed(self.occurrences(day)) if one.outcome in (Outcome.MISSED, Outcome.NOT_DUE)]


def commitment_rows(
    session: Session, condition: ColumnElement[bool], scheme: Scheme, day: date, then: Past, names: Mapping[int, str]
) -> dict[int, list[CommitmentRow]]:
    """Return commitments as at the end of `day`, by workstream, in the order of the document. Two statements at most.

    `names` gives the full refs of milestones, for those that follow one.
    """
    read = [
        {**values, **then.of("commitment", values["id"])}
        for values in session.execute(commitment_query().where(condition)).mappings()
        if then.had("commitment", values["id"])
    ]
    ids = [values["id"] for values in read if values["confirmed"] is not None]
    known = load_recorded(session, ids, then) if ids else {}
    found: dict[int, list[CommitmentRow]] = defaultdict(list)
    for values in read:
        tail_of = names.get(values["milestone_id"], "") if values["milestone_id"] else ""
        row = make_commitment(values, known.get(values["id"], ()), scheme, day, tail_of)
        found[values["workstream_id"]].append(row)
    return found


def commitment_query() -> Select[Any]:
    """Return the statement that reads commitments with what their rules take from plan and milestone."""
    return (
        select(
            *(getattr(Commitment, name) for name in _COLUMNS),
            Plan.term_calendar,
            Plan.adopted,
            Milestone.original_due,
        )
        .join(Plan, Plan.id == Commitment.plan_id)
        .outerjoin(Milestone, Milestone.id == Commitment.milestone_id)
        .order_by(Commitment.position, Commitment.id)
    )


def load_recorded(session: Session, ids: Iterable[int], then: Past) -> dict[int, list[Recorded]]:
    """Return what was recorded of some commitments, by commitment. One statement."""
    names = ("id", "commitment_id", "scheduled", "outcome", "held_on", "note", "planned_for", "signed_on")
    query = select(*(getattr(Occurrence, name) for name in names)).where(Occurrence.commitment_id.in_(list(ids)))
    found: dict[int, list[Recorded]] = defaultdict(list)
    for stored in session.execute(query.order_by(Occurrence.scheduled)).mappings():
        if not then.had("occurrence", stored["id"]):
            continue
        row = {**stored, **then.of("occurrence", stored["id"])}
        outcome = Outcome(row["outcome"]) if row["outcome"] else None
        signed = row["signed_on"] is not None
        found[row["commitment_id"]].append(
            Recorded(row["scheduled"], outcome, row["held_on"], row["note"], row["planned_for"], signed)
        )
    return found


def make_commitment(
    values: Mapping[str, Any], recorded: Sequence[Recorded], scheme: Scheme, day: date, tail_of: str = ""
) -> CommitmentRow:
    """Make a row of what `commitment_query` read and of what is recorded, as at the end of a day."""
    bare = CommitmentRow(values["id"], values["ref"], values["text"], values["frequency"], tail_of)
    if values["standing"] != "open":
        reference = values["standing_reference"]
        reason = f"{values['standing'].capitalize()} by a recorded decision: {reference}."
        out = CommitmentVerdict(Colour.NONE, "0", reason)
        return replace(bare, verdict=out, standing=values["standing"], standing_reference=reference)
    if values["confirmed"] is None or values["anchor"] is None or not values["every"]:
        asked = propose(values["frequency"], values["adopted"], values["original_due"])
        return replace(bare, proposal=asked)
    rule = Rule(
        every=Every(values["every"]),
        anchor=values["anchor"],
        ends=values["ends"],
        terms=terms_of(values["term_calendar"] or {}),
        accepted=values["accepted_as_usual"],
        minute=values["accepted_minute"],
    )
    return replace(
        bare,
        verdict=assess_commitment(rule, recorded, day, scheme),
        adherence=adherence(rule, recorded, day, scheme),
        strip=tuple(strip(rule, recorded, day)),
        rule=rule,
        recorded=tuple(recorded),
    )
