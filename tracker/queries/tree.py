"""A whole plan as at a day, for the plan's own pages, the board view and every report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from tracker.models import (
    Action,
    Commitment,
    LeadAssignment,
    Measure,
    Milestone,
    MilestoneAction,
    Priority,
    Reading,
    Record,
    Workstream,
)
from tracker.queries.as_at import Past, past
from tracker.queries.commitment_rows import CommitmentRow, commitment_rows
from tracker.queries.measures import voices_of
from tracker.queries.milestone_rows import Leads, load_leads, load_links, make_row, milestone_query
from tracker.queries.restate import restate
from tracker.queries.rows import (
    ActionRow,
    MeasureRow,
    MilestoneRow,
    PlanRow,
    PlanSnapshot,
    PriorityRow,
    RecordRow,
    WorkstreamRow,
)
from tracker.queries.version_rows import VersionRow
from tracker.rules.colour import Colour
from tracker.rules.rollup import Item, count, headline, workstream_colour
from tracker.rules.scheme import Thresholds, scheme_on

_REWOUND = (
    "priority",
    "workstream",
    "action",
    "milestone",
    "milestone_action",
    "lead_assignment",
    "record",
    "commitment",
    "occurrence",
    "measure",
    "reading",
    "voice",
)


def items(rows: Iterable[MilestoneRow]) -> list[Item]:
    """Return milestones as the roll-up sees them."""
    return [Item(row.colour, row.due, row.critical) for row in rows]


def snapshot(
    session: Session,
    plan: PlanRow,
    scheme: Thresholds,
    day: date,
    today: date,
    *,
    annexes: bool = True,
    actions: bool = False,
    commitments: bool = False,
    against: VersionRow | None = None,
) -> PlanSnapshot:
    """Return a plan as at the end of `day`, measured against a version (the one in force on that day if None).

    Takes four statements, one more for a day before today, one more with `actions`, one with `commitments`, with
    `annexes` these and four more (records, measures, readings and voices), and two more against an earlier version.
    """
    then = past(session, plan.id, day, today, _REWOUND)
    leads = load_leads(session, LeadAssignment.plan_id == plan.id, day, then)
    links = load_links(session, MilestoneAction.plan_id == plan.id, then)
    by_workstream: dict[int, list[MilestoneRow]] = defaultdict(list)
    unplaced: dict[int, list[MilestoneRow]] = defaultdict(list)
    restated = restate(session, plan, scheme, day, against)
    query = milestone_query(day).where(Milestone.plan_id == plan.id).order_by(Milestone.position, Milestone.id)
    read = session.execute(query).all()
    if then.elsewhere("milestone", "position"):
        was = then.elsewhere("milestone", "position")
        read = sorted(read, key=lambda values: (was.get(values.id, values.position), values.id))
    for values in read:
        if not restated.has(values.id):
            continue
        row = restated.row(make_row(values, leads, links.get(values.id, ()), then))
        if row.workstream_id is None:
            unplaced[row.priority_id].append(row)
        else:
            by_workstream[row.workstream_id].append(row)
    acts: dict[int, list[ActionRow]] = defaultdict(list)
    if annexes or actions:
        acts = _actions(session, plan, leads, links, by_workstream, then)
    recurring: dict[int, list[CommitmentRow]] = defaultdict(list)
    if annexes or commitments:
        names = {row.id: row.full_ref for rows in by_workstream.values() for row in rows}
        recurring |= commitment_rows(session, Commitment.plan_id == plan.id, scheme_on(scheme, day), day, then, names)
    records = _records(session, plan, then) if annexes else {}
    measures = _measures(session, plan, then) if annexes else {}
    workstreams: dict[int, list[WorkstreamRow]] = defaultdict(list)
    shape = _shape(session, plan.id, then)
    for place in shape["workstream"]:
        below = by_workstream[place["id"]]
        workstreams[place["priority_id"]].append(
            WorkstreamRow(
                id=place["id"],
                ref=place["ref"],
                title=place["title"],
                colour=workstream_colour(m.colour for m in below) if place["standing"] == "open" else Colour.NONE,
                counts=count(items(below), day),
                leads=leads.get(("workstream", place["id"]), ()),
                actions=tuple(acts[place["id"]]),
                milestones=tuple(below),
                commitments=tuple(recurring[place["id"]]),
                standing=place["standing"],
                standing_reference=place["standing_reference"],
            )
        )
    priorities = []
    everything: list[MilestoneRow] = []
    for place in shape["priority"]:
        mine = [m for w in workstreams[place["id"]] for m in w.milestones] + unplaced[place["id"]]
        everything += mine
        priorities.append(
            PriorityRow(
                id=place["id"],
                ref=place["ref"],
                title=place["title"],
                description=place["description"],
                headline=headline(items(mine), day, scheme),
                records=tuple(records.get(place["id"], ())),
                measures=tuple(measures.get(place["id"], ())),
                workstreams=tuple(workstreams[place["id"]]),
                unplaced=tuple(unplaced[place["id"]]),
                standing=place["standing"],
                standing_reference=place["standing_reference"],
            )
        )
    return PlanSnapshot(
        plan=plan,
        day=day,
        headline=headline(items(everything), day, scheme),
        priorities=tuple(priorities),
        records=tuple(records.get(None, ())),
        measures=tuple(measures.get(None, ())),
        reported=restated.version,
    )


def workstream_page(
    session: Session, plan: PlanRow, scheme: Thresholds, workstream_id: int, day: date, today: date
) -> tuple[PriorityRow, WorkstreamRow] | None:
    """Return one workstream as at a day with the priority it belongs to; None if it was not there."""
    now = snapshot(session, plan, scheme, day, today)
    return next(((p, w) for p in now.priorities for w in p.workstreams if w.id == workstream_id), None)


def _shape(session: Session, plan_id: int, then: Past) -> dict[str, list[dict[str, Any]]]:
    """Return the priorities and the workstreams that were there, each in its order then. One statement."""
    above = ("id", "ref", "title", "description", "standing", "standing_reference", "position")
    below = ("id", "priority_id", "ref", "title", "standing", "standing_reference", "position")
    query = (
        select(*(getattr(Priority, name) for name in above), *(getattr(Workstream, name) for name in below))
        .outerjoin(Workstream, Workstream.priority_id == Priority.id)
        .where(Priority.plan_id == plan_id)
    )
    found: dict[str, dict[int, dict[str, Any]]] = {"priority": {}, "workstream": {}}
    for row in session.execute(query):
        for table, names, values in (("priority", above, row[: len(above)]), ("workstream", below, row[len(above) :])):
            key = values[0]
            if key is not None and key not in found[table] and then.had(table, key):
                found[table][key] = {**dict(zip(names, values, strict=True)), **then.of(table, key)}
    return {
        table: sorted(rows.values(), key=lambda place: (place["position"], place["id"]))
        for table, rows in found.items()
    }


def _ordered(session: Session, model: Any, plan_id: int, then: Past) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a table in the order of the document, as they were then."""
    columns = [getattr(model, each.key) for each in inspect(model).column_attrs if each.key != "plan_id"]
    query = select(*columns).where(model.plan_id == plan_id).order_by(model.position, model.id)
    table = model.__tablename__
    read = session.execute(query).mappings()
    there = [{**row, **then.of(table, row["id"])} for row in read if then.had(table, row["id"])]
    if then.elsewhere(table, "position"):
        there.sort(key=lambda row: (row["position"], row["id"]))
    yield from there


def _actions(
    session: Session,
    plan: PlanRow,
    leads: Leads,
    links: dict[int, list[tuple[int, str]]],
    by_workstream: dict[int, list[MilestoneRow]],
    then: Past,
) -> dict[int, list[ActionRow]]:
    linked: dict[int, list[MilestoneRow]] = defaultdict(list)
    for rows in by_workstream.values():
        for row in rows:
            for action_id, _ in links.get(row.id, ()):
                linked[action_id].append(row)
    found: dict[int, list[ActionRow]] = defaultdict(list)
    for each in _ordered(session, Action, plan.id, then):
        below = linked[each["id"]]
        found[each["workstream_id"]].append(
            ActionRow(
                id=each["id"],
                ref=each["ref"],
                text=each["text"],
                colour=workstream_colour(m.colour for m in below) if below and each["standing"] == "open" else None,
                leads=leads.get(("action", each["id"]), ()),
                standing=each["standing"],
                standing_reference=each["standing_reference"],
            )
        )
    return found


def _records(session: Session, plan: PlanRow, then: Past) -> dict[int | None, list[RecordRow]]:
    found: dict[int | None, list[RecordRow]] = defaultdict(list)
    for row in _ordered(session, Record, plan.id, then):
        found[row["priority_id"]].append(
            RecordRow(row["kind"], row["term"], row["text"], row["standing"], row["standing_reference"])
        )
    return found


def _measures(session: Session, plan: PlanRow, then: Past) -> dict[int | None, list[MeasureRow]]:
    readings: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for row in _ordered(session, Reading, plan.id, then):
        if row["withdrawn_on"] is not None:
            continue
        readings[row["measure_id"]].append((row["period"], row["group"], row["value"]))
    said = voices_of(session, plan.id, then)
    found: dict[int | None, list[MeasureRow]] = defaultdict(list)
    for row in _ordered(session, Measure, plan.id, then):
        names = ("id", "name", "unit", "polarity", "baseline", "target", "frequency", "notes")
        known = {name: row[name] for name in names}
        measure = MeasureRow(**known, readings=tuple(readings[row["id"]]), voices=tuple(said[row["id"]]))
        found[row["priority_id"]].append(measure)
    return found
