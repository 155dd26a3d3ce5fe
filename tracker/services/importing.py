"""Apply what was read from a file to a plan, or try it and take it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Plan
from tracker.rules.document import PlanDocument
from tracker.rules.errors import NotFound
from tracker.rules.permissions import Act, Actor, permit
from tracker.services.plan_writer import Applied, Outcome, create_plan, update_plan

STATES = ("new", "changed", "unchanged", "needs decision", "refused")


@dataclass(frozen=True, slots=True)
class Import:
    """What an import did to a plan, or would do."""

    plan_id: int
    slug: str
    created: bool
    outcomes: tuple[Outcome, ...]

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
                {"state": o.state, "what": o.what, "ref": o.ref, "text": o.text, "detail": o.detail}
                for o in self.outcomes
                if o.state != "unchanged"
            ],
        }

    def to_lines(self, *, dry_run: bool) -> Iterator[str]:
        """Yield what was done as lines that a person reads."""
        verb = "would be" if dry_run else "was" if self.created else "were"
        made = f"A new plan {self.slug} {'would be' if dry_run else 'was'} made. " if self.created else ""
        counts = ", ".join(f"{self.count(state)} {state}" for state in STATES)
        yield f"{made}Lines that {verb} written or kept: {counts}."
        for outcome in self.outcomes:
            if outcome.state in {"changed", "needs decision", "refused"}:
                yield f"  {outcome.state}: {outcome.what} {outcome.ref} {outcome.text} {outcome.detail}".rstrip()


def bring_in(session: Session, document: PlanDocument, actor: Actor, now: datetime) -> Import:
    """Make a plan of a document, or bring the plan of its slug up to date. Flushes, never commits."""
    plan = session.scalar(select(Plan).where(Plan.slug == document.slug))
    if plan is not None and not actor.roles_on(plan.id) and not actor.system:
        raise NotFound("There is no such plan, or you may not see it.")
    applied: Applied
    if plan is None:
        permit(actor, Act.CREATE_PLAN, None)
        applied = create_plan(session, document, actor, now)
    else:
        permit(actor, Act.IMPORT, plan.id)
        applied = update_plan(session, plan, document, actor, now)
    return Import(applied.plan_id, document.slug, plan is None, tuple(applied.outcomes))


def try_out(session: Session, document: PlanDocument, actor: Actor, now: datetime) -> Import:
    """Say what bringing a document in would do: it is done and taken back, so the answer cannot differ."""
    savepoint = session.begin_nested()
    try:
        return bring_in(session, document, actor, now)
    finally:
        savepoint.rollback()
        session.expire_all()  # what was flushed inside is gone
