"""The receipt of whatever a ref names: a plan, priority, workstream, action, milestone or recurring commitment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from tracker.queries.commitment_page import CommitmentPage, commitment_page
from tracker.queries.milestone_page import MilestonePage, milestone_page
from tracker.queries.receipts import LevelReceipt, Place, level_receipt, named
from tracker.queries.rows import PlanRow, PlanSnapshot
from tracker.queries.tree import snapshot
from tracker.rules.errors import NotFound
from tracker.rules.scheme import Thresholds

KINDS = ("plan", "priority", "workstream", "milestone", "action", "commitment")


@dataclass(frozen=True, slots=True)
class Named:
    """What a ref names: `place` of a level, `id` of a milestone or a commitment. `also`: other kinds of that ref."""

    kind: str
    ref: str
    place: Place | None = None
    id: int = 0
    also: tuple[str, ...] = ()


def find_by_ref(session: Session, plan: PlanRow, scheme: Thresholds, ref: str, day: date, today: date) -> Named:
    """Return what a ref names in a plan as at a day. Raises NotFound with the refs there are of that kind.

    "" and "." name the plan. Where a ref names several things, the first kind of KINDS is meant; "action:1a.A" means
    just the action.
    """
    now = snapshot(session, plan, scheme, day, today, annexes=False, actions=True, commitments=True)
    return find_in(now, ref)


def find_in(now: PlanSnapshot, ref: str) -> Named:
    """Return what `find_by_ref` does, in a snapshot with actions and commitments."""
    kind, _, rest = ref.partition(":")
    wanted, ref = (kind, rest.strip()) if rest and kind in KINDS else ("", ref.strip())
    if ref in ("", ".") and wanted in ("", "plan"):
        return Named("plan", "", Place())
    found = [one for one in _all_named(now, ref) if wanted in ("", one.kind)]
    if not found:
        what = f"{wanted} " if wanted else ""
        raise NotFound(
            f"There is nothing called {what}{ref} in {now.plan.slug} on that day. Refs look like 1a or 1a.3."
        )
    found.sort(key=lambda one: KINDS.index(one.kind))
    also = tuple(one.kind for one in found[1:])
    first = found[0]
    return Named(first.kind, first.ref, first.place, first.id, also)


def _all_named(now: PlanSnapshot, ref: str) -> list[Named]:
    found = [Named(place.level, ref, place) for place in named(now, ref)]
    found += [Named("milestone", ref, None, row.id) for row in now.milestones if row.full_ref == ref]
    found += [
        Named("commitment", ref, None, one.id)
        for priority in now.priorities
        for stream in priority.workstreams
        for one in stream.commitments
        if (f"{stream.ref}.{one.ref}" if one.ref else stream.ref) == ref
    ]
    return found


@dataclass(frozen=True, slots=True)
class AnyReceipt:
    """The receipt of what a ref names: just one of the three is there."""

    named: Named
    level: LevelReceipt | None = None
    milestone: MilestonePage | None = None
    commitment: CommitmentPage | None = None


def any_receipt(session: Session, plan: PlanRow, scheme: Thresholds, ref: str, day: date, today: date) -> AnyReceipt:
    """Return the receipt of what a ref names as at a day, made by what makes the pages. Raises NotFound."""
    now = snapshot(session, plan, scheme, day, today, annexes=False, actions=True, commitments=True)
    found = find_in(now, ref)
    if found.kind == "milestone":
        return AnyReceipt(found, milestone=milestone_page(session, plan, found.id, day, today))
    if found.kind == "commitment":
        return AnyReceipt(found, commitment=commitment_page(session, plan, found.id, day, today))
    return AnyReceipt(found, level=level_receipt(now, scheme, found.place or Place()))
