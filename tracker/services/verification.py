"""Prove that the ledger is whole and that everything shown follows from it, with nothing but the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
                    "last_hash": plan.last_hash,
                    "rows": plan.rows,
                    "milestones": plan.milestones,
                    "signed": plan.signed,
                    "files": plan.files,
                    "chain": plan.chain,
                    "projection": plan.projection,
                    "spans": plan.spans,
                    "signatures": plan.signatures,
                    "evidence": plan.evidence,
                    "moves": plan.moves,
                    "frozen": plan.frozen,
                    "packs": plan.packs,
                    "faults": list(plan.faults),
                }
                for plan in self.plans
            ],
        }

    def to_lines(self) -> Iterator[str]:
        """Yield the verdict as lines that an auditor reads and files: what was held against what."""
        for plan in self.plans:
            yield f"{plan.slug}: {_faults(plan.faults) if plan.faults else 'whole'}"
            for subject, good, words in _findings(plan):
                yield f"  {subject:<10} {'NOT READ' if good is None else 'OK' if good else 'FAULTY':<8} {words}"
            yield from (f"  - {fault}" for fault in plan.faults)
        if not self.plans:
            yield "There are no plans."
        elif self.faults:
            wrong = sum(bool(plan.faults) for plan in self.plans)
            yield f"Verdict: NOT WHOLE. {_faults(self.faults)} in {wrong} of {_plans(self.plans)}."
        else:
            yield f"Verdict: WHOLE. Nothing was found wrong in {_plans(self.plans)}."


def _findings(plan: PlanCheck) -> Iterator[tuple[str, bool | None, str]]:
    """Yield what was looked at in a plan: what it is, whether it is as it should be, and what it was held against."""
    last = f", the last with the hash {plan.last_hash}" if plan.last_hash else ""
    yield "Ledger", plan.chain, f"{plan.entries} entries, each chained to the one before{last}"
    yield "Rows", plan.projection, f"{plan.rows} rows against what their entries say"
    yield "Colours", plan.spans, f"{plan.milestones} milestones, every day, against what the entries give"
    yield "Sign-offs", plan.signatures, f"{plan.signed} signed off: what was signed against what is there"
    yield "Evidence", plan.evidence, f"{plan.files} files against what was stored"
    yield "Deadlines", plan.moves, "times moved against the moves that were approved"
    yield "Packs", plan.packs, f"{plan.frozen} frozen, each against its fingerprint, issued ones in a chain"


def _faults(faults: Sequence[str]) -> str:
    return f"{len(faults)} fault{'' if len(faults) == 1 else 's'}"


def _plans(plans: Sequence[PlanCheck]) -> str:
    return f"{len(plans)} plan{'' if len(plans) == 1 else 's'}"


def verify(session: Session, slug: str | None = None, folder: Path | None = None) -> Verification:
    """Check every plan, or the one with `slug`: chain, rows, colours, sign-offs, moves of deadlines, packs.

    Where a milestone waits for one of another plan, the chain of that plan is proved too, once in a run.

    Files of evidence are read as well where the `folder` that they are kept in is given. At most 28 statements a plan.
    """
    query = select(Plan).order_by(Plan.slug)
    if slug is not None:
        query = query.where(Plan.slug == slug)
    chains = Chains(session)
    return Verification(tuple(Checker(session, plan, chains, folder).check() for plan in session.scalars(query)))
