"""Compare a returned workbook with what stands: cell by cell what went out, what came back, and what is there now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Evidence, LedgerEntry, Milestone, Plan
from tracker.rules.dates import Precision, london_day, parse_day, read_period, show_day
from tracker.rules.errors import Refusal
from tracker.rules.text import clean, too_long
from tracker.rules.workbook import (
    BY_KEY,
    DONE,
    FIELDS,
    NO_CHANGE,
    STATES,
    comparable,
    is_tick,
    shown,
    state_of,
    values_of,
)
from tracker.rules.workbook_keys import RowKey, Trouble, fingerprint, read_key
from tracker.rules.workbook_return import CellResult, Outcome, Remark, Result, Returned, ReturnedRow, RowResult, agree

Choices = Mapping[tuple[int, str], str]
"""By milestone and column, the `seen` of a conflict in which a person takes what the workbook says."""
_ROOM = 32_000  # characters of a text that a cell holds for certain, whatever its letters
_MIXED_UP = (
    "The hidden key of this row is of another milestone than the row says ({ref}), as when only some columns are "
    "sorted. Nothing of it was applied. Download a new workbook and copy the answers into it."
)
_COPIED = "This row stands more than once with different answers ({places}), so neither was applied."
_UNREAD = "The cell holds a formula that ends in an error or was never calculated. Type the answer itself."


@dataclass(frozen=True, slots=True)
class Since:
    """One entry of the ledger after the workbook went out."""

    seq: int
    actor: str
    day: date
    changes: Mapping[str, Any]


@dataclass(slots=True)
class Pair:
    """A row of the workbook with the milestone that it is of, as it stands, and what is to be applied."""

    result: RowResult
    key: RowKey
    milestone: Milestone
    now: dict[str, str]
    links: frozenset[str]
    since: Sequence[Since]
    wanted: dict[str, str] = field(default_factory=dict)


def compare(
    session: Session, plan: Plan, returned: Returned, secret: bytes, choices: Choices, today: date
) -> tuple[Result, list[Pair]]:
    """Return what becomes of each row as far as it can be told without applying it, and the rows to apply.

    Raises Refusal for a workbook of another tracker or of another plan. Three statements.
    """
    keys = {row.place: read_key(secret, row.key) for row in returned.rows}
    result = Result(lead=returned.about.get("lead", ""), remarks=list(returned.remarks))
    _refuse_strangers(plan, returned, list(keys.values()))
    mine = {place: key for place, key in keys.items() if isinstance(key, RowKey) and key.plan_id == plan.id}
    if mine:
        result.made = show_day(london_day(max(key.made for key in mine.values())))
    there = _Standing.load(session, plan.id, list(mine.values()))
    copies: dict[int, list[ReturnedRow]] = defaultdict(list)
    for row in returned.rows:
        if row.place in mine:
            copies[mine[row.place].milestone_id].append(row)
    pairs = []
    for row in returned.rows:
        found = keys[row.place]
        if isinstance(found, Trouble):
            result.rows.append(_refused(row, 0, found.value))
        elif row.place not in mine:
            result.rows.append(_refused(row, 0, "This row is of another plan. Upload the workbook of that plan there."))
        else:
            pair = _pair(row, found, copies[found.milestone_id], there, secret)
            if isinstance(pair, Pair):
                _cells(pair, row, secret, choices, today)
                pairs.append(pair)
            result.rows += [pair.result if isinstance(pair, Pair) else pair] if pair else []
    result.remarks += _gone(returned, mine)
    return result, pairs


def _refuse_strangers(plan: Plan, returned: Returned, keys: Sequence[RowKey | Trouble]) -> None:
    """Raise Refusal where no row can be of this plan, with the sentence that fits."""
    slug = returned.about.get("plan", "")
    other = f"“{returned.about.get('plan_title') or slug or 'another one'}”"
    wrong = Refusal(f"This workbook is of another plan, {other}, and not of “{plan.title}”. Upload it there.")
    if not keys:
        if slug and slug != plan.slug:
            raise wrong
        return
    good = [key for key in keys if isinstance(key, RowKey)]
    if not good:
        troubles = {key for key in keys if isinstance(key, Trouble)}
        if troubles == {Trouble.BROKEN}:
            raise Refusal(
                "This workbook was made by another tracker, or its hidden keys were changed, so nobody can say which "
                "milestone a row is of. Download a new workbook here and copy the answers into it."
            )
        raise Refusal(troubles.pop().value if len(troubles) == 1 else Trouble.OLDER.value)
    if all(key.plan_id != plan.id for key in good):
        raise wrong


@dataclass(slots=True)
class _Standing:
    """What stands of the milestones of a workbook, and what happened to them since it went out."""

    milestones: dict[int, Milestone]
    links: dict[int, frozenset[str]]
    since: dict[int, list[Since]]

    @classmethod
    def load(cls, session: Session, plan_id: int, keys: Sequence[RowKey]) -> _Standing:
        """Read them. Three statements."""
        ids = sorted({key.milestone_id for key in keys})
        first = min((key.seq for key in keys), default=0)
        wanted = select(Milestone).where(Milestone.plan_id == plan_id, Milestone.id.in_(ids))
        found = session.scalars(wanted.execution_options(populate_existing=True))
        links: dict[int, set[str]] = defaultdict(set)
        query = select(Evidence.milestone_id, Evidence.url).where(
            Evidence.milestone_id.in_(ids), Evidence.withdrawn.is_(False)
        )
        for milestone_id, url in session.execute(query):
            links[milestone_id].add(comparable(url))
        since: dict[int, list[Since]] = defaultdict(list)
        entries = select(
            LedgerEntry.subject_id, LedgerEntry.seq, LedgerEntry.actor, LedgerEntry.effective_day, LedgerEntry.changes
        ).where(
            LedgerEntry.plan_id == plan_id,
            LedgerEntry.seq > first,
            LedgerEntry.subject_type == Milestone.__tablename__,
            LedgerEntry.subject_id.in_(ids),
        )
        for milestone_id, *values in session.execute(entries.order_by(LedgerEntry.seq)):
            since[milestone_id].append(Since(*values))
        return cls({row.id: row for row in found}, {key: frozenset(urls) for key, urls in links.items()}, dict(since))


def _pair(
    row: ReturnedRow, key: RowKey, copies: list[ReturnedRow], there: _Standing, secret: bytes
) -> Pair | RowResult | None:
    """Return the row with its milestone, a refusal of it, or None for a copy that says the same as the first."""
    milestone = there.milestones.get(key.milestone_id)
    if milestone is None:
        return _refused(row, key.milestone_id, "This milestone is not in the plan any more.")
    if row.ref and not key.is_of(secret, row.ref):
        return _refused(row, key.milestone_id, _MIXED_UP.format(ref=row.ref))
    if len(copies) > 1:
        if not agree(copies):
            places = " and ".join(copy.place for copy in copies)
            found = _refused(row, key.milestone_id, _COPIED.format(places=places))
            found.cells = [cell for cell in found.cells if not key.unchanged(secret, cell.key, cell.typed)]
            found.text = milestone.text
            return found
        if row is not copies[0]:
            return None
    result = RowResult(row.place, milestone.id, row.ref, milestone.text)
    if len(copies) > 1:
        result.notes.append(f"This row stands {len(copies)} times with the same answers; it counts once.")
    since = [entry for entry in there.since.get(milestone.id, []) if entry.seq > key.seq]
    pair = Pair(result, key, milestone, values_of(milestone), there.links.get(milestone.id, frozenset()), since)
    _note_locked(pair, row)
    return pair


def _note_locked(pair: Pair, row: ReturnedRow) -> None:
    """Say where somebody unlocked the sheet and changed what is not changed in a workbook."""
    touched = {name for entry in pair.since for name in entry.changes}
    text, due = row.locked.get("text", ""), row.locked.get("due", "")
    if text and "text" not in touched and comparable(text) != comparable(pair.milestone.text):
        pair.result.notes.append("The text of the milestone was changed in the file. It was not taken over.")
    stands = comparable(pair.milestone.due_text or "No date")
    if due and not touched & {"due", "due_text"} and not comparable(due).startswith(stands):
        pair.result.notes.append(
            f"The file says that it is due “{due}”. A deadline moves only by asking for a new date, so this was not "
            "taken over."
        )


def _cells(pair: Pair, row: ReturnedRow, secret: bytes, choices: Choices, today: date) -> None:
    """Say of each cell whether it is unchanged, to be applied, in conflict or refused."""
    for each in FIELDS:
        if each.key not in row.typed:
            continue
        typed = row.typed[each.key]
        cell = CellResult(each.key, Outcome.UNCHANGED, now=pair.now[each.key], typed=typed)
        pair.result.cells.append(cell)
        if each.key in row.unread:
            cell.outcome, cell.why = Outcome.REFUSED, _UNREAD
            continue
        if pair.key.unchanged(secret, each.key, typed):
            continue
        cell.sent = _sent(pair, cell, secret)
        try:
            value = _value(each.key, typed, pair.now[each.key])
        except Refusal as refusal:
            cell.outcome, cell.why = Outcome.REFUSED, refusal.sentence
            continue
        cell.why = _needless(pair, each.key, value, today)
        if cell.why:
            continue
        cell.typed = value
        why = _changed_since(pair, each.key, secret, value)
        if why:
            cell.seen = fingerprint(secret, pair.milestone.id, f"{each.key} now", pair.now[each.key])
            cell.settled = choices.get((pair.milestone.id, each.key)) == cell.seen
            if not cell.settled:
                cell.outcome, cell.why = Outcome.CONFLICT, why
                continue
        pair.wanted[each.key] = value


def _value(key: str, typed: str, now: str) -> str:
    """Return what a cell means, in the words in which it is stored. Raises Refusal with what to do."""
    text = clean(typed)
    if too_long(text):
        raise Refusal(f"Enter 32,767 characters or fewer in “{BY_KEY[key].title}”.")
    if len(now) > _ROOM:
        raise Refusal("The text that stands is longer than a cell holds. Change it in the tracker.")
    if key == "state":
        state = state_of(text)
        if not text:
            raise Refusal("Choose how it is going; this cannot be left empty once it is said.")
        if state is None:
            raise Refusal(f"Choose one of: {', '.join(STATES.values())}. “{text[:60]}” is not on the list.")
        return STATES[state]
    if key == "no_change":
        if not is_tick(text):
            raise Refusal(f"Choose “{NO_CHANGE}” or leave the cell empty.")
        return NO_CHANGE
    if key == "progress" and not text:
        raise Refusal("What has been done cannot be emptied. The text that stands is kept.")
    if key == "completed" and text:
        return show_day(_day(text))
    return text


def _day(text: str) -> date:
    period = read_period(text)
    if period.precision is Precision.DAY and period.end is not None:
        return period.end
    return parse_day(text)


def _needless(pair: Pair, key: str, value: str, today: date) -> str:
    """Return why what was typed changes nothing, "" if it would."""
    if key == "no_change":
        if any("updated_on" in entry.changes for entry in pair.since):
            last = next(entry for entry in reversed(pair.since) if "updated_on" in entry.changes)
            return f"{last.actor} updated it on {show_day(last.day)}, after the workbook went out."
        return "It was updated today already." if pair.milestone.updated_on == today else ""
    if key == "evidence":
        return "This evidence is there already." if comparable(value) in pair.links else ""
    return "It is so already." if comparable(value) == comparable(pair.now[key]) else ""


def _changed_since(pair: Pair, key: str, secret: bytes, value: str) -> str:
    """Return who changed the same answer since the workbook went out, "" if nobody did."""
    column = BY_KEY[key].column
    entries = [entry for entry in pair.since if column in entry.changes]
    if key == "state" and value == STATES[DONE]:  # claimed and returned meanwhile: the same words, and not the same
        entries += [entry for entry in pair.since if "signoff" in entry.changes]
        changed = bool(entries)
    else:
        changed = not pair.key.unchanged(secret, key, pair.now[key])
    if not changed:
        return ""
    if not entries:
        return "It was changed since the workbook went out."
    last = max(entries, key=lambda entry: entry.seq)
    return f"{last.actor} changed it on {show_day(last.day)}, after the workbook went out."


def _sent(pair: Pair, cell: CellResult, secret: bytes) -> str:
    """Return what went out in a cell: what stands, or what stood before the first change since."""
    if pair.key.unchanged(secret, cell.key, cell.now):
        return cell.now
    column = BY_KEY[cell.key].column
    for entry in pair.since:
        if column in entry.changes:
            before = shown(cell.key, str(entry.changes[column][0] or ""))
            return before if pair.key.unchanged(secret, cell.key, before) else ""
    return ""


def _refused(row: ReturnedRow, milestone_id: int, why: str) -> RowResult:
    """Refuse a whole row: what was typed in it is shown."""
    cells = [
        CellResult(key, Outcome.REFUSED, typed=text, why=why) for key, text in row.typed.items() if comparable(text)
    ]
    return RowResult(row.place, milestone_id, row.ref, row.locked.get("text", ""), cells, [why])


def _gone(returned: Returned, mine: Mapping[str, RowKey]) -> list[Remark]:
    """Say which rows and columns that went out did not come back."""
    remarks = []
    there = {key.milestone_id for key in mine.values()}
    gone = [ref for milestone_id, ref in returned.sent.items() if milestone_id not in there]
    if gone:
        said = f"{', '.join(gone[:20])}{f' and {len(gone) - 20} more' if len(gone) > 20 else ''}"
        remarks.append(Remark("The file", f"Rows that are not in it any more: {said}. Nothing changes for them."))
    elif not returned.sent and mine:
        short = max(key.count for key in mine.values()) - len(there)
        if short > 0:
            what = f"{short} row{'s' if short > 1 else ''} of those that went out did not come back."
            remarks.append(Remark("The file", f"{what} Nothing changes for them."))
    if returned.missing:
        titles = ", ".join(f"“{title}”" for title in returned.missing)
        remarks.append(Remark("The file", f"Columns that are not in it any more: {titles}. Nothing changes for them."))
    return remarks
