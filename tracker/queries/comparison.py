"""What a day is compared with: the last issued pack where there is one, otherwise a day before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from tracker.queries.movement import earlier
from tracker.queries.packs import Compared, last_packs
from tracker.queries.plan_rows import PlanRow
from tracker.queries.restate import restate
from tracker.queries.rows import Earlier
from tracker.queries.version_rows import VersionRow
from tracker.rules.dates import add_months
from tracker.rules.scheme import Thresholds


@dataclass(frozen=True, slots=True)
class Comparison:
    """A day to compare with and what the plan was on it; `packs` are the issued packs before, the newest first."""

    since: date
    before: Earlier | None
    packs: tuple[Compared, ...] = ()


def compared_day(session: Session, plan: PlanRow, day: date) -> date:
    """Return the day that a plan as at `day` is compared with where nobody asks for another. At most one statement."""
    packs = last_packs(session, plan.id, day, count=1) if plan.last_pack else []
    return packs[0].day if packs else add_months(day, -1)


def comparison(
    session: Session,
    plan: PlanRow,
    scheme: Thresholds,
    day: date,
    asked: date | None = None,
    *,
    against: VersionRow | None = None,
    board_id: int | None = None,
    number_below: int | None = None,
) -> Comparison:
    """Return what a plan as at `day` is compared with.

    A day that is asked for stands; otherwise it is that of the last issued pack (of one board, where one is given), and
    where there is none, a month before. What an issued pack said is read from its own frozen facts, so that nobody
    compares with what was recorded afterwards; only against an earlier version of the plan the timeline is read.
    """
    packs = tuple(last_packs(session, plan.id, day, board_id, number_below=number_below)) if plan.last_pack else ()
    since = asked if asked is not None and asked < day else packs[0].day if packs else add_months(day, -1)
    if packs and since == packs[0].day and against is None:
        return Comparison(since, packs[0].earlier, packs)
    before = earlier(session, plan.id, since, scheme, restate(session, plan, scheme, since, against))
    return Comparison(since, before, tuple(pack for pack in packs if pack.day < since))
