"""Two plans with everybody who has to do with them, in the middle of their work: what tests of the web edge visit.

Milestones of the plan "alpha", workstream 1a, by what has happened to them:
1 nothing; 2 completion claimed with a link and a file; 3 a new date asked for; 4 colour overridden;
5 begun and on track since July; 6 without a date; 7 confirmed today by its lead; 8 signed off in May, and a check is
due since the end of August; 9 moved by a meeting's decision on a list.
The lead has uploaded two workbooks: one about 1, which waits, and one about 7, which is applied.
Version 2 of the plan was adopted in July 2025, with a new baseline for milestone 4.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Select, inspect, select, update
from sqlalchemy.orm import Session

from tests.factories import NOW
from tests.views.board_world import make_boards
from tests.views.imported import kept_import, kept_profile
from tests.views.uploads import upload_workbooks
from tests.views.world_parts import calendar, days_away, refused_message, told_webhook, update_link
from tests.views.world_plans import LEAD, OTHER_LEAD, alpha_document, beta_document
from tracker.models import (
    Action,
    Base,
    Commitment,
    DeadlineChange,
    Evidence,
    Holding,
    Measure,
    Membership,
    Milestone,
    Person,
    Post,
    Priority,
    RatingScheme,
    Reading,
)
from tracker.rules.permissions import SYSTEM, Actor, Role
from tracker.services.accounts import add_person
from tracker.services.attestation import attest
from tracker.services.commitments import RuleChoice, confirm_rule
from tracker.services.completion import Claim, claim_completion, decide_completion
from tracker.services.deadlines import DateRequest, Verdict, request_new_date
from tracker.services.evidence import NewEvidence
from tracker.services.links import add_predecessor
from tracker.services.measures import Heard, add_voice
from tracker.services.meetings import decide_list
from tracker.services.overrides import override_colour
from tracker.services.plan_writer import create_plan
from tracker.services.plans import edit_plan
from tracker.services.raid import Entry, add_entry
from tracker.services.review import Decision
from tracker.services.schemes import copy_scheme
from tracker.services.structure.adding import Added, add_item
from tracker.services.structure.items import Form
from tracker.services.structure.standing import Decision as StandingDecision
from tracker.services.structure.standing import decide_standing
from tracker.services.updates import Update, confirm_on_track, update_milestone
from tracker.services.versions import adopt

BEGUN = datetime(2025, 7, 10, 9, 0, tzinfo=UTC)
START = datetime(2025, 5, 28, 8, 0, tzinfo=UTC)
FILE = b"%PDF-1.7 minutes of the board"
STORED_NAME = "a" * 32
PASSWORD = "correct horse battery staple"
TABLE_OF_IMPORT = (
    "Ref,Priority,Milestone,Due date,Lead\nT1,Travel,Publish the travel policy,Dec 2026,Head of Transport\n"
)

PERSONAS = (
    "anonymous", "disabled", "expired", "lead", "other lead", "manager", "other manager", "board", "auditor",
    "administrator",
)  # fmt: skip
SECURITY_TABLES = {"security_event", "security_retention"}


@dataclass
class World:
    """Ids of what the tests act on; the same in every copy of the database."""

    alpha: int = 0
    beta: int = 0
    people: dict[str, int] = field(default_factory=dict)
    epochs: dict[str, int] = field(default_factory=dict)
    milestones: dict[str, int] = field(default_factory=dict)  # of 1a of alpha, by ref
    others: dict[str, int] = field(default_factory=dict)  # "1b" and "beta": one milestone each
    workstream: int = 0
    post: int = 0
    holding: int = 1  # of the lead, of that post: the first one
    spare: int = 0  # a post that leads nothing
    closed: int = 0
    change: int = 0
    meeting: str = ""  # the act of a decision on a list
    evidence: int = 0
    import_id: int = 0  # of a file for a new plan, with one question about a date
    profile: int = 0
    withdrawn: int = 0  # a record that the board has taken out
    confirmation: str = ""
    commitment: int = 0  # weekly, two of five windows attested by the lead
    finished: int = 0  # monthly, ended, and not signed off
    proposed: int = 0  # its frequency has two meanings; nobody has said which
    attestation: str = ""
    scheme: int = 0  # a copy of a rating scheme that no plan uses
    action: int = 0  # A of 1a, linked to nothing
    link: int = 0  # 1 waits for the milestone of 1b
    message: int = 0  # one that the mail server refused
    calendar: int = 0  # of what the lead leads
    webhook: int = 0  # of all plans, with one delivery that failed
    delivery: int = 0
    absence: int = 0  # days on which the lead is away
    boards: dict[str, int] = field(default_factory=dict)  # see tests/views/board_world.py
    risk: int = 0  # bears on 2
    measure: int = 0  # of the plan, with two figures
    reading: int = 0
    voice: int = 0  # beside the figures of that measure
    returned: int = 0  # a workbook that the lead uploaded, with an answer about 1, and has not applied
    applied: int = 0  # another one, with an answer about 7, that the lead has applied
    workbook: bytes = field(default=b"", repr=False)  # a workbook of the lead's as it came back, with an answer about 5


def make_world(session: Session) -> World:
    """Fill an empty, migrated database."""
    world = World()
    alpha = create_plan(session, alpha_document(), SYSTEM, START)
    beta = create_plan(session, beta_document(), SYSTEM, START)
    world.alpha, world.beta = alpha.plan_id, beta.plan_id
    actors = _people(session, world)
    for row in session.scalars(select(Milestone).where(Milestone.plan_id == world.alpha).order_by(Milestone.id)):
        if row.text.startswith("Deliverable"):
            world.milestones[row.ref] = row.id
            world.workstream = row.workstream_id or 0
        else:
            world.others["1b"] = row.id
    world.others["beta"] = session.scalars(select(Milestone.id).where(Milestone.plan_id == world.beta)).one()
    world.post = session.scalars(select(Post.id).where(Post.title == LEAD)).one()
    session.add(spare := Post(title="Clerk to the board", organisation_id=1))
    session.add(closed := Post(title="Adviser for a year", organisation_id=1, closed_on=date(2025, 6, 30)))
    session.flush()
    world.spare, world.closed = spare.id, closed.id
    _history(session, world, actors)
    world.boards = make_boards(session, world.alpha, actors["manager"], world.milestones)
    first = session.scalars(select(RatingScheme.id).where(RatingScheme.preset == "confidence-five")).one()
    world.scheme = copy_scheme(session, actors["administrator"], NOW, first, "copy-1", "Testshire ratings").id
    return world


def _people(session: Session, world: World) -> dict[str, Actor]:
    actors = {}

    def person(key: str, *, role: Role | None = None, plan: int = 0, post: str = "", password: str = "") -> None:
        made = add_person(
            session, f"The {key}", f"{key.replace(' ', '.')}@testshire.example", password, administrator=role is ADMIN
        )
        roles: dict[int, frozenset[Role]] = {}
        posts: frozenset[int] = frozenset()
        if post:
            post_id = session.scalars(select(Post.id).where(Post.title == post)).one()
            session.add(Holding(post_id=post_id, person_id=made.id, from_day=date(2025, 1, 1)))
            posts, roles = frozenset({post_id}), {world.alpha: frozenset({Role.LEAD})}
        elif role is not None and role is not ADMIN:
            session.add(Membership(plan_id=plan, person_id=made.id, role=role.value))
            roles = {plan: frozenset({role})}
        session.flush()
        world.people[key] = made.id
        world.epochs[key] = 0
        actors[key] = Actor(made.id, post or made.name, posts, roles, administrator=role is ADMIN)

    person("lead", post=LEAD)
    person("other lead", post=OTHER_LEAD)
    person("manager", role=Role.MANAGER, plan=world.alpha, password=PASSWORD)
    person("second manager", role=Role.MANAGER, plan=world.alpha)
    person("other manager", role=Role.MANAGER, plan=world.beta)
    person("board", role=Role.BOARD, plan=world.alpha)
    person("auditor", role=Role.AUDITOR, plan=world.alpha)
    person("administrator", role=ADMIN)
    person("disabled", role=Role.MANAGER, plan=world.alpha)
    person("expired", role=Role.MANAGER, plan=world.alpha)
    session.get_one(Person, world.people["disabled"]).disabled_at = BEGUN
    session.get_one(Person, world.people["expired"]).session_epoch = 1
    known = session.get_one(Person, world.people["manager"]).password_hash
    session.execute(update(Person).values(password_hash=known))
    session.flush()
    return actors


ADMIN = Role.ADMINISTRATOR


def _reviewed(session: Session, world: World, manager: Actor) -> None:
    """Adopt version 2, with a new baseline for one milestone only."""
    decision = Decision("2", BEGUN.date(), "SEND Partnership Board", BEGUN.date(), "4.1")
    left_out = {*world.milestones.values(), *world.others.values()} - {world.milestones["4"]}
    adopt(session, manager, BEGUN, world.alpha, "review-2", decision, left_out=left_out)


def _history(session: Session, world: World, actors: dict[str, Actor]) -> None:
    lead, manager = actors["lead"], actors["manager"]
    _reviewed(session, world, manager)
    versions = {ref: session.get_one(Milestone, key).version for ref, key in world.milestones.items()}
    on_track = Update("on_track", progress="The first school is done", started=date(2025, 7, 1))
    for ref in ("5", "7"):
        update_milestone(session, lead, BEGUN, world.milestones[ref], versions[ref], f"begun-{ref}", on_track)
    evidence = (
        NewEvidence("Minutes online", url="https://testshire.example/minutes"),
        NewEvidence("minutes.pdf", "", STORED_NAME, "application/pdf", len(FILE), hashlib.sha256(FILE).hexdigest()),
    )
    told = Claim(date(2025, 9, 1), "It is done", "Families wait less", evidence)
    claim_completion(session, lead, NOW, world.milestones["2"], versions["2"], "claim-2", told)
    asked = DateRequest("Dec 2025", "The supplier is late", "A second supplier", "procurement")
    request_new_date(session, lead, NOW, world.milestones["3"], versions["3"], "date-3", asked)
    override_colour(
        session,
        manager,
        NOW,
        world.milestones["4"],
        versions["4"],
        "override-4",
        colour="amber",
        until=date(2025, 12, 31),
        reason="The board is worried",
    )
    world.confirmation = confirm_on_track(session, lead, NOW, [world.milestones["7"]], "confirm-7")
    world.change = session.scalars(select(DeadlineChange.id)).one()
    _signed_off(session, world, lead, actors["second manager"])
    _decided_at_a_meeting(session, world, lead, actors["second manager"])
    world.evidence = session.scalars(select(Evidence.id).where(Evidence.stored_name != "")).one()
    world.import_id = kept_import(session, manager, TABLE_OF_IMPORT)
    world.profile = kept_profile(session, manager)
    priority = session.scalars(select(Priority.id).where(Priority.plan_id == world.alpha)).one()
    asked = Added("record", priority, "Families are heard", record_kind="good_looks_like")
    record, _ = add_item(session, manager, NOW, world.alpha, "record", asked)
    out = StandingDecision("withdrawn", "Board, 4.1", date(2025, 9, 9))
    form = Form(record.version, "record-out")
    decide_standing(session, manager, NOW, world.alpha, "record", record.id, form, out)
    world.withdrawn = record.id
    _recurring(session, world, lead)
    world.action = session.scalars(select(Action.id).where(Action.plan_id == world.alpha)).one()
    first = session.get_one(Milestone, world.milestones["1"])
    link = add_predecessor(
        session, manager, NOW, first.id, first.version, "wait-1", world.others["1b"], "Schools come first"
    )
    world.link = link.id
    world.message = refused_message(session)
    update_link(session, world.people["lead"])
    world.calendar = calendar(session, world.people["lead"])
    world.webhook, world.delivery = told_webhook(session)
    world.absence = days_away(session, world.people["lead"])
    entry = Entry("The supplier may fail", likelihood=3, severity=4, response="A second one", milestones="1a.2")
    world.risk = add_entry(session, manager, NOW, world.alpha, "risk-1", "risk", entry).id
    world.measure = session.scalars(select(Measure.id).where(Measure.plan_id == world.alpha)).one()
    world.reading = session.scalars(select(Reading.id).where(Reading.plan_id == world.alpha)).one()
    heard = Heard("Parent carers", "Nobody rings back.", "The forum", date(2025, 9, 2))
    world.voice = add_voice(session, manager, NOW, world.alpha, world.measure, "voice-1", heard).id
    upload_workbooks(session, world, lead)


def _recurring(session: Session, world: World, lead: Actor) -> None:
    keys = session.scalars(select(Commitment.id).where(Commitment.plan_id == world.alpha).order_by(Commitment.id)).all()
    world.commitment, world.finished, world.proposed = keys
    weekly = RuleChoice("weekly", date(2025, 8, 6))
    monthly = RuleChoice("monthly", date(2025, 7, 1), date(2025, 8, 31))
    confirm_rule(session, lead, NOW, world.commitment, "rule-8", weekly)
    confirm_rule(session, lead, NOW, world.finished, "rule-9", monthly)
    weeks, months = [date(2025, 8, 12), date(2025, 8, 19)], [date(2025, 7, 31), date(2025, 8, 31)]
    world.attestation = attest(session, lead, NOW, world.commitment, "attest-8", weeks, {})
    attest(session, lead, NOW, world.finished, "attest-9", months, {})


def _signed_off(session: Session, world: World, lead: Actor, manager: Actor) -> None:
    """Sign a completion off in May in a plan that checks after three months."""
    key = world.milestones["8"]
    edit_plan(session, manager, START, world.alpha, {"check_months": 3}, "The board asked")
    link = (NewEvidence("The contract", url="https://testshire.example/contract"),)
    told = Claim(date(2025, 5, 28), "It is done", "", link)
    version = session.get_one(Milestone, key).version
    claim_completion(session, lead, START, key, version, "claim-8", told)
    version = session.get_one(Milestone, key).version
    decide_completion(session, manager, START + timedelta(days=2), key, version, "decide-8", approve=True, note="")


def _decided_at_a_meeting(session: Session, world: World, lead: Actor, manager: Actor) -> None:
    key = world.milestones["9"]
    asked = DateRequest("Dec 2025", "A key post is vacant", "It is filled from October", "capacity")
    change = request_new_date(session, lead, NOW, key, session.get_one(Milestone, key).version, "date-9", asked)
    verdict = Verdict(True, minute="4.1", meeting_on=date(2025, 9, 9))
    seen = {change.id: session.get_one(Milestone, key).version}
    world.meeting = decide_list(session, manager, NOW, world.alpha, seen, "meeting-9", verdict)


def keep_the_file(data_dir: Path) -> None:
    """Put the file of evidence where the application looks for it."""
    folder = data_dir / "evidence"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / STORED_NAME).write_bytes(FILE)


@cache
def _everything() -> list[tuple[str, Select[Any]]]:
    """Return what reads each table, made once: making it takes longer than reading."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in SECURITY_TABLES]
    return [(table.name, select(table).order_by(*table.primary_key.columns)) for table in tables]


def contents(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Return everything that stands in the database, by table, without the security log."""
    there = set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        return {
            name: [tuple(map(repr, row)) for row in connection.execute(rows)]
            for name, rows in _everything()
            if name in there
        }
