"""Packs: those of a plan, what one holds, and which issued pack a day is compared with."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from tracker.models import Board, Meeting, Pack, PackChase, PackCommentary, PackContent, PackWaiver, Plan
from tracker.queries.rows import Earlier, EarlierPriority, EarlierWorkstream
from tracker.rules.colour import Colour
from tracker.rules.pack_file import pack_words
from tracker.rules.pack_states import PackState
from tracker.rules.rollup import Counts, Headline


@dataclass(frozen=True, slots=True)
class PackRow:
    """A pack without its content."""

    id: int
    plan_id: int
    slug: str
    plan: str
    board_id: int | None
    board: str
    meeting_id: int | None
    meeting: date | None
    state: PackState
    as_at: date
    number: int
    edition: int
    purpose: str
    recommendations: tuple[str, ...]
    author: str
    senior_officer: str
    assurance: str
    considered_by: tuple[str, ...]
    corrects_id: int | None
    correction: str
    fingerprint: str
    previous: str
    made_on: date
    made_by: str
    frozen_at: datetime | None
    frozen_by: str
    issued_at: datetime | None
    issued_by: str
    version: int

    @property
    def words(self) -> str:
        """Return what people call it: "pack 3", "pack 3, version 2"; a draft has no number yet."""
        return pack_words(self.number, self.edition) if self.number else "draft pack"

    @property
    def title(self) -> str:
        """Return the same at the beginning of a line."""
        return self.words[:1].upper() + self.words[1:]


@dataclass(frozen=True, slots=True)
class Compared:
    """An issued pack as something to compare with: what it said, from its own frozen facts."""

    pack: PackRow
    facts: Mapping[str, Any]

    @property
    def day(self) -> date:
        """Return the day that its data are as at."""
        return self.pack.as_at

    @property
    def earlier(self) -> Earlier:
        """Return its colours."""
        return earlier_of(self.facts, self.pack)


_NAMES = (
    "id", "plan_id", "board_id", "meeting_id", "as_at", "number", "edition", "purpose", "author", "senior_officer",
    "assurance", "corrects_id", "correction", "fingerprint", "previous", "made_on", "made_by", "frozen_at", "frozen_by",
    "issued_at", "issued_by", "version",
)  # fmt: skip


def _query() -> Select[Pack, str, str, str, date]:
    return (
        select(Pack, Plan.slug, Plan.title, Board.name, Meeting.day)
        .join(Plan, Plan.id == Pack.plan_id)
        .outerjoin(Board, Board.id == Pack.board_id)
        .outerjoin(Meeting, Meeting.id == Pack.meeting_id)
    )


def _row(pack: Pack, slug: str, plan: str, board: str | None, meeting: date | None) -> PackRow:
    return PackRow(
        **{name: getattr(pack, name) for name in _NAMES},
        slug=slug,
        plan=plan,
        board=board or "",
        meeting=meeting,
        state=PackState(pack.state),
        recommendations=tuple(pack.recommendations),
        considered_by=tuple(pack.considered_by),
    )


def find_pack(session: Session, pack_id: int) -> PackRow | None:
    """Return a pack, None if there is none. One statement."""
    found = session.execute(_query().where(Pack.id == pack_id)).first()
    return None if found is None else _row(*found)


def packs_of(session: Session, plan_id: int, *, issued_only: bool = False) -> list[PackRow]:
    """Return the packs of a plan: what is under way first, then issued ones, the newest first. One statement."""
    query = _query().where(Pack.plan_id == plan_id)
    if issued_only:
        query = query.where(Pack.state == PackState.ISSUED.value)
    open_first = case((Pack.state.in_([PackState.DRAFT.value, PackState.FROZEN.value]), 0), else_=1)
    query = query.order_by(open_first, Pack.as_at.desc(), Pack.number.desc(), Pack.edition.desc(), Pack.id.desc())
    return [_row(*found) for found in session.execute(query)]


def packs_of_meeting(session: Session, meeting_id: int) -> list[PackRow]:
    """Return the packs of a meeting but those set aside, the newest first. One statement."""
    query = _query().where(Pack.meeting_id == meeting_id, Pack.state != PackState.SET_ASIDE.value)
    return [_row(*found) for found in session.execute(query.order_by(Pack.id.desc()))]


def canonical_text(session: Session, pack_id: int) -> str | None:
    """Return the canonical JSON of a frozen pack as it is stored, None for a draft. One statement."""
    return session.scalar(select(PackContent.canonical).where(PackContent.pack_id == pack_id))


def canonical_texts(session: Session, pack_ids: Collection[int]) -> dict[int, str]:
    """Return the canonical JSON of some frozen packs. One statement."""
    query = select(PackContent.pack_id, PackContent.canonical).where(PackContent.pack_id.in_(list(pack_ids)))
    return dict(session.execute(query).all())


def last_issued(session: Session, plan_id: int, board_id: int | None) -> PackRow | None:
    """Return the pack that was issued last, of a plan and board: the end of its chain. One statement."""
    query = _query().where(
        Pack.plan_id == plan_id,
        Pack.board_id.is_(None) if board_id is None else Pack.board_id == board_id,
        Pack.state == PackState.ISSUED.value,
    )
    found = session.execute(query.order_by(Pack.number.desc(), Pack.edition.desc()).limit(1)).first()
    return None if found is None else _row(*found)


def last_packs(
    session: Session,
    plan_id: int,
    before: date,
    board_id: int | None = None,
    count: int = 2,
    number_below: int | None = None,
) -> list[Compared]:
    """Return the last issued packs whose data are of a day before `before`, with their facts, the newest first.

    They are of one board: the one given, otherwise that of the newest. Of corrections the last counts. `number_below`
    leaves out a pack that is being corrected, with everything after it. One statement.
    """
    there = [Pack.plan_id == plan_id, Pack.state == PackState.ISSUED.value, Pack.as_at < before]
    if number_below is not None:
        there.append(Pack.number < number_below)
    newest = select(Pack.board_id).where(*there).order_by(Pack.as_at.desc(), Pack.id.desc()).limit(1).scalar_subquery()
    board = func.coalesce(newest, 0) if board_id is None else board_id
    place = func.row_number().over(partition_by=Pack.number, order_by=Pack.edition.desc())
    last = select(Pack.id, place.label("place")).where(*there, func.coalesce(Pack.board_id, 0) == board).subquery()
    query = (
        _query()
        .add_columns(PackContent.canonical)
        .join(PackContent, PackContent.pack_id == Pack.id)
        .join(last, last.c.id == Pack.id)
        .where(last.c.place == 1)
        .order_by(Pack.number.desc())
        .limit(count)
    )
    return [Compared(_row(*found[:-1]), json.loads(found[-1])["facts"]) for found in session.execute(query)]


def next_edition(session: Session, plan_id: int, board_id: int | None, number: int) -> int:
    """Return the version that a pack of a number is given: one more than was ever frozen. One statement."""
    query = select(func.max(Pack.edition)).where(
        Pack.plan_id == plan_id,
        Pack.board_id.is_(None) if board_id is None else Pack.board_id == board_id,
        Pack.number == number,
    )
    return (session.scalar(query) or 0) + 1


def earlier_of(facts: Mapping[str, Any], pack: PackRow) -> Earlier:
    """Return the colours that a frozen pack holds."""
    return Earlier(
        day=date.fromisoformat(facts["day"]),
        headline=_headline(facts["headline"]),
        priorities=tuple(
            EarlierPriority(
                one["id"],
                _headline(one["headline"]),
                tuple(EarlierWorkstream(row["id"], Colour(row["colour"])) for row in one["workstreams"]),
            )
            for one in facts["priorities"]
        ),
        colours={one["id"]: Colour(one["colour"]) for one in facts["milestones"]},
        pack=pack.words,
        taken_at=pack.frozen_at,
    )


def _headline(data: Mapping[str, Any]) -> Headline:
    return Headline(Colour(data["colour"]), data["reason"], Counts(**data["counts"]), data["rule"])


@dataclass(frozen=True, slots=True)
class WaiverRow:
    """A line of the preflight that was waived."""

    id: int
    check: str
    subject: str
    about: str
    reason: str
    on: date
    by: str

    @property
    def key(self) -> tuple[str, str]:
        """Return what line it is about."""
        return (self.check, self.subject)


def waivers_of(session: Session, pack_id: int) -> list[WaiverRow]:
    """Return the waivers of a pack that stand. One statement."""
    query = select(PackWaiver).where(PackWaiver.pack_id == pack_id, PackWaiver.withdrawn_on.is_(None))
    return [
        WaiverRow(row.id, row.check, row.subject, row.about, row.reason, row.made_on, row.made_by)
        for row in session.scalars(query.order_by(PackWaiver.id))
    ]


@dataclass(frozen=True, slots=True)
class CommentaryRow:
    """What a manager wrote about a part of the plan for a pack."""

    text: str
    accepted: bool
    by: str
    version: int


def commentary_of(session: Session, pack_id: int) -> dict[str, CommentaryRow]:
    """Return what was written for a pack by part ("plan", "priority.3"). One statement."""
    query = select(PackCommentary).where(PackCommentary.pack_id == pack_id).order_by(PackCommentary.id)
    return {
        row.part: CommentaryRow(row.text, row.accepted, row.written_by, row.version) for row in session.scalars(query)
    }


def chases_of(session: Session, pack_id: int) -> dict[tuple[str, str], PackChase]:
    """Return the last message about each line of a pack's preflight. One statement."""
    query = select(PackChase).where(PackChase.pack_id == pack_id).order_by(PackChase.chased_at, PackChase.id)
    return {(row.check, row.subject): row for row in session.scalars(query)}
