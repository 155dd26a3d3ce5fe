"""Timelines: the facts of milestones by day as the ledger has them, with the milestones that they wait for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.orm import Session, aliased

from tracker.models import LedgerEntry, Milestone, MilestonePredecessor, Plan, Workstream
from tracker.rules.facts import Facts
from tracker.rules.fold import fold
from tracker.rules.rating import Ratings
from tracker.rules.scheme import DEFAULT, Thresholds
from tracker.rules.waiting import Entries, Refs, Waiting, linked, stages, with_predecessors

Before = Mapping[int, list[Waiting]]  # what each milestone waits for, by its id


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the milestones that others wait for: scheme, plan and entries of each, and workstream refs."""

    plans: Mapping[int, int]
    schemes: Mapping[int, Thresholds]
    entries: Mapping[int, Entries]
    workstreams: Refs


@dataclass(slots=True)
class LinkEntries:
    """One link between milestones with its ledger entries."""

    id: int
    plan_id: int
    milestone_id: int
    predecessor_id: int
    entries: list[tuple[date, Mapping[str, object]]] = field(default_factory=list)


def milestone_entries(
    session: Session, condition: ColumnElement[bool], until: date | None = None
) -> dict[int, list[tuple[date, Mapping[str, object]]]]:
    """Return the ledger entries of milestones as (day of effect, {field: value after}), up to a day. One statement."""
    query = (
        select(LedgerEntry.subject_id, LedgerEntry.effective_day, LedgerEntry.changes)
        .where(condition, LedgerEntry.subject_type == Milestone.__tablename__)
        .order_by(LedgerEntry.subject_id, LedgerEntry.effective_day, LedgerEntry.seq)
    )
    if until is not None:
        query = query.where(_by(until))
    rows = session.execute(query)
    return {
        key: [(day, after(changes)) for _, day, changes in found]
        for key, found in groupby(rows, key=lambda row: row[0])
    }


def histories(
    session: Session,
    plan_id: int,
    adopted: date | None,
    milestone_ids: Collection[int] | None = None,
    until: date | None = None,
    against: int | None = None,
) -> dict[int, list[tuple[date, Facts]]]:
    """Return the facts by day of the milestones of a plan (or of some), predecessors included, from the ledger alone.

    With `until`, only what had taken effect by that day; `against` as in `rules.fold`. One statement, two for some
    milestones; three more where one waits for another.
    """
    if milestone_ids is None:
        found, links = _of_plan(session, plan_id, until)
    else:
        ids = list(milestone_ids)
        links = link_entries(session, MilestonePredecessor.milestone_id.in_(ids), until)
        found = milestone_entries(session, LedgerEntry.subject_id.in_(ids), until)
    before = waiting(session, links, until)
    return {
        key: with_predecessors(fold(entries, adopted, against), before.get(key, ())) for key, entries in found.items()
    }


def _of_plan(
    session: Session, plan_id: int, until: date | None
) -> tuple[dict[int, list[tuple[date, Mapping[str, object]]]], list[LinkEntries]]:
    """Return the entries of all milestones of a plan, and of the links between them and others. One statement."""
    types = (Milestone.__tablename__, MilestonePredecessor.__tablename__)
    query = (
        select(LedgerEntry.subject_type, LedgerEntry.subject_id, LedgerEntry.effective_day, LedgerEntry.changes)
        .where(LedgerEntry.plan_id == plan_id, LedgerEntry.subject_type.in_(types))
        .order_by(LedgerEntry.subject_type, LedgerEntry.subject_id, LedgerEntry.effective_day, LedgerEntry.seq)
    )
    if until is not None:
        query = query.where(_by(until))
    found: dict[tuple[str, int], list[tuple[date, Mapping[str, object]]]] = defaultdict(list)
    for table, key, day, changes in session.execute(query):
        found[table, key].append((day, after(changes)))
    milestones = {key: entries for (table, key), entries in found.items() if table == Milestone.__tablename__}
    links = {key: entries for (table, key), entries in found.items() if table == MilestonePredecessor.__tablename__}
    return milestones, links_of(plan_id, links)


def links_of(plan_id: int, entries: Mapping[int, list[tuple[date, Mapping[str, object]]]]) -> list[LinkEntries]:
    """Return links of what their entries say, by the id of the link; what names no two milestones is left out."""
    found = []
    for key, told in sorted(entries.items()):
        values: dict[str, Any] = {name: value for _, fields in told for name, value in fields.items()}
        if values.get("milestone_id") and values.get("predecessor_id"):
            found.append(LinkEntries(key, plan_id, values["milestone_id"], values["predecessor_id"], told))
    return found


def link_entries(session: Session, condition: ColumnElement[bool], until: date | None = None) -> list[LinkEntries]:
    """Return links between milestones with their ledger entries, oldest link first. One statement."""
    link = MilestonePredecessor
    query = (
        select(link.id, link.plan_id, link.milestone_id, link.predecessor_id)
        .add_columns(LedgerEntry.effective_day, LedgerEntry.changes)
        .join(LedgerEntry, (LedgerEntry.subject_id == link.id) & (LedgerEntry.subject_type == link.__tablename__))
        .where(condition)
        .order_by(link.id, LedgerEntry.effective_day, LedgerEntry.seq)
    )
    if until is not None:
        query = query.where(_by(until))
    found: dict[int, LinkEntries] = {}
    for key, plan_id, milestone_id, predecessor_id, day, changes in session.execute(query):
        one = found.setdefault(key, LinkEntries(key, plan_id, milestone_id, predecessor_id))
        one.entries.append((day, after(changes)))
    return list(found.values())


def waiting(session: Session, links: Iterable[LinkEntries], until: date | None = None) -> Before:
    """Return what milestones wait for, as timelines from the ledger. Three statements, none without a link."""
    links = list(links)
    if not links:
        return {}
    return assembled(links, known(session, {link.predecessor_id for link in links}, until))


def known(session: Session, milestone_ids: Collection[int], until: date | None = None) -> Known:
    """Return what is known of milestones that others wait for. Three statements."""
    query = (
        select(Milestone.id, Milestone.plan_id, Plan.ratings)
        .join(Plan, Plan.id == Milestone.plan_id)
        .where(Milestone.id.in_(list(milestone_ids)))
    )
    plans, schemes = {}, {}
    for key, plan_id, ratings in session.execute(query):
        plans[key] = plan_id
        schemes[plan_id] = Ratings.from_data(ratings).schemes
    streams = (
        select(LedgerEntry.subject_id, LedgerEntry.effective_day, LedgerEntry.changes)
        .where(LedgerEntry.plan_id.in_(sorted(schemes)), LedgerEntry.subject_type == Workstream.__tablename__)
        .order_by(LedgerEntry.effective_day, LedgerEntry.seq)
    )
    refs: dict[int, list[tuple[date, str]]] = defaultdict(list)
    for key, day, changes in session.execute(streams if until is None else streams.where(_by(until))):
        if "ref" in changes:
            refs[key].append((day, changes["ref"][1]))
    entries = milestone_entries(session, LedgerEntry.subject_id.in_(list(milestone_ids)), until)
    return Known(plans, schemes, entries, refs)


def assembled(links: Iterable[LinkEntries], there: Known) -> Before:
    """Return what milestones wait for of what is known, each predecessor worked out once a plan that waits for it."""
    found: dict[int, list[Waiting]] = defaultdict(list)
    made: dict[tuple[int, bool], Any] = {}
    for link in links:
        key = link.predecessor_id
        elsewhere = there.plans.get(key) != link.plan_id
        if (key, elsewhere) not in made:
            scheme = there.schemes.get(there.plans.get(key, 0), DEFAULT)
            made[key, elsewhere] = stages(there.entries.get(key, ()), scheme, there.workstreams, elsewhere=elsewhere)
        found[link.milestone_id].append(Waiting(made[key, elsewhere], linked(link.entries)))
    return found


def waiting_now(
    session: Session,
    milestone_ids: Collection[int],
    day: date,
    instead: Mapping[int, Mapping[str, Any]] = MappingProxyType({}),
) -> Before:
    """Return what milestones wait for from `day` on, as the rows stand. One statement.

    `instead` holds values of predecessors, by id, that are not stored (yet): what a decision would make of them.
    """
    other, link = aliased(Milestone), MilestonePredecessor
    columns = [getattr(other, each.key).label(each.key) for each in inspect(Milestone).column_attrs]
    query = (
        select(link.milestone_id.label("_waits"), link.plan_id.label("_plan"), *columns)
        .add_columns(Workstream.ref.label("_workstream"), Plan.ratings.label("_ratings"))
        .join(other, other.id == link.predecessor_id)
        .join(Plan, Plan.id == other.plan_id)
        .outerjoin(Workstream, Workstream.id == other.workstream_id)
        .where(link.milestone_id.in_(list(milestone_ids)), link.unlinked_on.is_(None))
        .order_by(link.id)
    )
    found: dict[int, list[Waiting]] = defaultdict(list)
    for row in session.execute(query).mappings():
        scheme = Ratings.from_data(row["_ratings"]).schemes
        streams = {row["workstream_id"]: [(day, row["_workstream"])]} if row["workstream_id"] is not None else {}
        elsewhere = row["plan_id"] != row["_plan"]
        values = {**row, **instead.get(row["id"], {})}
        made = stages([(day, values)], scheme, streams, elsewhere=elsewhere)
        found[row["_waits"]].append(Waiting(made, [(day, True)]))
    return found


def _by(until: date) -> ColumnElement[bool]:
    return LedgerEntry.effective_day <= until


def after(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an entry set, field by field."""
    return {name: pair[1] for name, pair in changes.items()}
