"""Prove that the ledger is whole and that everything shown follows from it, with nothing but the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Plan
from tracker.services.plan_checker import Checker, PlanCheck
from tracker.services.verified_chains import Chains


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found of every plan that was looked at."""

    plans: tuple[PlanCheck, ...]

    @property
    def faults(self) -> tuple[str, ...]:
        """Return every fault, each with the plan that it is in."""
        return tuple(f"{plan.slug}: {fault}" for plan in self.plans for fault in plan.faults)

    def as_data(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "ok": not self.faults,
            "plans": [
                {
                    "plan": plan.slug,
                    "entries": plan.entries,
                    "rows": plan.rows,
                    "chain": plan.chain,
                    "projection": plan.projection,
                    "spans": plan.spans,
                    "signatures": plan.signatures,
                    "evidence": plan.evidence,
                    "moves": plan.moves,
                    "faults": list(plan.faults),
                }
                for plan in self.plans
            ],
        }

    def to_lines(self) -> Iterator[str]:
        """Yield what was found as lines that a person reads."""
        for plan in self.plans:
            found = f"{len(plan.faults)} faults" if plan.faults else "whole"
            yield f"{plan.slug}: {plan.entries} ledger entries, {plan.rows} rows: {found}"
            yield from (f"  {fault}" for fault in plan.faults)
        if not self.plans:
            yield "There are no plans."
        elif not self.faults:
            yield "The ledger is whole, and every row, colour and sign-off follows from it."
            if all(plan.evidence is not None for plan in self.plans):
                yield "Every file of evidence is there and is what was stored."


def verify(session: Session, slug: str | None = None, folder: Path | None = None) -> Verification:
    """Check every plan, or the one with `slug`: chain, rows, colours, sign-offs and moves of deadlines.

    Where a milestone waits for one of another plan, the chain of that plan is proved too, once in a run.

    Files of evidence are read as well where the `folder` that they are kept in is given. Some twenty statements a plan.
    """
    query = select(Plan).order_by(Plan.slug)
    if slug is not None:
        query = query.where(Plan.slug == slug)
    chains = Chains(session)
    return Verification(tuple(Checker(session, plan, chains, folder).check() for plan in session.scalars(query)))
