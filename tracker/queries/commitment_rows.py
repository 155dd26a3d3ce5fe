"""Recurring commitments as at a day, with what is recorded of them: rows that screens and exports share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, literal, select
from sqlalchemy.orm import Session

from tracker.models import Commitment, Milestone, Occurrence, Plan
from tracker.queries.as_at import Past
from tracker.rules.colour import Colour
from tracker.rules.occurrences import Occurrence as Held
from tracker.rules.occurrences import Outcome, Recorded, occurrences
from tracker.rules.rating import Ratings
from tracker.rules.recurrence import (
    TO_CONFIRM,
    Adherence,
    CommitmentVerdict,
    adherence,
    assess_commitment,
    judge,
    strip,
)
from tracker.rules.scheme import Scheme
from tracker.rules.terms import terms_of
from tracker.rules.windows import EVERY_WORDS, Every, Proposal, Rule, propose

NOTHING_DUE = Adherence(0, 0, 0, 0, "the last windows")
_OCCURRENCE = ("id", "scheduled", "outcome", "held_on", "note", "planned_for", "signed_on")
_COLUMNS = (
    "id",
    "plan_id",
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


Schemes = Scheme | Mapping[int, Scheme]  # one, or one for each plan


def commitment_rows(
    session: Session, condition: ColumnElement[bool], schemes: Schemes, day: date, then: Past, names: Mapping[int, str]
) -> dict[int, list[CommitmentRow]]:
    """Return commitments as at the end of `day`, by workstream, in the order of the document. One statement.

    `names` gives the full refs of milestones, for those that follow one.
    """
    read: dict[int, dict[str, Any]] = {}
    known: dict[int, list[Recorded]] = defaultdict(list)
    for line in session.execute(commitment_query().where(condition)).mappings():
        values: dict[str, Any] = {**line}
        key = values["id"]
        if not then.had("commitment", key):
            continue
        read.setdefault(key, {**values, **then.of("commitment", key)})
        if values["occurrence_id"] is not None and then.had("occurrence", values["occurrence_id"]):
            known[key].append(_recorded(values, then.of("occurrence", values["occurrence_id"])))
    found: dict[int, list[CommitmentRow]] = defaultdict(list)
    for key, row in read.items():
        tail_of = names.get(row["milestone_id"], "") if row["milestone_id"] else ""
        scheme = schemes if isinstance(schemes, Scheme) else schemes[row["plan_id"]]
        found[row["workstream_id"]].append(make_commitment(row, known[key], scheme, day, tail_of))
    return found


def commitment_query() -> Select[Any]:
    """Return the statement that reads commitments, a line for each occurrence, with what plan and milestone give."""
    return (
        select(
            *(getattr(Commitment, name) for name in _COLUMNS),
            Plan.term_calendar,
            Plan.adopted,
            Milestone.original_due,
            *(getattr(Occurrence, name).label(f"occurrence_{name}") for name in _OCCURRENCE),
        )
        .join(Plan, Plan.id == Commitment.plan_id)
        .outerjoin(Milestone, Milestone.id == Commitment.milestone_id)
        .outerjoin(Occurrence, (Occurrence.commitment_id == Commitment.id) & Commitment.confirmed.is_not(None))
        .order_by(Commitment.position, Commitment.id, Occurrence.scheduled)
    )


def _recorded(values: Mapping[str, Any], then: Mapping[str, Any]) -> Recorded:
    row = {name: values[f"occurrence_{name}"] for name in _OCCURRENCE} | dict(then)
    outcome = Outcome(row["outcome"]) if row["outcome"] else None
    signed = row["signed_on"] is not None
    return Recorded(row["scheduled"], outcome, row["held_on"], row["note"], row["planned_for"], signed)


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
    rule = rule_of(values)
    return replace(
        bare,
        verdict=assess_commitment(rule, recorded, day, scheme),
        adherence=adherence(rule, recorded, day, scheme),
        strip=tuple(strip(rule, recorded, day)),
        rule=rule,
        recorded=tuple(recorded),
    )


def rule_of(values: Mapping[str, Any]) -> Rule:
    """Return the rule that a confirmed commitment has."""
    return Rule(
        every=Every(values["every"]),
        anchor=values["anchor"],
        ends=values["ends"],
        terms=terms_of(values["term_calendar"] or {}),
        accepted=values["accepted_as_usual"],
        minute=values["accepted_minute"],
    )


def count_pressing(
    session: Session, more: ScalarSelect[int], condition: ColumnElement[bool], day: date, colours: Collection[str]
) -> int:
    """Return how many commitments have one of some colours today, together with `more`. One statement.

    The database gives `more` in the same answer, whether there are commitments or not.
    """
    columns = ("id", "every", "anchor", "ends", "accepted_as_usual", "accepted_minute")
    base = select(literal(1).label("one")).subquery()
    counted = condition & Commitment.confirmed.is_not(None) & Commitment.anchor.is_not(None)
    query = (
        select(
            more.label("more"),
            *(getattr(Commitment, name) for name in columns),
            Plan.term_calendar,
            Plan.ratings,
            *(getattr(Occurrence, name).label(f"occurrence_{name}") for name in _OCCURRENCE),
        )
        .select_from(base)
        .outerjoin(Commitment, counted & (Commitment.every != "") & (Commitment.standing == "open"))
        .outerjoin(Plan, Plan.id == Commitment.plan_id)
        .outerjoin(Occurrence, Occurrence.commitment_id == Commitment.id)
    )
    total = 0
    found: dict[int, tuple[dict[str, Any], list[Recorded]]] = {}
    for line in session.execute(query).mappings():
        values: dict[str, Any] = {**line}
        total = values["more"]
        if values["id"] is not None:
            _, recorded = found.setdefault(values["id"], (values, []))
            if values["occurrence_id"] is not None:
                recorded.append(_recorded(values, {}))
    for row, recorded in found.values():
        scheme = Ratings.from_data(row["ratings"]).on(day).scheme
        total += judge(rule_of(row), recorded, day, scheme).colour.value in colours
    return total
