"""My milestones: what a person's posts lead, over all plans, in the order in which it needs doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from tracker.models import ColourSpan, Milestone, Plan
from tracker.queries.as_at import REWOUND, past_of_plans
from tracker.queries.commitment_page import led_commitments
from tracker.queries.commitment_rows import count_pressing
from tracker.queries.milestone_rows import milestone_query, rows_of
from tracker.queries.plans import on, ratings_of
from tracker.queries.register import led_by
from tracker.queries.rows import MilestoneRow
from tracker.rules.colour import Colour
from tracker.rules.permissions import Actor
from tracker.rules.rating import Rating

GROUPS = {
    "overdue": "Overdue",
    "waiting": "Waiting for something from you",
    "soon": "Due within 30 days",
    "unconfirmed": "Not confirmed this month",
    "later": "Later",
    "done": "Done",
}
_PRESSING = (Colour.RED.value, Colour.AMBER.value)
_MOST = 200  # a person who leads more than this sees the first, most pressing ones


@dataclass(frozen=True, slots=True)
class MineRow:
    """One of my milestones with its plan and the one thing to do."""

    milestone: MilestoneRow
    plan_slug: str
    plan_title: str
    demonstration: bool
    rating: Rating
    button: str


@dataclass(frozen=True, slots=True)
class Mine:
    """My milestones by group, and how many there are beyond what is shown."""

    groups: tuple[tuple[str, str, tuple[MineRow, ...]], ...]  # key, heading, rows
    total: int
    day: date

    @property
    def waiting(self) -> list[MineRow]:
        """Return those that want an update now and have not had one today, most pressing first."""
        return [
            row
            for key, _, rows in self.groups
            if key in {"overdue", "waiting", "soon", "unconfirmed"}
            for row in rows
            if row.milestone.updated_on != self.day and not row.button.startswith("See")
        ]

    @property
    def confirmable(self) -> list[MineRow]:
        """Return those that one click can confirm as on track: open, dated ahead, not updated this month."""
        return [
            row
            for key, _, rows in self.groups
            if key in {"soon", "unconfirmed"}
            for row in rows
            if row.milestone.confidence in {"", "on_track"}
            and row.milestone.started is not None
            and not _this_month(row.milestone, self.day)
        ]


def mine(session: Session, actor: Actor, day: date, today: date) -> Mine:
    """Return what the actor's posts lead, as at a day. Five statements, one more for a day before today."""
    if not actor.posts:
        return Mine((), 0, day)
    condition = led_by(sorted(actor.posts), day)
    counted = (*on(day), condition, ColourSpan.colour != Colour.NONE.value)
    number = select(func.count()).select_from(Milestone).join(ColourSpan, ColourSpan.milestone_id == Milestone.id)
    total = session.scalar(number.where(*counted)) or 0
    query = (
        milestone_query(day)
        .where(condition, ColourSpan.colour != Colour.NONE.value)
        .order_by(ColourSpan.colour == Colour.BLUE.value, ColourSpan.due.is_(None), ColourSpan.due, Milestone.id)
        .limit(_MOST)
    )
    then = past_of_plans(session, sorted(actor.roles), day, today, REWOUND)
    rows = rows_of(session, query, day, then)
    ratings: dict[str, Rating] = {}
    plans = {
        milestone_id: (slug, title, demonstration, ratings.setdefault(slug, ratings_of(stored).on(day)))
        for milestone_id, slug, title, demonstration, stored in session.execute(
            select(Milestone.id, Plan.slug, Plan.title, Plan.demonstration, Plan.ratings)
            .join(Plan, Plan.id == Milestone.plan_id)
            .where(Milestone.id.in_([row.id for row in rows]))
        )
    }
    sorted_rows: dict[str, list[MineRow]] = {key: [] for key in GROUPS}
    for row in rows:
        key, button = _place(row, day)
        sorted_rows[key].append(MineRow(row, *plans[row.id], button))
    return Mine(tuple((key, GROUPS[key], tuple(sorted_rows[key])) for key in GROUPS if sorted_rows[key]), total, day)


def count_due(session: Session, actor: Actor, today: date) -> int:
    """Return how much of mine is Red or Amber today, for the figure in the navigation: milestones and what recurs.

    One statement: the milestones are counted in the database, the commitments are judged from what it reads.
    """
    if not actor.posts:
        return 0
    milestones = (
        select(func.count())
        .select_from(Milestone)
        .join(ColourSpan, ColourSpan.milestone_id == Milestone.id)
        .where(*on(today), led_by(sorted(actor.posts), today), ColourSpan.colour.in_(_PRESSING))
        .scalar_subquery()
    )
    return count_pressing(session, milestones, led_commitments(actor, today), today, _PRESSING)


def next_of_mine(session: Session, actor: Actor, today: date, besides: int) -> tuple[int | None, int]:
    """Return which of my milestones wants an update next, and how many do, one left aside. One statement.

    The first of `Mine.waiting`, found in the database: a test holds the two equal.
    """
    if not actor.posts:
        return None, 0
    month, soon = today.replace(day=1), ColourSpan.due <= today + timedelta(days=30)
    rank = case(
        (ColourSpan.rule == "3", 0),
        (ColourSpan.rule.in_(["4e", "4g"]), 1),
        (soon, 2),
        else_=3,
    )
    wants = or_(
        (ColourSpan.rule == "3") & (Milestone.proposed_text == ""),
        ColourSpan.rule.in_(["4e", "4g"]),
        (ColourSpan.rule != "3")
        & Milestone.signoff.not_in(["claimed", "lapsed"])
        & or_(soon, Milestone.updated_on.is_(None), Milestone.updated_on < month),
    )
    query = (
        select(Milestone.id, func.count().over())
        .join(ColourSpan, ColourSpan.milestone_id == Milestone.id)
        .where(
            *on(today),
            led_by(sorted(actor.posts), today),
            ColourSpan.colour.not_in([Colour.NONE.value, Colour.BLUE.value]),
            Milestone.id != besides,
            or_(Milestone.updated_on.is_(None), Milestone.updated_on != today),
            wants,
        )
        .order_by(rank, ColourSpan.due.is_(None), ColourSpan.due, Milestone.id)
        .limit(1)
    )
    found = session.execute(query).first()
    return (found[0], found[1]) if found is not None else (None, 0)


def _place(row: MilestoneRow, today: date) -> tuple[str, str]:
    if row.colour is Colour.BLUE:
        return "done", "See"
    if row.rule == "3":
        return "overdue", "See the request" if row.proposed_text else "Update or ask for a new date"
    if row.rule == "4e":
        return "waiting", "Put right and claim again"
    if row.rule == "4g":
        return "waiting", "Confirm the new date"
    if row.signoff in {"claimed", "lapsed"}:
        return "later", "See"
    if row.due is not None and row.due <= today + timedelta(days=30):
        return "soon", "Update"
    if not _this_month(row, today):
        return "unconfirmed", "Update"
    return "later", "Update"


def _this_month(row: MilestoneRow, today: date) -> bool:
    return row.updated_on is not None and (row.updated_on.year, row.updated_on.month) == (today.year, today.month)
