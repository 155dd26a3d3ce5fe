"""Packs and their preflight as lines of text and as plain data, for commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tracker.queries.packs import PackRow
from tracker.queries.plan_rows import PlanRow
from tracker.queries.preflight import Line, Preflight
from tracker.rules.dates import LONDON, london_day, show_day
from tracker.rules.preflight import TITLES, WHAT_TO_DO


def preflight_lines(plan: PlanRow, found: Preflight) -> Iterator[str]:
    """Yield the list as it is read: each check with its lines, and the verdict."""
    yield f"{plan.title}, as at {show_day(found.day)}; confirmations count from {show_day(found.window)} on."
    for check, title in TITLES.items():
        lines = found.of(check)
        if not lines:
            continue
        yield f"{title} ({len(lines)}). {WHAT_TO_DO[check]}"
        yield from (f"  {_said(line)}" for line in lines)
    left = len(found.open)
    waived = len(found.lines) - left
    done = f", {waived} waived" if waived else ""
    yield f"Verdict: {'READY' if not left else 'NOT READY'}. {left} to put right{done}."


def _said(line: Line) -> str:
    found = line.finding
    leads = "; ".join(lead.post for lead in found.leads) if found.subject.startswith("milestone") else ""
    after = [f"Lead: {leads}" if leads else ""]
    if line.waiver is not None:
        after.append(f"Waived on {show_day(line.waiver.on)}: {line.waiver.reason}")
    if line.chase is not None:
        after.append(f"Chased on {show_day(london_day(line.chase.chased_at))}: {line.chase.told}")
    return " | ".join(part for part in (found.about, found.sentence, *after) if part)


def preflight_data(plan: PlanRow, found: Preflight) -> dict[str, Any]:
    """Return the list as plain data."""
    return {
        "plan": plan.slug,
        "as_at": found.day.isoformat(),
        "confirmed_since": found.window.isoformat(),
        "ready": not found.open,
        "open": len(found.open),
        "checks": {check.value: number for check, _, number in found.counts()},
        "lines": [
            {
                "check": line.finding.check.value,
                "title": TITLES[line.finding.check],
                "subject": line.finding.subject,
                "about": line.finding.about,
                "sentence": line.finding.sentence,
                "what_to_do": WHAT_TO_DO[line.finding.check],
                "leads": [lead.post for lead in line.finding.leads],
                "waived": line.waiver.reason if line.waiver else None,
                "chased_on": london_day(line.chase.chased_at).isoformat() if line.chase else None,
            }
            for line in found.lines
        ],
    }


def packs_lines(found: Sequence[PackRow]) -> Iterator[str]:
    """Yield a line for each pack: its number in the database, what it is, and its fingerprint."""
    if not found:
        yield "No pack has been made."
    for row in found:
        board = f" for {row.board}" if row.board else ""
        meeting = f", meeting of {show_day(row.meeting)}" if row.meeting else ""
        issued = row.issued_at.astimezone(LONDON) if row.issued_at else None
        when = f" on {show_day(issued.date())}" if issued else ""
        yield f"{row.id}: {row.title}{board}{meeting}, as at {show_day(row.as_at)}; {row.state.value}{when}" + (
            f"; {row.fingerprint}" if row.fingerprint else ""
        )


def packs_data(plan: PlanRow, found: Sequence[PackRow]) -> dict[str, Any]:
    """Return the packs of a plan as plain data, the newest first."""
    return {
        "plan": plan.slug,
        "packs": [
            {
                "id": row.id,
                "board": row.board,
                "meeting": row.meeting.isoformat() if row.meeting else None,
                "meeting_id": row.meeting_id,
                "state": row.state.value,
                "as_at": row.as_at.isoformat(),
                "number": row.number,
                "version": row.edition,
                "fingerprint": row.fingerprint,
                "previous": row.previous,
                "correction": row.correction,
                "frozen_at": row.frozen_at.isoformat() if row.frozen_at else None,
                "issued_at": row.issued_at.isoformat() if row.issued_at else None,
                "issued_by": row.issued_by,
            }
            for row in found
        ],
    }
