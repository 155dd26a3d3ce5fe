"""The registers of a plan as at a day: risks, issues and decisions with the milestones that each bears on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from tracker.models import Milestone, Organisation, Post, RaidItem, RaidLink, Workstream
from tracker.queries.as_at import Past, past
from tracker.rules.raid import HIGH_FROM, level, score


@dataclass(frozen=True, slots=True)
class RaidRow:
    """One risk, issue or decision as at a day; `milestones` are (id, ref) of what it bears on."""

    id: int
    kind: str
    ref: str
    title: str
    description: str
    likelihood: int
    severity: int
    response: str
    owner: str
    owner_id: int | None
    raised_on: date
    review_by: date | None
    minute: str
    closed_on: date | None
    outcome: str
    version: int
    milestones: tuple[tuple[int, str], ...] = ()

    @property
    def points(self) -> int:
        """Return the score of a risk, 0 for anything else."""
        return score(self.likelihood, self.severity)

    @property
    def level(self) -> str:
        """Return the word for the score."""
        return level(self.points)

    @property
    def high(self) -> bool:
        """Return whether this is an open risk that marks the milestones it bears on."""
        return self.points >= HIGH_FROM and self.closed_on is None

    @property
    def refs(self) -> str:
        """Return the refs of the milestones as one text ("1a.3, 2b.1")."""
        return ", ".join(ref for _, ref in self.milestones)

    def late(self, day: date) -> bool:
        """Return whether an open entry should have been reviewed before `day`."""
        return self.closed_on is None and self.review_by is not None and self.review_by < day


def raid_rows(session: Session, plan_id: int, day: date, today: date, milestone_id: int | None = None) -> list[RaidRow]:
    """Return the entries of a plan's registers: open before closed, worst risks first.

    With `milestone_id` those alone that bear on one milestone on that day. Two statements, one more for the posts
    that answer for them and one more for an earlier day.
    """
    then = past(session, plan_id, day, today, (RaidItem.__tablename__, RaidLink.__tablename__))
    owner = Post.title + " (" + Organisation.name + ")"
    names = [each.key for each in inspect(RaidItem).column_attrs if each.key != "plan_id"]
    query = (
        select(*(getattr(RaidItem, name) for name in names))
        .where(RaidItem.plan_id == plan_id)
        .order_by(RaidItem.raised_on, RaidItem.id)
    )
    bears = _bears_on(session, plan_id, then)
    there = [
        {**row, **then.of(RaidItem.__tablename__, row["id"])}
        for row in session.execute(query).mappings()
        if then.had(RaidItem.__tablename__, row["id"])
    ]
    posts = {row["owner_post_id"] for row in there} - {None}
    held = select(Post.id, owner).join(Organisation, Organisation.id == Post.organisation_id).where(Post.id.in_(posts))
    owners: dict[int, str] = {row[0]: row[1] for row in session.execute(held)} if posts else {}
    found = [_row(row, owners, bears[row["id"]]) for row in there]
    if milestone_id is not None:
        found = [row for row in found if milestone_id in dict(row.milestones)]
    return sorted(found, key=lambda row: (row.closed_on is not None, -row.points))


def _row(row: dict[str, Any], owners: dict[int, str], bears: Iterable[tuple[int, str]]) -> RaidRow:
    own = {name: row[name] for name in row if name != "owner_post_id"}
    key = row["owner_post_id"]
    return RaidRow(**own, owner=owners.get(key, ""), owner_id=key, milestones=tuple(bears))


def _bears_on(session: Session, plan_id: int, then: Past) -> dict[int, list[tuple[int, str]]]:
    query = (
        select(
            RaidLink.id,
            RaidLink.raid_item_id,
            RaidLink.unlinked_on,
            Milestone.id.label("milestone_id"),
            (func.coalesce(Workstream.ref + ".", "") + Milestone.ref).label("ref"),
        )
        .join(Milestone, Milestone.id == RaidLink.milestone_id)
        .outerjoin(Workstream, Workstream.id == Milestone.workstream_id)
        .where(RaidLink.plan_id == plan_id)
        .order_by(Workstream.position, Milestone.position, Milestone.id)
    )
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in session.execute(query):
        if then.stands(RaidLink.__tablename__, row.id, row.unlinked_on):
            found[row.raid_item_id].append((row.milestone_id, row.ref))
    return found
