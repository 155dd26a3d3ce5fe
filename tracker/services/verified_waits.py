"""What verification asks of predecessors: what milestones of a plan wait for, from its own ledger and from others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import MilestonePredecessor, Plan
from tracker.queries.timelines import Before, after, assembled, known, links_of
from tracker.services.verified_chains import Chains, Subject

History = Mapping[Subject, Sequence[tuple[date, int, Mapping[str, list[Any]]]]]


@dataclass(frozen=True, slots=True)
class Waits:
    """What each milestone of a plan waits for by the ledger, and what keeps that from being proved."""

    before: Before
    faults: tuple[str, ...] = ()


def waits_of(session: Session, plan_id: int, history: History, chains: Chains) -> Waits:
    """Return what milestones wait for. The links are in this plan's ledger; who is waited for may be in another's.

    The entries of another plan count for as much as its chain: a chain that is broken is a fault here too. Three
    statements, and one more for each other plan; none where nobody waits.
    """
    entries: dict[int, list[tuple[date, Mapping[str, object]]]] = {
        key: [(day, after(fields)) for day, _, fields in changes]
        for (table, key), changes in history.items()
        if table == MilestonePredecessor.__tablename__
    }
    links = links_of(plan_id, entries)
    if not links:
        return Waits({})
    there = known(session, {link.predecessor_id for link in links})
    others = sorted(set(there.plans.values()) - {plan_id})
    broken = [other for other in others if not chains.is_whole(other)]
    slugs = session.scalars(select(Plan.slug).where(Plan.id.in_(broken)).order_by(Plan.slug)) if broken else ()
    faults = (f"Milestones wait for the plan {slug}, whose ledger is not whole: verify it too." for slug in slugs)
    return Waits(assembled(links, there), tuple(faults))
