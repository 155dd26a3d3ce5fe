"""Keep the registers of a plan: risks, issues and decisions, and the milestones that each bears on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from tracker.models import Milestone, Plan, Post, RaidItem, RaidLink, Workstream
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, Actor, permit
from tracker.rules.raid import KINDS, MOST, next_ref, read_refs
from tracker.rules.text import clean
from tracker.services.ledger import Recorder, lock_chain
from tracker.services.milestones import check_version, use_token

_MOST_LINKS = 50
LABELS: Mapping[str, str] = {
    "title": "What it is",
    "description": "More about it",
    "likelihood": "Likelihood",
    "severity": "Impact",
    "response": "What is being done",
    "raised_on": "Raised on",
    "review_by": "To be reviewed by",
    "minute": "Minute",
    "closed_on": "Closed on",
    "outcome": "How it ended",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody enters. `milestones` are refs as typed ("1a.3, 2b.1"); `owner` is the id of a post."""

    title: str
    description: str = ""
    likelihood: int = 0
    severity: int = 0
    response: str = ""
    owner: int | None = None
    raised_on: date | None = None
    review_by: date | None = None
    minute: str = ""
    milestones: str = ""
    closed: bool = False
    outcome: str = ""


def add_entry(
    session: Session, actor: Actor, now: datetime, plan_id: int, token: str, kind: str, entry: Entry
) -> RaidItem:
    """Add a risk, an issue or a decision. Refs count up and are never used twice. Raises Refusal or NotFound."""
    _, recorder = _begin(session, actor, now, plan_id, token)
    if kind not in KINDS:
        raise NotFound("There is no such register.")
    row = write_entry(recorder, kind, entry)
    recorder.close()
    return row


def write_entry(recorder: Recorder, kind: str, entry: Entry) -> RaidItem:
    """Store a new entry within an act that is under way. Raises Refusal for the field that will not do."""
    session, plan = recorder.session, recorder.plan
    values = _checked(session, recorder, kind, entry)
    linked = _milestones(session, plan.id, entry.milestones)
    refs = session.scalars(select(RaidItem.ref).where(RaidItem.plan_id == plan.id))
    row = RaidItem(plan_id=plan.id, kind=kind, ref=next_ref(kind, refs), **values)
    session.add(row)
    session.flush()
    recorder.add(row, verb=f"added {kind} {row.ref}")
    _link(recorder, row, linked)
    return row


def change_entry(
    session: Session, actor: Actor, now: datetime, plan_id: int, item_id: int, version: int, token: str, entry: Entry
) -> RaidItem:
    """Change an entry, close it or open it again. Raises Conflict where somebody else saved first."""
    plan, recorder = _begin(session, actor, now, plan_id, token)
    row = session.get(RaidItem, item_id, populate_existing=True)
    if row is None or row.plan_id != plan.id:
        raise NotFound("There is no such entry in the registers of this plan.")
    entry = replace(entry, raised_on=entry.raised_on or row.raised_on)
    typed = {name: getattr(entry, name) for name in LABELS if hasattr(entry, name)}
    check_version(row, version, typed, LABELS)
    rewrite_entry(recorder, row, entry)
    recorder.close()
    return row


def rewrite_entry(recorder: Recorder, row: RaidItem, entry: Entry) -> None:
    """Change, close or open an entry within an act that is under way. Raises Refusal, as `write_entry` does."""
    values = _checked(recorder.session, recorder, row.kind, entry)
    linked = _milestones(recorder.session, row.plan_id, entry.milestones)
    verb = "changed"
    if entry.closed and row.closed_on is None:
        if not clean(entry.outcome):
            raise Refusal(f"Say how the {row.kind} ended.", "outcome")
        values["closed_on"], verb = recorder.today, "closed"
    elif not entry.closed and row.closed_on is not None:
        values["closed_on"], verb = None, "opened again"
    recorder.change(row, f"{verb} {row.kind} {row.ref}", values)
    if _link(recorder, row, linked):
        flag_modified(row, "title")  # so that a form opened before this is not saved over the links


def _begin(session: Session, actor: Actor, now: datetime, plan_id: int, token: str) -> tuple[Plan, Recorder]:
    permit(actor, Act.KEEP_REGISTERS, plan_id)
    use_token(session, token, actor, now)
    lock_chain(session, plan_id)
    plan = session.get_one(Plan, plan_id)
    return plan, Recorder(session, plan, actor, now)


def _checked(session: Session, recorder: Recorder, kind: str, entry: Entry) -> dict[str, Any]:
    """Return the columns of an entry, or raise Refusal for the field that will not do."""
    if not clean(entry.title):
        raise Refusal(f"Enter what the {kind} is.", "title")
    raised = entry.raised_on or recorder.today
    if raised > recorder.today:
        raise Refusal("Enter a day that is today or earlier.", "raised_on")
    scores = (entry.likelihood, entry.severity) if kind == "risk" else (0, 0)
    if kind == "risk" and not all(1 <= points <= MOST for points in scores):
        raise Refusal("Select how likely it is and how bad it would be.", "likelihood" if not scores[0] else "severity")
    if kind == "decision" and not clean(entry.minute):
        raise Refusal("Enter where the decision is minuted.", "minute")
    if entry.owner is not None and session.get(Post, entry.owner) is None:
        raise Refusal("Select a post of the register of who answers.", "owner")
    return {
        "title": clean(entry.title),
        "description": clean(entry.description),
        "likelihood": scores[0],
        "severity": scores[1],
        "response": clean(entry.response),
        "owner_post_id": entry.owner,
        "raised_on": raised,
        "review_by": entry.review_by,
        "minute": clean(entry.minute),
        "outcome": clean(entry.outcome),
    }


def _milestones(session: Session, plan_id: int, words: str) -> dict[int, str]:
    """Return the milestones that somebody named: id to ref. Raises Refusal for a ref that the plan does not have."""
    ref = func.coalesce(Workstream.ref + ".", "") + Milestone.ref
    query = (
        select(Milestone.id, ref)
        .outerjoin(Workstream, Workstream.id == Milestone.workstream_id)
        .where(Milestone.plan_id == plan_id)
    )
    refs: dict[int, str] = {row[0]: row[1] for row in session.execute(query)}
    read = read_refs(words, {name.casefold(): key for key, name in refs.items()})
    if read.unknown:
        raise Refusal(
            f"There is no milestone {read.unknown[0]} in this plan. Enter numbers such as 1a.3, with commas between.",
            "milestones",
        )
    if len(read.known) > _MOST_LINKS:
        raise Refusal(f"Name at most {_MOST_LINKS} milestones.", "milestones")
    return {key: refs[key] for key in read.known}


def _link(recorder: Recorder, item: RaidItem, wanted: Mapping[int, str]) -> bool:
    """Let an entry bear on exactly these milestones; returns whether anything changed."""
    session = recorder.session
    rows = {row.milestone_id: row for row in session.scalars(select(RaidLink).where(RaidLink.raid_item_id == item.id))}
    changed = False
    for key, ref in wanted.items():
        row = rows.get(key)
        if row is None:
            row = RaidLink(plan_id=item.plan_id, raid_item_id=item.id, milestone_id=key)
            session.add(row)
            session.flush()
            recorder.add(row, verb=f"linked {item.ref} to {ref}")
            changed = True
        elif row.unlinked_on is not None:
            recorder.change(row, f"linked {item.ref} to {ref}", {"unlinked_on": None})
            changed = True
    for key, row in rows.items():
        if key not in wanted and row.unlinked_on is None:
            recorder.change(row, f"took away a link of {item.ref}", {"unlinked_on": recorder.today})
            changed = True
    return changed
