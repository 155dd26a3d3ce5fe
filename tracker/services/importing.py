"""Apply what was read from a file to a plan, or try it and take it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Plan
from tracker.rules.dates import london_day
from tracker.rules.document import PlanDocument
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, Actor, permit
from tracker.services.plan_asking import TRIAL
from tracker.services.plan_outcomes import STATES, Applied, Outcome
from tracker.services.plan_writer import create_plan, update_plan


@dataclass(frozen=True, slots=True)
class Import:
    """What an import did to a plan, or would do."""

    plan_id: int
    slug: str
    created: bool
    outcomes: tuple[Outcome, ...]
    act: str = ""
    """The ledger's act of what was written, by which it is undone; "" where nothing was."""

    def count(self, state: str) -> int:
        """Return how many lines ended so."""
        return sum(outcome.state == state for outcome in self.outcomes)

    def summary(self) -> dict[str, Any]:
        """Return the counts, and every line that is not unchanged, as plain data."""
        return {
            "plan": self.slug,
            "created": self.created,
            "counts": {state: self.count(state) for state in STATES},
            "lines": [
                {
                    "state": o.state,
                    "what": o.what,
                    "ref": o.ref,
                    "text": o.text,
                    "detail": o.detail,
                    "key": o.key,
                    "where": o.where,
                    "before": o.before,
                    "after": o.after,
                    "question": o.question,
                    "choices": [asdict(choice) for choice in o.choices],
                }
                for o in self.outcomes
                if o.state != "unchanged"
            ],
        }

    def to_lines(self, *, dry_run: bool) -> Iterator[str]:
        """Yield what was done as lines that a person reads."""
        verb = "would be" if dry_run else "were"
        made = f"A new plan {self.slug} {'would be' if dry_run else 'was'} made. " if self.created else ""
        counts = ", ".join(f"{self.count(state)} {state}" for state in STATES)
        yield f"{made}Lines that {verb} written or kept: {counts}."
        for outcome in self.outcomes:
            if outcome.state in {"changed", "needs decision", "refused"} or outcome.detail:
                yield f"  {_told(outcome)}"
                if outcome.choices:
                    answers = "; ".join(f"{choice.value} ({choice.label})" for choice in outcome.choices)
                    yield f"    {outcome.key} = {answers}"


def _told(outcome: Outcome) -> str:
    """Return what became of a line, with its words (cut short) and the cell that it stands in."""
    words = outcome.text if len(outcome.text) <= 80 else f"{outcome.text[:79]}…"
    where = f" [{outcome.where}]" if outcome.where else ""
    said = f"{outcome.state}: {outcome.what} {outcome.ref}".rstrip()
    return f"{said} - {words}{where}{': ' if outcome.detail else ''}{outcome.detail}"


def bring_in(
    session: Session,
    document: PlanDocument,
    actor: Actor,
    now: datetime,
    *,
    decisions: Mapping[str, str] | None = None,
    as_at: date | None = None,
) -> Import:
    """Make a plan of a document, or bring the plan of its slug up to date. Flushes, never commits.

    `decisions` gives the value of a choice by the key of its line (`Outcome.key`), or by "*" and the kind of question
    for all such lines; what a choice asks for stands under "key:name". A question that is not answered changes nothing.
    `as_at` is the day that the document speaks of, where that is before today.
    """
    plan = session.scalar(select(Plan).where(Plan.slug == document.slug))
    if plan is not None and not actor.roles_on(plan.id) and not actor.system:
        raise NotFound("There is no such plan, or you may not see it.")
    effective = _effective(as_at, now)
    applied: Applied
    if plan is None:
        permit(actor, Act.CREATE_PLAN, None)
        applied = create_plan(session, document, actor, now, effective=effective, decisions=decisions)
    else:
        permit(actor, Act.IMPORT, plan.id)
        applied = update_plan(session, plan, document, actor, now, effective=effective, decisions=decisions)
    return Import(applied.plan_id, document.slug, plan is None, tuple(applied.outcomes), applied.act)


def _effective(as_at: date | None, now: datetime) -> datetime | None:
    """Return the instant from which an edition as at a day holds: noon of that day; None for today's."""
    today = london_day(now)
    if as_at is None or as_at == today:
        return None
    if as_at > today:
        raise Refusal("Enter a day that is today or earlier: an edition cannot speak of a day to come.", "as_at")
    return datetime.combine(as_at, time(12), UTC)


def try_out(
    session: Session,
    document: PlanDocument,
    actor: Actor,
    now: datetime,
    *,
    decisions: Mapping[str, str] | None = None,
    as_at: date | None = None,
) -> Import:
    """Say what bringing a document in would do: it is done and taken back, so the answer cannot differ."""
    savepoint = session.begin_nested()
    session.info[TRIAL] = True
    try:
        return bring_in(session, document, actor, now, decisions=decisions, as_at=as_at)
    finally:
        del session.info[TRIAL]
        savepoint.rollback()
        session.expire_all()  # what was flushed inside is gone
