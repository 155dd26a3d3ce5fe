"""A plan as a document again: the inverse of loading one, with the texts and dates that stand now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import RowMapping, select
from sqlalchemy.orm import Session

from tracker.models import (
    Action,
    Commitment,
    LeadAssignment,
    Measure,
    Milestone,
    MilestoneAction,
    MilestonePredecessor,
    Organisation,
    PeriodState,
    Plan,
    Post,
    Priority,
    Reading,
    Record,
    Workstream,
)
from tracker.rules import document
from tracker.rules.dates import read_period, show_day
from tracker.rules.document import (
    ActionLine,
    CommitmentLine,
    LeadLine,
    MeasureLine,
    MilestoneLine,
    PlanDocument,
    PriorityLine,
    ReadingLine,
    RecordLine,
    WorkstreamLine,
)
from tracker.rules.errors import NotFound
from tracker.rules.refs import whole_ref
from tracker.rules.terms import show_terms, terms_of

Below = Mapping[Any, list[RowMapping]]
Leads = Mapping[tuple[str, int], list[LeadLine]]


def export_document(session: Session, plan_id: int) -> PlanDocument:
    """Return a plan as a document. Raises NotFound if there is none. Twelve statements, whatever its size."""
    plan = session.execute(select(*Plan.__table__.columns).where(Plan.id == plan_id)).mappings().first()
    if plan is None:
        raise NotFound("There is no such plan.")
    records = _rows(session, Record, plan_id, "priority_id")
    measures = _measures(session, plan_id)
    return PlanDocument(
        title=plan["title"],
        slug=plan["slug"],
        organisation=plan["organisation"],
        kind=plan["kind"],
        version=plan["version"],
        adopted=plan["adopted"].isoformat() if plan["adopted"] else "",
        starts=plan["starts"],
        ends=plan["ends"],
        original_end=plan["original_end"],
        end_moved_reason=plan["end_moved_reason"],
        priority_label=plan["priority_label"],
        workstream_label=plan["workstream_label"],
        year_kind=plan["year_kind"],
        review_cycle=plan["review_cycle"],
        reports_to=list(plan["reports_to"]),
        key=dict(plan["key"]),
        source_note=plan["source_note"],
        terms={
            name: words for name, words in show_terms(plan["term_calendar"]).items() if name in plan["term_calendar"]
        },
        records=_records(records[None]),
        measures=measures[None],
        priorities=_priorities(session, plan, records, measures),
    )


def _priorities(
    session: Session, plan: RowMapping, records: Below, measures: Mapping[Any, list[MeasureLine]]
) -> list[PriorityLine]:
    leads = _leads(session, plan["id"])
    workstreams, unplaced = _workstreams(session, plan, leads)
    return [
        PriorityLine(
            ref=row["ref"],
            title=row["title"],
            description=row["description"],
            records=_records(records[row["id"]]),
            workstreams=workstreams[row["id"]],
            unplaced=unplaced[row["id"]],
            measures=measures[row["id"]],
            **_standing(row),
        )
        for row in _rows(session, Priority, plan["id"], "plan_id")[plan["id"]]
    ]


def _workstreams(
    session: Session, plan: RowMapping, leads: Leads
) -> tuple[dict[Any, list[WorkstreamLine]], dict[Any, list[MilestoneLine]]]:
    """Return the workstreams, and the milestones without one, of each priority."""
    actions = _rows(session, Action, plan["id"], "workstream_id")
    commitments = _rows(session, Commitment, plan["id"], "workstream_id")
    states = _rows(session, PeriodState, plan["id"], "workstream_id")
    milestones = _rows(session, Milestone, plan["id"], "workstream_id")
    links = _links(session, plan["id"])
    waits = _waits(session, plan["id"])

    def lines(rows: Iterable[RowMapping]) -> list[MilestoneLine]:
        return [
            _milestone(row, plan, actions, leads["milestone", row["id"]], waits[row["id"]])
            for row, actions in ((row, links[row["id"], row["workstream_id"]]) for row in rows)
        ]

    found: dict[Any, list[WorkstreamLine]] = defaultdict(list)
    for row in _rows(session, Workstream, plan["id"], "plan_id")[plan["id"]]:
        key = row["id"]
        found[row["priority_id"]].append(
            WorkstreamLine(
                ref=row["ref"],
                title=row["title"],
                leads=leads["workstream", key],
                actions=[
                    ActionLine(a["ref"], a["text"], leads["action", a["id"]], a["status_text"], **_standing(a))
                    for a in actions[key]
                ],
                milestones=lines(milestones[key]),
                commitments=[
                    CommitmentLine(c["ref"], c["frequency"], c["text"], **_standing(c))
                    for c in commitments[key]
                    if c["milestone_id"] is None  # a tail is part of its milestone
                ],
                period_states=[document.PeriodState(s["milestone"], s["period"], s["state"]) for s in states[key]],
                **_standing(row),
            )
        )
    unplaced: dict[Any, list[MilestoneLine]] = defaultdict(list)
    for row in milestones[None]:
        unplaced[row["priority_id"]] += lines([row])
    return found, unplaced


def _terms(stored: dict[str, Any]) -> dict[str, str]:
    return {name: words for name, words in show_terms(stored).items() if name in stored}


def _standing(row: RowMapping) -> dict[str, Any]:
    """Return how a thing stands, as a line says it: nothing while it is in the plan."""
    return {
        "standing": "" if row["standing"] == "open" else row["standing"],
        "standing_reference": row["standing_reference"],
    }


def _milestone(
    row: RowMapping, plan: RowMapping, actions: list[str], leads: list[LeadLine], waits_for: list[str]
) -> MilestoneLine:
    # A question that follows from the words of the date is asked again whenever they are read.
    calendar = terms_of(plan["term_calendar"])
    asked = read_period(row["due_text"], calendar=calendar, year_kind=plan["year_kind"]).question
    return MilestoneLine(
        ref=row["ref"],
        text=row["text"],
        date=row["due_text"],
        tail=row["tail"],
        start=show_day(row["planned_start"]) if row["planned_start"] else "",
        actions=actions,
        leads=leads,
        implicit=row["implicit"],
        critical=row["critical"],
        status_text=row["status_text"],
        update_text=row["progress"],
        needs_decision="" if row["needs_decision"] == asked else row["needs_decision"],
        waits_for=waits_for,
        origin=row["origin"],
        **_standing(row),
    )


def _records(rows: Iterable[RowMapping]) -> list[RecordLine]:
    return [RecordLine(row["kind"], row["text"], row["term"], **_standing(row)) for row in rows]


def _measures(session: Session, plan_id: int) -> dict[Any, list[MeasureLine]]:
    readings = _rows(session, Reading, plan_id, "measure_id")
    found: dict[Any, list[MeasureLine]] = defaultdict(list)
    names = ("name", "unit", "polarity", "baseline", "target", "frequency", "notes")
    for rows in _rows(session, Measure, plan_id, "priority_id").values():
        for row in rows:
            lines = [
                ReadingLine(r["period"], r["value"], r["for_group"])
                for r in readings[row["id"]]
                if not r["withdrawn_on"]
            ]
            found[row["priority_id"]].append(MeasureLine(**{name: row[name] for name in names}, readings=lines))
    return found


def _leads(session: Session, plan_id: int) -> dict[tuple[str, int], list[LeadLine]]:
    query = (
        select(LeadAssignment, Post.title, Organisation.name)
        .join(Post, Post.id == LeadAssignment.post_id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(LeadAssignment.plan_id == plan_id, LeadAssignment.ended.is_(None))
        .order_by(LeadAssignment.position, LeadAssignment.id)
    )
    found: dict[tuple[str, int], list[LeadLine]] = defaultdict(list)
    for row, title, organisation in session.execute(query):
        for kind in ("milestone", "action", "workstream"):
            key = getattr(row, f"{kind}_id")
            if key is not None:
                named = organisation if row.organisation_named else ""
                found[kind, key].append(LeadLine(title, named, row.accountable))
                break
    for leads in found.values():
        if len(leads) == 1:
            leads[0].accountable = False  # it goes without saying
    return found


def _waits(session: Session, plan_id: int) -> dict[int, list[str]]:
    """Return the milestones of the same plan that each one waits for, by workstream and number. One statement."""
    query = (
        select(MilestonePredecessor.milestone_id, Milestone.ref, Workstream.ref)
        .join(Milestone, Milestone.id == MilestonePredecessor.predecessor_id)
        .outerjoin(Workstream, Workstream.id == Milestone.workstream_id)
        .where(
            MilestonePredecessor.plan_id == plan_id,
            Milestone.plan_id == plan_id,
            MilestonePredecessor.unlinked_on.is_(None),
        )
        .order_by(MilestonePredecessor.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for milestone_id, ref, workstream in session.execute(query):
        found[milestone_id].append(whole_ref(workstream, ref))
    return found


def _links(session: Session, plan_id: int) -> dict[tuple[int, Any], list[str]]:
    """Return the refs of linked actions by milestone and by the workstream of the action: a ref says no more."""
    query = (
        select(MilestoneAction.milestone_id, Action.workstream_id, Action.ref)
        .join(Action, Action.id == MilestoneAction.action_id)
        .where(MilestoneAction.plan_id == plan_id, MilestoneAction.unlinked_on.is_(None))
        .order_by(MilestoneAction.id)
    )
    found: dict[tuple[int, Any], list[str]] = defaultdict(list)
    for milestone_id, workstream_id, ref in session.execute(query):
        found[milestone_id, workstream_id].append(ref)
    return found


def _rows(session: Session, model: Any, plan_id: int, parent: str) -> dict[Any, list[RowMapping]]:
    """Return the rows of a plan by what they stand below, each list in the order of the document."""
    query = select(*model.__table__.columns).where(model.plan_id == plan_id).order_by(model.position, model.id)
    found: dict[Any, list[RowMapping]] = defaultdict(list)
    for row in session.execute(query).mappings():
        found[row[parent]].append(row)
    return found
