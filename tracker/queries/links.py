"""Links between milestones as a person may see them: who waits for whom, and who might."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from tracker.models import ColourSpan, Milestone, MilestonePredecessor, Plan, Priority, Workstream
from tracker.queries.as_at import PRESENT, past_of_plans
from tracker.queries.plans import on
from tracker.queries.timelines import LinkEntries, link_entries
from tracker.rules.colour import NAMES, Colour
from tracker.rules.waiting import ELSEWHERE, linked

Sees = Callable[[int], bool]  # whether a person may see a plan, by its id
MOST = 20  # how many a search shows


@dataclass(frozen=True, slots=True)
class Linked:
    """A milestone at the other end of a link, as at a day.

    `hidden` where the person may not see its plan: nothing of it is here then but its colour. `plan_title` is empty
    for a milestone of the same plan.
    """

    link_id: int
    milestone_id: int
    full_ref: str
    text: str
    plan_title: str
    colour: Colour
    rule: str
    due: date | None
    due_text: str
    standing: str
    hidden: bool = False

    @property
    def name(self) -> str:
        """Return what the person may know it by ("2b.1", "2b.1 of The other plan", "a milestone of another plan")."""
        if self.hidden:
            return ELSEWHERE
        return f"{self.full_ref} of {self.plan_title}" if self.plan_title else self.full_ref


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a search for a predecessor found: the first of them, and how many there are in all."""

    rows: tuple[Linked, ...]
    total: int


# What is read of a milestone at the other end of a link.
_COLUMNS = (
    Milestone.id,
    Milestone.plan_id,
    Milestone.ref,
    Milestone.text,
    Milestone.standing,
    Milestone.workstream_id,
    Workstream.ref.label("workstream"),
    Plan.title.label("plan_title"),
    ColourSpan.colour,
    ColourSpan.rule,
    ColourSpan.due,
    ColourSpan.due_text,
)


def other_end(*columns: Any) -> Any:
    """Return the statement that reads milestones with their plan, workstream and colour; add a day and a condition."""
    return (
        select(*_COLUMNS, *columns)
        .join(ColourSpan, ColourSpan.milestone_id == Milestone.id)
        .join(Plan, Plan.id == Milestone.plan_id)
        .outerjoin(Workstream, Workstream.id == Milestone.workstream_id)
    )


def seen(row: Mapping[str, Any], link_id: int, plan_id: int, sees: Sees) -> Linked:
    """Return a milestone as a person sees it from a plan: nothing of another plan that they may not see."""
    elsewhere = row["plan_id"] != plan_id
    if elsewhere and not sees(row["plan_id"]):
        return Linked(link_id, 0, "", "", "", Colour(row["colour"]), "", None, "", row["standing"], hidden=True)
    return Linked(
        link_id=link_id,
        milestone_id=row["id"],
        full_ref=f"{row['workstream']}.{row['ref']}" if row["workstream"] else row["ref"],
        text=row["text"],
        plan_title=row["plan_title"] if elsewhere else "",
        colour=Colour(row["colour"]),
        rule=row["rule"],
        due=row["due"],
        due_text=row["due_text"],
        standing=row["standing"],
    )


def linked_milestones(
    session: Session, milestone_id: int, plan_id: int, links: Iterable[LinkEntries], day: date, today: date, sees: Sees
) -> tuple[tuple[Linked, ...], tuple[Linked, ...]]:
    """Return what a milestone waits for and what waits for it, as at a day. One statement, two for a day before today.

    `links` are those of the milestone at either end, with their entries up to that day.
    """
    standing = [link for link in links if linked(link.entries)[-1][1]]
    ids = {key for link in standing for key in (link.milestone_id, link.predecessor_id)} - {milestone_id}
    if not ids:
        return (), ()
    query = other_end().where(Milestone.id.in_(sorted(ids)), *on(day))
    rows = {row["id"]: dict(row) for row in session.execute(query).mappings()}
    plans = sorted({row["plan_id"] for row in rows.values()})
    then = past_of_plans(session, plans, day, today, ("milestone",)) if day < today else PRESENT
    for key, row in rows.items():
        row |= {name: value for name, value in then.of("milestone", key).items() if name in ("text", "standing")}
    waits_for = [(link.id, link.predecessor_id) for link in standing if link.milestone_id == milestone_id]
    waited_by = [(link.id, link.milestone_id) for link in standing if link.predecessor_id == milestone_id]
    before, after = (
        tuple(seen(rows[key], link_id, plan_id, sees) for link_id, key in ends if key in rows)
        for ends in (waits_for, waited_by)
    )
    return before, after


def waits_in_words(session: Session, plan_id: int, day: date) -> dict[int, tuple[str, ...]]:
    """Return what each milestone of a plan waits for as at a day, as reports say it ("2b.1 (Red)"). Two statements.

    A report is read by people who may see this plan and no other, so one of another plan is never named.
    """
    links = [
        link
        for link in link_entries(session, MilestonePredecessor.plan_id == plan_id, day)
        if linked(link.entries)[-1][1]
    ]
    if not links:
        return {}
    query = other_end().where(Milestone.id.in_(sorted({link.predecessor_id for link in links})), *on(day))
    rows = {row["id"]: dict(row) for row in session.execute(query).mappings()}
    found: dict[int, list[str]] = defaultdict(list)
    for link in links:
        if link.predecessor_id in rows:
            other = seen(rows[link.predecessor_id], link.id, plan_id, lambda plan: False)
            found[link.milestone_id].append(f"{other.name} ({NAMES[other.colour]})")
    return {key: tuple(names) for key, names in found.items()}


def candidates(
    session: Session, milestone_id: int, plan_id: int, plan_ids: Collection[int] | None, text: str, day: date
) -> Candidates:
    """Return milestones that a milestone could wait for, of its own plan first, by ref or words. Two statements.

    `plan_ids` are the plans that the person may see, None for all. Not itself, none that it waits for already, and
    none that a decision has taken out of its plan.
    """
    there = select(MilestonePredecessor.predecessor_id).where(
        MilestonePredecessor.milestone_id == milestone_id, MilestonePredecessor.unlinked_on.is_(None)
    )
    conditions: list[ColumnElement[bool]] = [
        true() if plan_ids is None else Milestone.plan_id.in_(sorted({plan_id, *plan_ids})),
        Milestone.id != milestone_id,
        Milestone.standing == "open",
        Milestone.id.not_in(there),
        *on(day),
        *(_matches(word) for word in text.split()),
    ]
    total = session.scalar(
        select(func.count())
        .select_from(Milestone)
        .join(ColourSpan, ColourSpan.milestone_id == Milestone.id)
        .outerjoin(Workstream, Workstream.id == Milestone.workstream_id)
        .where(*conditions)
    )
    order = (
        Milestone.plan_id != plan_id, Plan.title, Plan.id, Priority.position, Workstream.position.nulls_last(),
        Milestone.position, Milestone.id,
    )  # fmt: skip
    query = other_end().join(Priority, Priority.id == Milestone.priority_id)
    rows = session.execute(query.where(*conditions).order_by(*order).limit(MOST)).mappings()
    return Candidates(tuple(seen(dict(row), 0, plan_id, lambda plan: True) for row in rows), total or 0)


def _matches(word: str) -> ColumnElement[bool]:
    """Return the condition that a word stands in the text or is (the beginning of) the ref, whole or in part."""
    plain = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return or_(
        Milestone.text.ilike(f"%{plain}%", escape="\\"),
        Milestone.ref.ilike(plain, escape="\\"),
        Workstream.ref.ilike(plain, escape="\\"),
        (Workstream.ref + "." + Milestone.ref).ilike(f"{plain}%", escape="\\"),
    )
