"""Make and change boards: what they are, which plans report to them, who sits on them, when the council is closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models import Board, BoardMember, BoardPlan, ClosureDay, Person, Plan, Post
from tracker.rules.dates import london_day, show_day
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.meeting_dates import DATE_WORDS, Cycle, Offsets, check_offsets
from tracker.rules.permissions import Act, Actor, allowed, permit
from tracker.rules.text import clean
from tracker.services import board_log
from tracker.services.ledger import Recorder
from tracker.services.milestones import check_version, use_token

PARTS: Mapping[str, str] = {
    "chair": "Chair",
    "deputy chair": "Deputy chair",
    "member": "Member",
    "adviser": "Adviser",
    "clerk": "Clerk",
}
_TEXTS = ("name", "about", "terms", "terms_url", "starts_at", "place", "link")
_LABELS = {
    "name": "Name",
    "about": "What it is",
    "terms": "Terms of reference",
    "terms_url": "Link to the terms of reference",
    "starts_at": "Usual time",
    "place": "Usual place",
    "link": "Usual link",
    "cycle": "How often it meets",
    "anchor": "A meeting of the cycle",
    **{f"{name}_days": f"{words}, working days before" for name, words in DATE_WORDS.items() if name != "meeting"},
}


def open_board(session: Session, actor: Actor, board_id: int, *, change: bool = False) -> Board:
    """Return a board that the actor may see, and may change where `change` is asked; NotFound before NotPermitted.

    A board is seen by everybody who sees one of its plans, and by who may edit boards while it has none. It is
    changed by a manager of one of its plans, or an administrator.
    """
    board = session.get(Board, board_id)
    plans = session.scalars(
        select(BoardPlan.plan_id).where(BoardPlan.board_id == board_id, BoardPlan.ended.is_(None))
    ).all()
    manages = allowed(actor, Act.MANAGE_BOARDS, None) if not plans else actor.administrator
    sees = manages or any(allowed(actor, Act.SEE_BOARDS, plan_id) for plan_id in plans)
    if board is None or not sees:
        raise NotFound("There is no such board, or you may not see any plan that reports to it.")
    if change and not manages and not any(allowed(actor, Act.MANAGE_BOARDS, plan_id) for plan_id in plans):
        permit(actor, Act.MANAGE_BOARDS, plans[0])
    return board


def may_change(session: Session, actor: Actor, board_id: int) -> bool:
    """Return whether the actor may change a board."""
    try:
        open_board(session, actor, board_id, change=True)
    except Refusal:
        return False
    return True


def add_board(session: Session, actor: Actor, now: datetime, token: str, values: Mapping[str, Any]) -> Board:
    """Make a board. Raises Refusal, with the field, for a name that is taken or days that are out of order."""
    permit(actor, Act.MANAGE_BOARDS, None)
    use_token(session, token, actor, now)
    board = Board(**_checked(session, values, None))
    session.add(board)
    session.flush()
    board_log.write(session, now, actor, f"made it: {board.name}", board.id)
    return board


def edit_board(
    session: Session, actor: Actor, now: datetime, board_id: int, version: int, token: str, values: Mapping[str, Any]
) -> Board:
    """Change what is written about a board. Meetings whose days are not set by hand follow the new numbers of days."""
    board = open_board(session, actor, board_id, change=True)
    use_token(session, token, actor, now)
    session.refresh(board, with_for_update=True)
    check_version(board, version, values, _LABELS)
    told = board_log.set_and_tell(board, _checked(session, values, board), _LABELS)
    if told:
        board_log.write(session, now, actor, told, board_id)
    session.flush()
    return board


def _checked(session: Session, values: Mapping[str, Any], board: Board | None) -> dict[str, Any]:
    found: dict[str, Any] = {name: clean(values.get(name, "")) for name in _TEXTS}
    if not found["name"]:
        raise Refusal("Enter the name of the board.", "name")
    same = session.scalar(select(Board.id).where(Board.name == found["name"]))
    if same is not None and (board is None or same != board.id):
        raise Refusal("There is a board of this name already.", "name")
    for name in ("terms_url", "link"):
        if found[name] and not found[name].startswith(("https://", "http://")):
            raise Refusal("Enter an address that begins with https://", name)
    cycle = values.get("cycle") or ""
    if cycle and cycle not in set(Cycle):
        raise Refusal("Select how often the board meets.", "cycle")
    if cycle and values.get("anchor") is None:
        raise Refusal("Enter a meeting of the cycle, from which the others are worked out.", "anchor")
    offsets = Offsets(**{name: int(values.get(f"{name}_days", default)) for name, default in asdict(Offsets()).items()})
    try:
        check_offsets(offsets)
    except Refusal as refusal:
        raise Refusal(refusal.sentence, f"{refusal.field}_days") from None
    days = {f"{name}_days": number for name, number in asdict(offsets).items()}
    return {**found, **days, "cycle": cycle, "anchor": values.get("anchor")}


def report_to(session: Session, actor: Actor, now: datetime, board_id: int, plan_id: int, token: str) -> BoardPlan:
    """Let a plan report to a board; the plan's ledger holds it."""
    board = open_board(session, actor, board_id, change=True)
    plan = _own_plan(session, actor, plan_id)
    use_token(session, token, actor, now)
    recorder = Recorder(session, plan, actor, now)
    query = select(BoardPlan).where(BoardPlan.board_id == board_id, BoardPlan.plan_id == plan_id)
    link = session.scalar(query.with_for_update())
    if link is not None and link.ended is None:
        raise Refusal(f"{plan.title} reports to {board.name} already.", "plan")
    if link is None:
        link = BoardPlan(board_id=board_id, plan_id=plan_id)
        session.add(link)
        session.flush()
        recorder.add(link, f"to {board.name}", verb="let the plan report to a board")
    else:
        recorder.change(link, "let the plan report to a board again", {"ended": None}, f"to {board.name}")
    recorder.close()
    board_log.write(session, now, actor, f"{plan.title} reports to it", board_id)
    return link


def stop_reporting(session: Session, actor: Actor, now: datetime, board_id: int, plan_id: int, token: str) -> None:
    """End that a plan reports to a board, from today on. Its packs stay where they are."""
    board = open_board(session, actor, board_id, change=True)
    plan = _own_plan(session, actor, plan_id)
    use_token(session, token, actor, now)
    query = select(BoardPlan).where(
        BoardPlan.board_id == board_id, BoardPlan.plan_id == plan_id, BoardPlan.ended.is_(None)
    )
    link = session.scalar(query.with_for_update())
    if link is None:
        raise Refusal(f"{plan.title} does not report to {board.name}.")
    recorder = Recorder(session, plan, actor, now)
    recorder.change(link, "ended that the plan reports to a board", {"ended": london_day(now)}, board.name)
    recorder.close()
    board_log.write(session, now, actor, f"{plan.title} no longer reports to it", board_id)


def _own_plan(session: Session, actor: Actor, plan_id: int) -> Plan:
    plan = session.get(Plan, plan_id)
    if plan is None or not allowed(actor, Act.SEE, plan_id):
        raise NotFound("There is no such plan, or you may not see it.")
    permit(actor, Act.MANAGE_BOARDS, plan_id)
    return plan


def add_member(
    session: Session,
    actor: Actor,
    now: datetime,
    board_id: int,
    token: str,
    *,
    part: str = "member",
    post_id: int | None = None,
    person_id: int | None = None,
    represents: str = "",
    since: date | None = None,
) -> BoardMember:
    """Give a seat on a board to a post, to a person with an account, or to whom the words say."""
    open_board(session, actor, board_id, change=True)
    use_token(session, token, actor, now)
    if part not in PARTS:
        raise Refusal("Select which part the member has.", "part")
    words = clean(represents)
    if post_id is not None and session.get(Post, post_id) is None:
        raise Refusal("Select a post from the list.", "post")
    if person_id is not None and session.get(Person, person_id) is None:
        raise Refusal("Select a person from the list.", "person")
    if post_id is None and person_id is None and not words:
        raise Refusal("Select a post, or enter whom the seat is for.", "post")
    taken = select(BoardMember.id).where(
        BoardMember.board_id == board_id,
        BoardMember.until.is_(None),
        BoardMember.post_id.is_(None) if post_id is None else BoardMember.post_id == post_id,
        BoardMember.person_id.is_(None) if person_id is None else BoardMember.person_id == person_id,
        BoardMember.represents == words,
    )
    if session.scalar(taken) is not None:
        raise Refusal("The board has this member already.", "post")
    member = BoardMember(
        board_id=board_id,
        part=part,
        post_id=post_id,
        person_id=person_id,
        represents=words,
        since=since or london_day(now),
    )
    session.add(member)
    session.flush()
    board_log.write(session, now, actor, f"gave a seat to {_seat(session, member)}", board_id)
    return member


def end_member(session: Session, actor: Actor, now: datetime, board_id: int, member_id: int, token: str) -> None:
    """End a seat today; it stays in the list of former members."""
    member = _member(session, actor, now, board_id, member_id, token)
    if member.until is not None:
        raise Refusal(f"The seat ended on {show_day(member.until)} already.")
    member.until = london_day(now)
    board_log.write(session, now, actor, f"ended the seat of {_seat(session, member)}", board_id)
    session.flush()


def restore_member(session: Session, actor: Actor, now: datetime, board_id: int, member_id: int, token: str) -> None:
    """Give a seat back that was ended, as if it had never been."""
    member = _member(session, actor, now, board_id, member_id, token)
    if member.until is None:
        raise Refusal("The seat is held, so there is nothing to give back.")
    ended, member.until = member.until, None
    words = f"gave the seat back that ended on {show_day(ended)}: {_seat(session, member)}"
    board_log.write(session, now, actor, words, board_id)
    session.flush()


def _member(session: Session, actor: Actor, now: datetime, board_id: int, member_id: int, token: str) -> BoardMember:
    open_board(session, actor, board_id, change=True)
    use_token(session, token, actor, now)
    member = session.get(BoardMember, member_id, populate_existing=True)
    if member is None or member.board_id != board_id:
        raise NotFound("There is no such member of this board.")
    return member


def _seat(session: Session, member: BoardMember) -> str:
    """Return whose a seat is and which part it has, in words."""
    post = session.get(Post, member.post_id) if member.post_id is not None else None
    person = session.get(Person, member.person_id) if member.person_id is not None else None
    names = (post.title if post else "", person.name if person and not post else "", member.represents)
    return f"{', '.join(name for name in names if name)} ({PARTS[member.part].lower()})"


def add_closure(session: Session, actor: Actor, now: datetime, token: str, day: date, name: str) -> ClosureDay:
    """Add a day on which the council is closed; days that are worked out from meetings follow it."""
    permit(actor, Act.MANAGE_BOARDS, None)
    use_token(session, token, actor, now)
    if not clean(name):
        raise Refusal("Enter why the council is closed, for example Christmas closure.", "name")
    closure = session.scalar(select(ClosureDay).where(ClosureDay.day == day))
    if closure is not None and closure.removed_on is None:
        raise Refusal(f"{show_day(day)} is on the list already.", "day")
    if closure is None:
        closure = ClosureDay(day=day, name=clean(name))
        session.add(closure)
    closure.name, closure.removed_on = clean(name), None
    board_log.write(session, now, actor, f"added {show_day(day)}: {closure.name}")
    session.flush()
    return closure


def remove_closure(session: Session, actor: Actor, now: datetime, token: str, closure_id: int) -> None:
    """Take a closure day off the list; it can be put back."""
    closure = _closure(session, actor, now, token, closure_id)
    if closure.removed_on is not None:
        raise Refusal(f"{show_day(closure.day)} was taken off the list on {show_day(closure.removed_on)} already.")
    closure.removed_on = london_day(now)
    board_log.write(session, now, actor, f"took off {show_day(closure.day)}: {closure.name}")
    session.flush()


def restore_closure(session: Session, actor: Actor, now: datetime, token: str, closure_id: int) -> None:
    """Put a closure day back that was taken off the list."""
    closure = _closure(session, actor, now, token, closure_id)
    if closure.removed_on is None:
        raise Refusal(f"{show_day(closure.day)} is on the list already.")
    closure.removed_on = None
    board_log.write(session, now, actor, f"put back {show_day(closure.day)}: {closure.name}")
    session.flush()


def _closure(session: Session, actor: Actor, now: datetime, token: str, closure_id: int) -> ClosureDay:
    permit(actor, Act.MANAGE_BOARDS, None)
    use_token(session, token, actor, now)
    closure = session.get(ClosureDay, closure_id, populate_existing=True)
    if closure is None:
        raise NotFound("There is no such closure day.")
    return closure
