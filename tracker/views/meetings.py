"""One meeting of a board: its days, the packs that are made for it, and changes of it."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.exports import FORMATS
from tracker.exports.office import office
from tracker.exports.packs import report_of
from tracker.exports.report import BulletList
from tracker.extensions import database
from tracker.forms.boards import CancelForm, MeetingForm
from tracker.forms.fields import ActForm
from tracker.models import Board, Meeting
from tracker.queries.boards import council_days, meeting_row, offsets_of, plans_of
from tracker.queries.packs import canonical_texts, packs_of_meeting
from tracker.rules.meeting_dates import DATE_WORDS, MeetingState
from tracker.rules.pack_states import STATE_WORDS, PackState
from tracker.rules.permissions import Act, allowed
from tracker.services import board_meetings as service
from tracker.services.boards import may_change, open_board
from tracker.views.acts import answered, say
from tracker.views.guards import actor, needs, now, today

meetings = Blueprint("meetings", __name__)
_PAPERS = ("docx", "pdf", "html")
_BOXES = ("day", "starts_at", "place", "link", "opens", "closes", "cut_off", "papers", "note")


@meetings.route("/boards/<int:board_id>/meetings/new", methods=["GET", "POST"])
@needs(Act.MANAGE_BOARDS)
def create(board_id: int) -> ResponseReturnValue:
    """Plan a meeting."""
    board = open_board(database(), actor(), board_id, change=True)
    usual = {name: getattr(board, name) for name in ("starts_at", "place", "link")}
    form = MeetingForm() if request.method == "POST" else MeetingForm(**usual)

    def act() -> str:
        made = service.add_meeting(database(), actor(), now(), board_id, form.form_token.data or "", _values(form))
        say("The meeting is planned.")
        return url_for("meetings.show", meeting_id=made.id)

    return answered("boards/meeting_form.html", form, act, board=board, meeting=None, offsets=offsets_of(board))


@meetings.get("/meetings/<int:meeting_id>")
@needs(Act.SEE_BOARDS)
def show(meeting_id: int) -> str:
    """Show a meeting: its days, and how far the pack of each plan is."""
    board, meeting = service.open_meeting(database(), actor(), meeting_id)
    row = meeting_row(meeting, board, council_days(database()))
    found = packs_of_meeting(database(), meeting_id)
    seen = plans_of(database(), [board.id], actor()).get(board.id, [])
    plans = [
        {
            "plan": plan,
            "packs": [
                pack
                for pack in found
                if pack.plan_id == plan.id
                and (pack.state is PackState.ISSUED or allowed(actor(), Act.PREPARE_PACK, plan.id))
            ],
            "may_prepare": allowed(actor(), Act.PREPARE_PACK, plan.id),
        }
        for plan in seen
    ]
    issued = [one.id for one in found if one.state is PackState.ISSUED and one.plan_id in {plan.id for plan in seen}]
    return render_template(
        "boards/meeting.html",
        glances={key: _glance(text) for key, text in canonical_texts(database(), issued).items()},
        papers={name: FORMATS[name] for name in _PAPERS if not FORMATS[name].source or office()},
        board=board,
        meeting=row,
        plans=plans,
        words=DATE_WORDS,
        states=STATE_WORDS,
        today=today(),
        form=ActForm(),
        may_manage=may_change(database(), actor(), board.id),
        planned=meeting.state == MeetingState.PLANNED,
    )


@meetings.route("/meetings/<int:meeting_id>/edit", methods=["GET", "POST"])
@needs(Act.MANAGE_BOARDS)
def edit(meeting_id: int) -> ResponseReturnValue:
    """Change a meeting and its days."""
    board, meeting = service.open_meeting(database(), actor(), meeting_id, change=True)
    there = {name: getattr(meeting, name) for name in (*_BOXES, "version")}
    form = MeetingForm() if request.method == "POST" else MeetingForm(**there)

    def act() -> str:
        service.edit_meeting(database(), actor(), now(), meeting_id, *form.stamp, _values(form))
        say("The meeting is saved.")
        return url_for("meetings.show", meeting_id=meeting_id)

    row = _row(board, meeting)
    return answered("boards/meeting_form.html", form, act, board=board, meeting=row, offsets=offsets_of(board))


@meetings.route("/meetings/<int:meeting_id>/cancel", methods=["GET", "POST"])
@needs(Act.MANAGE_BOARDS)
def cancel(meeting_id: int) -> ResponseReturnValue:
    """Ask whether a meeting is to be cancelled, and cancel it."""
    board, meeting = service.open_meeting(database(), actor(), meeting_id, change=True)
    form = CancelForm() if request.method == "POST" else CancelForm(version=meeting.version)

    def act() -> str:
        service.cancel_meeting(database(), actor(), now(), meeting_id, *form.stamp, form.reason.data or "")
        say("The meeting is cancelled.")
        return url_for("meetings.show", meeting_id=meeting_id)

    return answered("boards/cancel.html", form, act, board=board, meeting=_row(board, meeting))


@meetings.post("/meetings/<int:meeting_id>/held")
@needs(Act.MANAGE_BOARDS)
def hold(meeting_id: int) -> ResponseReturnValue:
    """Say that a meeting was held."""
    form = ActForm()
    service.hold_meeting(database(), actor(), now(), meeting_id, *form.stamp)
    say("The meeting was held.")
    return redirect(url_for("meetings.show", meeting_id=meeting_id), 303)


def _row(board: Board, meeting: Meeting) -> Any:
    return meeting_row(meeting, board, council_days(database()))


def _values(form: MeetingForm) -> dict[str, Any]:
    return {name: form[name].data for name in _BOXES}


def _glance(text: str) -> dict[str, Any]:
    """Return what a member sees of an issued pack before opening it, from its frozen content alone."""
    report = report_of(json.loads(text))
    asked = [block.items for block in report.sections[0].blocks if isinstance(block, BulletList)]
    exceptions = [
        {column.title: cell for column, cell in zip(table.columns, row, strict=True)}
        for section in report.sections
        if section.key == "exceptions"
        for table in section.tables()
        for row in table.rows
    ]
    return {"report": report, "asked": asked[0] if asked else (), "exceptions": exceptions}
