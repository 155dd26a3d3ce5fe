"""Boards: the list, one board with its year, who sits on it, and which plans report to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from tracker.extensions import database
from tracker.forms.boards import BoardForm, BoardPlanForm, MemberForm, ProposedForm
from tracker.forms.fields import ActForm, WritingForm
from tracker.models import Board
from tracker.queries.boards import (
    MeetingRow,
    council_days,
    meetings_between,
    members,
    plans_of,
)
from tracker.queries.boards import boards as all_boards
from tracker.queries.people import all_plans
from tracker.queries.plans import find_plan
from tracker.queries.posts import posts
from tracker.queries.security import board_changes
from tracker.rules.dates import MONTHS, add_months
from tracker.rules.errors import NotFound
from tracker.rules.meeting_dates import CYCLE_WORDS, DATE_WORDS, Cycle, propose
from tracker.rules.permissions import Act, allowed, scope
from tracker.rules.text import clean
from tracker.services import board_meetings
from tracker.services import boards as service
from tracker.views.acts import answered, number, say
from tracker.views.guards import actor, needs, now, signed_in_only, today

boards = Blueprint("boards", __name__, url_prefix="/boards")
_TEXTS = ("name", "about", "terms", "terms_url", "cycle", "anchor", "starts_at", "place", "link")
_DAYS = ("opens_days", "closes_days", "cut_off_days", "papers_days")
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@boards.get("")
@signed_in_only
def index() -> str:
    """List the boards that the person sees, with what they oversee and when they meet next."""
    return render_template(
        "boards/index.html",
        boards=all_boards(database(), actor(), today()),
        cycles=CYCLE_WORDS,
        may_manage=scope(actor(), Act.MANAGE_BOARDS, None) is not None,
        may_choose=allowed(actor(), Act.CHOOSE_TEMPLATE, None),
    )


@boards.route("/new", methods=["GET", "POST"])
@needs(Act.MANAGE_BOARDS)
def create() -> ResponseReturnValue:
    """Make a board."""
    form = BoardForm()

    def act() -> str:
        made = service.add_board(database(), actor(), now(), form.form_token.data or "", _values(form))
        say(f"{made.name} is made. Say next which plans report to it.")
        return url_for("boards.show", board_id=made.id)

    return answered("boards/edit.html", form, act, board=None, meeting=None)


@boards.get("/<int:board_id>")
@needs(Act.SEE_BOARDS)
def show(board_id: int) -> str:
    """Show a board: its year, its meetings, its plans, its members, its terms of reference."""
    board = service.open_board(database(), actor(), board_id)
    year = _year()
    rows = meetings_between(database(), [board_id], date(year - 1, 7, 1), date(year + 1, 6, 30))
    return render_template(
        "boards/show.html",
        board=board,
        year=year,
        first_year=_FIRST_YEAR,
        last_year=_LAST_YEAR,
        months=_months(rows, year),
        meetings=[row for row in rows if row.day.year == year],
        plans=plans_of(database(), [board_id], actor()).get(board_id, []),
        members=members(database(), board_id),
        parts=service.PARTS,
        cycles=CYCLE_WORDS,
        words=DATE_WORDS,
        today=today(),
        form=ActForm(),
        may_manage=service.may_change(database(), actor(), board_id),
        changes=board_changes(database(), board_id) if _reads_changes(board_id) else None,
    )


@boards.route("/<int:board_id>/edit", methods=["GET", "POST"])
@needs(Act.MANAGE_BOARDS)
def edit(board_id: int) -> ResponseReturnValue:
    """Change what is written about a board."""
    board = service.open_board(database(), actor(), board_id, change=True)
    there = {name: getattr(board, name) for name in (*_TEXTS, *_DAYS, "version")}
    form = BoardForm() if request.method == "POST" else BoardForm(**there)

    def act() -> str:
        service.edit_board(database(), actor(), now(), board_id, *form.stamp, _values(form))
        say("The board is saved. Days that are not set by hand follow.")
        return url_for("boards.show", board_id=board_id)

    return answered("boards/edit.html", form, act, board=board, meeting=None)


@boards.route("/<int:board_id>/plans", methods=["GET", "POST"])
@needs(Act.MANAGE_BOARDS)
def add_plan(board_id: int) -> ResponseReturnValue:
    """Let a plan report to the board."""
    board = service.open_board(database(), actor(), board_id, change=True)
    there = {row.id for row in plans_of(database(), [board_id]).get(board_id, [])}
    mine = [
        (key, title)
        for key, title in all_plans(database())
        if key not in there and allowed(actor(), Act.MANAGE_BOARDS, key)
    ]
    form = BoardPlanForm()
    form.plan.choices = [SelectChoice("", "Select a plan"), *(SelectChoice(str(key), title) for key, title in mine)]

    def act() -> str:
        plan_id = number(form.plan.data)
        service.report_to(database(), actor(), now(), board_id, plan_id, form.form_token.data or "")
        say(f"The plan reports to {board.name}.")
        return url_for("boards.show", board_id=board_id)

    return answered("boards/plan.html", form, act, board=board, meeting=None, none_left=not mine)


@boards.post("/<int:board_id>/plans/<int:plan_id>/end")
@needs(Act.MANAGE_BOARDS)
def end_plan(board_id: int, plan_id: int) -> ResponseReturnValue:
    """End that a plan reports to the board."""
    service.stop_reporting(database(), actor(), now(), board_id, plan_id, ActForm().form_token.data or "")
    say("The plan no longer reports to the board. Add it again to take that back; its packs are kept.")
    return redirect(url_for("boards.index"), 303)


@boards.route("/<int:board_id>/members", methods=["GET", "POST"])
@needs(Act.MANAGE_BOARDS)
def add_member(board_id: int) -> ResponseReturnValue:
    """Give a seat on the board."""
    board = service.open_board(database(), actor(), board_id, change=True)
    form = MemberForm(part="member") if request.method == "GET" else MemberForm()
    lines = [line for line in posts(database(), today()) if line.closed_on is None]
    form.post.choices = [
        SelectChoice("", "No post"),
        *(SelectChoice(str(line.id), f"{line.title} ({line.organisation})") for line in lines),
    ]

    def act() -> str:
        service.add_member(
            database(),
            actor(),
            now(),
            board_id,
            form.form_token.data or "",
            part=form.part.data or "",
            post_id=number(form.post.data) or None,
            represents=form.represents.data or "",
        )
        say("The member is added.")
        return url_for("boards.show", board_id=board_id)

    return answered("boards/member.html", form, act, board=board, meeting=None)


@boards.route("/<int:board_id>/members/<int:member_id>/end", methods=["GET", "POST"])
@needs(Act.MANAGE_BOARDS)
def end_member(board_id: int, member_id: int) -> ResponseReturnValue:
    """Ask whether a seat is to be ended, and end it."""
    board = service.open_board(database(), actor(), board_id, change=True)
    seat = next((row for row in members(database(), board_id) if row.id == member_id), None)
    if seat is None:
        raise NotFound("There is no such member of this board.")
    form = WritingForm()

    def act() -> str:
        service.end_member(database(), actor(), now(), board_id, member_id, form.form_token.data or "")
        say("The seat is ended. It stays in the list of former members, where it can be given back.")
        return url_for("boards.show", board_id=board_id)

    return answered(
        "boards/ask.html",
        form,
        act,
        board=board,
        meeting=None,
        question="End the seat",
        said=f"{seat.name} no longer sits on the board from today. The seat stays in the list of former members, and "
        "can be given back there.",
        back=url_for("boards.show", board_id=board_id),
    )


@boards.post("/<int:board_id>/members/<int:member_id>/restore")
@needs(Act.MANAGE_BOARDS)
def restore_member(board_id: int, member_id: int) -> ResponseReturnValue:
    """Give a seat back that was ended."""
    service.restore_member(database(), actor(), now(), board_id, member_id, ActForm().form_token.data or "")
    say("The seat is given back.")
    return redirect(url_for("boards.show", board_id=board_id), 303)


@boards.route("/<int:board_id>/meetings/propose", methods=["GET", "POST"])
@needs(Act.MANAGE_BOARDS)
def propose_meetings(board_id: int) -> ResponseReturnValue:
    """Offer the meetings of the cycle over the next year, and plan those that are ticked."""
    board = service.open_board(database(), actor(), board_id, change=True)
    offered = _proposed(board)
    form = ProposedForm(days=[day.isoformat() for day in offered]) if request.method == "GET" else ProposedForm()

    def act() -> str:
        known = {day.isoformat(): day for day in offered}
        chosen = [known[text] for text in form.days.data or () if text in known]
        made = board_meetings.add_meetings(database(), actor(), now(), board_id, form.form_token.data or "", chosen)
        say(f"{len(made)} meeting{' is' if len(made) == 1 else 's are'} planned.")
        return url_for("boards.show", board_id=board_id, year=chosen[0].year)

    form.days.choices = [(day.isoformat(), f"{day:%A} {day.day} {MONTHS[day.month - 1]} {day.year}") for day in offered]
    return answered("boards/propose.html", form, act, board=board, meeting=None, offered=offered, cycles=CYCLE_WORDS)


def _reads_changes(board_id: int) -> bool:
    """Return whether the person reads who changed what: who may change the board, and auditors."""
    return service.may_change(database(), actor(), board_id) or allowed(actor(), Act.READ_SECURITY, None)


def _values(form: BoardForm) -> dict[str, Any]:
    return {name: form[name].data for name in (*_TEXTS, *_DAYS)}


def _year() -> int:
    text = clean(request.args.get("year", ""))
    year = int(text) if text.isdecimal() and len(text) == 4 else today().year
    return year if _FIRST_YEAR <= year <= _LAST_YEAR else today().year


def _months(rows: Sequence[MeetingRow], year: int) -> list[tuple[str, list[tuple[date, str, MeetingRow]]]]:
    """Return the months of a year with what happens in each, in order."""
    found: dict[int, list[tuple[date, str, MeetingRow]]] = defaultdict(list)
    for row in rows:
        if row.cancelled:
            continue
        for name in DATE_WORDS:
            day = getattr(row.dates, name)
            if day.year == year:
                found[day.month].append((day, name, row))
    order = list(DATE_WORDS)
    return [
        (name, sorted(found[month], key=lambda event: (event[0], order.index(event[1]))))
        for month, name in enumerate(MONTHS, 1)
    ]


def _proposed(board: Board) -> list[date]:
    """Return the meetings of a board's cycle in the next year that are not planned yet."""
    if not board.cycle or board.anchor is None:
        return []
    first, last = today() + timedelta(days=1), add_months(today(), 12)
    taken = {row.day for row in meetings_between(database(), [board.id], first, last)}
    calendar = next((plan.calendar for plan in _plan_rows(board)), None)
    found = propose(Cycle(board.cycle), board.anchor, first, last, council_days(database()), calendar)
    return [day for day in found if day not in taken]


def _plan_rows(board: Board) -> list[Any]:
    """Return the plans of a board: half terms are those of the first of them."""
    found = (find_plan(database(), row.slug) for row in plans_of(database(), [board.id]).get(board.id, [])[:1])
    return [each[0] for each in found if each is not None]
