"""What an act that is flushed and not yet committed does: its entries in sentences, and colours before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import ColourSpan, LedgerEntry, Milestone
from tracker.queries.history import act_history
from tracker.queries.plans import headline_items, on
from tracker.queries.rows import HistoryRow
from tracker.rules.colour import Colour
from tracker.rules.rollup import Headline, headline
from tracker.rules.scheme import Thresholds


@dataclass(frozen=True, slots=True)
class Before:
    """The colours of a plan before an act."""

    colours: Mapping[int, Colour]
    headline: Headline


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One thing that an act touches; colours only for a milestone."""

    entry: HistoryRow
    before: Colour | None
    after: Colour | None

    @property
    def sentence(self) -> str:
        """Return what is recorded, without who does it."""
        words = self.entry.sentence.removeprefix(f"{self.entry.actor} ")
        return f"{words[:1].upper()}{words[1:]}"


@dataclass(frozen=True, slots=True)
class ActPreview:
    """Everything that an act does. `shifted` are things that only make room for another one."""

    lines: tuple[PreviewLine, ...]
    shifted: int
    before: Headline
    after: Headline


def before_act(session: Session, plan_id: int, day: date, scheme: Thresholds) -> Before:
    """Return the colours that an act is compared with."""
    return Before(_colours(session, plan_id, day), _headline(session, plan_id, day, scheme))


def preview_act(session: Session, plan_id: int, act: str, was: Before, day: date, scheme: Thresholds) -> ActPreview:
    """Return what an act does, from its ledger entries."""
    after = _colours(session, plan_id, day)
    query = select(LedgerEntry.seq, LedgerEntry.subject_type, LedgerEntry.subject_id, LedgerEntry.changes)
    read = session.execute(query.where(LedgerEntry.plan_id == plan_id, LedgerEntry.act == act)).all()
    subjects = {row.seq: (row.subject_type, row.subject_id, set(row.changes)) for row in read}
    lines = []
    shifted = 0
    for entry in act_history(session, plan_id, act):
        kind, key, fields = subjects[entry.seq]
        if fields == {"position"}:
            shifted += 1
            continue
        mine = kind == Milestone.__tablename__
        lines.append(PreviewLine(entry, was.colours.get(key) if mine else None, after.get(key) if mine else None))
    return ActPreview(tuple(lines), shifted, was.headline, _headline(session, plan_id, day, scheme))


def _colours(session: Session, plan_id: int, day: date) -> dict[int, Colour]:
    query = select(ColourSpan.milestone_id, ColourSpan.colour).where(ColourSpan.plan_id == plan_id, *on(day))
    return {key: Colour(colour) for key, colour in session.execute(query)}


def _headline(session: Session, plan_id: int, day: date, scheme: Thresholds) -> Headline:
    return headline(headline_items(session, [plan_id], day)[plan_id], day, scheme)
