"""A board of the plan alpha in the middle of its year, for tests of the web edge, and valid requests about it.

Its meetings: 9 September (a pack is issued for it), 16 September (one is frozen), 7 October (one is a draft, with a
line that is waived), 4 November (nothing yet). A second board has no plan.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY
from tracker.exports.packs import compose
from tracker.queries.minutes import asked_of
from tracker.queries.packs import find_pack
from tracker.rules.permissions import Actor
from tracker.services import board_meetings, boards, matters, minutes, pack_checks, pack_freezing, packs

MEETINGS = {"held": date(2025, 9, 9), "near": date(2025, 9, 16), "next": date(2025, 10, 7), "later": date(2025, 11, 4)}
OPENED_FIRST = {f"/packs/<int:pack_id>/{act}" for act in ("edit", "freeze", "issue", "set-aside")} | {
    "/boards/<int:board_id>/edit",
    "/meetings/<int:meeting_id>/edit",
    "/meetings/<int:meeting_id>/cancel",
    "/packs/<int:pack_id>/minutes/new",
    "/packs/<int:pack_id>/actions/<int:action_id>",
}
"""Routes whose form holds the version of what is stored."""


def make_boards(session: Session, plan_id: int, actor: Actor, milestones: dict[str, int]) -> dict[str, int]:
    """Make the boards, meetings and packs; returns their ids by name."""
    values = {"name": "SEND Partnership Board", "cycle": "monthly", "anchor": date(2025, 9, 2)}
    board = boards.add_board(session, actor, NOW, "board-1", values)
    other = boards.add_board(session, actor, NOW, "board-2", {"name": "Cabinet"})
    boards.report_to(session, actor, NOW, board.id, plan_id, "board-3")
    member = boards.add_member(session, actor, NOW, board.id, "board-4", represents="parents and carers")
    closure = boards.add_closure(session, actor, NOW, "board-5", date(2025, 12, 24), "Christmas closure")
    former = boards.add_member(session, actor, NOW, board.id, "board-6", represents="schools")
    boards.end_member(session, actor, NOW, board.id, former.id, "board-7")
    gone = boards.add_closure(session, actor, NOW, "board-8", date(2025, 12, 31), "Inventory")
    boards.remove_closure(session, actor, NOW, "board-9", gone.id)
    found = {
        "board": board.id,
        "other": other.id,
        "member": member.id,
        "closure": closure.id,
        "former": former.id,
        "gone": gone.id,
    }
    for name, day in MEETINGS.items():
        found[name] = board_meetings.add_meeting(session, actor, NOW, board.id, f"meeting-{name}", {"day": day}).id

    asked = matters.put_to_board(session, actor, NOW, milestones["1"], "matter-1", "suspension", "Schools are closing")
    found["matter"] = asked.id

    def pack(name: str, meeting: str, *acts: str) -> None:
        made = packs.draft(session, actor, NOW, plan_id, f"{name}-1", meeting_id=found[meeting], as_at=TODAY)
        if "freeze" in acts:
            pack_freezing.freeze(session, actor, NOW, made.id, made.version, f"{name}-2", compose)
        if "issue" in acts:
            pack_freezing.issue(session, actor, NOW, made.id, made.version, f"{name}-3")
        found[name] = made.id

    pack("issued", "held", "freeze", "issue")
    pack("frozen", "near", "freeze")
    pack("draft", "next")
    subject = f"milestone:{milestones['1']}"
    waiver = pack_checks.waive(session, actor, NOW, found["draft"], "waive-1", "amber", subject, "It begins in May")
    due = {"text": "Bring a firmer plan", "owner": "Head of SEND", "due": date(2025, 10, 7)}
    action = minutes.add_action(session, actor, NOW, found["issued"], "action-1", due)
    found["minute"] = minutes.minute_words(
        session, actor, NOW, found["issued"], "minute-1", "Thank the schools", "2.1"
    ).id
    row = find_pack(session, found["issued"])
    assert row is not None
    asked = next(one for one in asked_of(session, row) if one.kind == "date")
    found |= {"asked": asked.key, "asked_version": asked.version}
    return found | {"action": action.id, "waiver": waiver.id, "undated": milestones["6"]}


def named(known: dict[str, int], route: str) -> dict[str, Any]:
    """Return what stands in an address of a route about boards, meetings and packs."""
    last = route.rsplit("/", 1)[-1]
    meeting = {"edit": "later", "cancel": "later"}.get(last, "held")
    pack = {"issue": "frozen", "correct": "issued", "verify": "issued", "<int:pack_id>": "issued"}.get(last, "draft")
    return {
        "board_id": known["other"] if route == "/boards/<int:board_id>/plans" else known["board"],
        "member_id": known["former" if last == "restore" else "member"],
        "closure_id": known["gone" if last == "restore" else "closure"],
        "meeting_id": known[meeting],
        "pack_id": known["issued"]
        if last.startswith("pack.") or "/minutes" in route or "/actions/" in route
        else known[pack],
        "part": "plan",
        "matter_id": known["matter"],
        "minute_id": known["minute"],
        "waiver_id": known["waiver"],
        "action_id": known["action"],
        **({"format": "json"} if last.startswith("pack.") else {}),
    }


def asked(known: dict[str, int], route: str) -> str:
    """Return which line of the preflight a page is about."""
    line = {"check": "undated", "subject": f"milestone:{known['undated']}"}
    return f"?{urlencode(line)}" if route.endswith("/waive") else ""


def _day(name: str, day: int, month: int, year: int = 2025) -> dict[str, str]:
    return {f"{name}-day": str(day), f"{name}-month": str(month), f"{name}-year": str(year)}


def sent_to(known: dict[str, int], plan_id: int, route: str) -> dict[str, Any]:
    """Return what a person would enter in the form of a route about boards, meetings and packs; nothing for another."""
    board = {"name": "The board", "opens_days": "20", "closes_days": "10", "cut_off_days": "8", "papers_days": "5"}
    line = {"check": "undated", "subject": f"milestone:{known['undated']}"}
    forms: dict[str, dict[str, Any]] = {
        "/boards/new": board,
        "/boards/<int:board_id>/edit": board,
        "/boards/<int:board_id>/plans": {"plan": plan_id},
        "/boards/<int:board_id>/members": {"part": "chair", "represents": "schools"},
        "/boards/<int:board_id>/meetings/new": _day("day", 9, 12),
        "/boards/<int:board_id>/meetings/propose": {"days": ["2025-12-02"]},
        "/boards/closures": {**_day("day", 29, 12), "name": "Christmas closure"},
        "/meetings/<int:meeting_id>/edit": {**_day("day", 5, 11), "place": "Town hall"},
        "/meetings/<int:meeting_id>/cancel": {"reason": "No quorum"},
        "/meetings/<int:meeting_id>/held": {"version": "1"},
        "/plans/<slug>/packs/new": {"meeting": known["later"]},
        "/packs/<int:pack_id>/edit": {"purpose": "note", **_day("as_at", 9, 9)},
        "/packs/<int:pack_id>/chase": line,
        "/packs/<int:pack_id>/waive": {**line, "reason": "The board set no date"},
        "/packs/<int:pack_id>/set-aside": {"reason": "The meeting is off"},
        "/packs/<int:pack_id>/correct": {"correction": "The date of 1a.1"},
    }
    forms["/packs/<int:pack_id>/minutes/words"] = {"text": "Thank the schools", "minute": "2.1"}
    forms["/packs/<int:pack_id>/minutes/<int:minute_id>/take-back"] = {"reason": "It was another board"}
    forms["/milestones/<int:milestone_id>/board"] = {"kind": "escalation", "text": "A letter to the ICB"}
    forms["/milestones/<int:milestone_id>/board/<int:matter_id>"] = {"reason": "The schools stay open"}
    forms["/packs/<int:pack_id>/minutes/new"] = {
        "decisions": [f"date:{known['asked']}:{known['asked_version']}"],
        "outcome": "deferred",
        "minute": "5.2",
        "note": "No quorum",
    }
    forms["/packs/<int:pack_id>/commentary/<part>"] = {"text": "The plan holds.", "accepted": "y"}
    forms["/packs/<int:pack_id>/actions/new"] = {"text": "Report", "owner": "Head of SEND", **_day("due", 7, 10)}
    forms["/packs/<int:pack_id>/actions/<int:action_id>"] = {"state": "done", "outcome": "It was brought"}
    return forms.get(route, {})
