"""What a manager does to a pack on its way: edit, preflight, chase, waive, freeze, issue, set aside, correct."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from tracker.exports.packs import Box, boxes, compose
from tracker.extensions import database
from tracker.forms.fields import ActForm
from tracker.forms.packs import CommentaryForm, CorrectForm, PackForm, SetAsideForm, WaiveForm
from tracker.queries.boards import boards_of_plan, meetings_between
from tracker.queries.packs import PackRow
from tracker.queries.preflight import Preflight
from tracker.rules.dates import show_day
from tracker.rules.errors import NotFound
from tracker.rules.pack_states import PackState
from tracker.rules.permissions import Act
from tracker.rules.preflight import TITLES, WHAT_TO_DO, Check, Finding
from tracker.rules.text import clean
from tracker.services import pack_checks, pack_freezing
from tracker.services import packs as service
from tracker.services.commentary import write
from tracker.services.pack_checks import pack_preflight
from tracker.services.packs import open_pack
from tracker.views.acts import answered, number, say
from tracker.views.guards import actor, needs, now, today
from tracker.views.packs import find, packs

_BOXES = ("as_at", "purpose", "author", "senior_officer", "assurance", "correction")
_MEETINGS = 300  # days around today of meetings that are offered
_LINES = ("recommendations", "considered_by")
_FORMS = {
    Check.RED: "milestones.new_date",
    Check.AMBER: "milestones.update",
    Check.GREEN: "milestones.update",
    Check.SAME: "milestones.update",
    Check.BLUE: "milestones.give",
    Check.COMPLETE: "milestones.claim",
}


@packs.route("/packs/<int:pack_id>/edit", methods=["GET", "POST"])
@needs(Act.PREPARE_PACK)
def edit(pack_id: int) -> ResponseReturnValue:
    """Change what a draft says of itself."""
    row = find(pack_id, Act.PREPARE_PACK)
    there: dict[str, Any] = {name: getattr(row, name) for name in (*_BOXES, "version")}
    there |= {name: "\n".join(getattr(row, name)) for name in _LINES}
    there["meeting"] = str(row.meeting_id or "")
    form = PackForm() if request.method == "POST" else PackForm(**there)
    form.meeting.choices = [SelectChoice("", "No meeting: nothing can be minuted on it"), *_meetings(row)]

    def act() -> str:
        values: dict[str, Any] = {name: form[name].data for name in _BOXES}
        if row.corrects_id is None and "meeting" in request.form:
            values["meeting_id"] = number(form.meeting.data) or None
        values |= {name: (form[name].data or "").split("\n") for name in _LINES}
        service.edit_draft(database(), actor(), now(), pack_id, *form.stamp, values)
        say("The draft is saved.")
        return url_for("packs.show", pack_id=pack_id)

    return answered("packs/edit.html", form, act, pack=row)


@packs.get("/packs/<int:pack_id>/commentary")
@needs(Act.PREPARE_PACK)
def commentaries(pack_id: int) -> str:
    """Show the boxes of the commentary, each with its text and whether it is accepted."""
    row, found = _boxes(pack_id)
    return render_template("packs/commentaries.html", pack=row, boxes=found)


@packs.route("/packs/<int:pack_id>/commentary/<part>", methods=["GET", "POST"])
@needs(Act.PREPARE_PACK)
def commentary(pack_id: int, part: str) -> ResponseReturnValue:
    """Write the commentary on a part of the plan, beginning with the draft, and accept it."""
    row, found = _boxes(pack_id)
    box = next((one for one in found if one.part == part), None)
    if box is None:
        raise NotFound("There is no such part of the plan.")
    there = {"text": box.said.text, "accepted": box.said.accepted, "version": box.version}
    form = CommentaryForm() if request.method == "POST" else CommentaryForm(**there)

    def act() -> str:
        text, accepted = form.text.data or "", bool(form.accepted.data)
        write(database(), actor(), now(), pack_id, part, *form.stamp, text, accepted=accepted)
        say("The commentary is accepted." if accepted else "The commentary is saved. The pack marks it as a draft.")
        return url_for("packs.commentaries", pack_id=pack_id)

    return answered("packs/commentary.html", form, act, pack=row, box=box)


@packs.get("/packs/<int:pack_id>/preflight")
@needs(Act.PREPARE_PACK)
def preflight(pack_id: int) -> str:
    """Show what should be put right before the pack is frozen."""
    row = find(pack_id, Act.PREPARE_PACK)
    return render_template(
        "packs/preflight.html",
        pack=row,
        preflight=_preflight(pack_id),
        titles=TITLES,
        what_to_do=WHAT_TO_DO,
        link=partial(put_right, row.slug),
        may_act=row.state is PackState.DRAFT,
        form=ActForm(),
    )


@packs.post("/packs/<int:pack_id>/chase")
@needs(Act.PREPARE_PACK)
def chase(pack_id: int) -> ResponseReturnValue:
    """Ask the leads of a line to put it right."""
    check, subject = _line_of(request.form)
    row = find(pack_id, Act.PREPARE_PACK)
    found = _preflight(pack_id).line(check, subject)
    address = put_right(row.slug, found.finding, external=True) if found is not None else ""
    token = ActForm().form_token.data or ""
    made = pack_checks.chase(database(), actor(), now(), pack_id, token, check, subject, address)
    say(f"A message is on its way to: {made.told}.")
    return redirect(url_for("packs.preflight", pack_id=pack_id, _anchor=f"check-{check}"), 303)


@packs.route("/packs/<int:pack_id>/waive", methods=["GET", "POST"])
@needs(Act.PREPARE_PACK)
def waive(pack_id: int) -> ResponseReturnValue:
    """Let a line stand, with a reason that is printed."""
    row = find(pack_id, Act.PREPARE_PACK)
    check, subject = _line_of(request.form if request.method == "POST" else request.args)
    line = _preflight(pack_id).line(check, subject)
    if line is None:
        raise NotFound("This line is not on the list, or no longer: it was put right.")
    form = WaiveForm() if request.method == "POST" else WaiveForm(check=check, subject=subject)

    def act() -> str:
        token, reason = form.form_token.data or "", form.reason.data or ""
        pack_checks.waive(database(), actor(), now(), pack_id, token, check, subject, reason)
        say("The line is waived. The pack prints it with its reason.")
        return url_for("packs.preflight", pack_id=pack_id, _anchor=f"check-{check}")

    return answered("packs/waive.html", form, act, pack=row, finding=line.finding, heading=TITLES[line.finding.check])


@packs.post("/packs/<int:pack_id>/waivers/<int:waiver_id>/withdraw")
@needs(Act.PREPARE_PACK)
def withdraw_waiver(pack_id: int, waiver_id: int) -> ResponseReturnValue:
    """Take a waiver back."""
    token = ActForm().form_token.data or ""
    pack_checks.withdraw_waiver(database(), actor(), now(), pack_id, waiver_id, token)
    say("The waiver is taken back. The line is open again.")
    return redirect(url_for("packs.preflight", pack_id=pack_id), 303)


@packs.route("/packs/<int:pack_id>/freeze", methods=["GET", "POST"])
@needs(Act.ISSUE_PACK)
def freeze(pack_id: int) -> ResponseReturnValue:
    """Ask whether the facts are to be taken now, and take them."""
    row = find(pack_id, Act.ISSUE_PACK)
    form = ActForm() if request.method == "POST" else ActForm(version=row.version)

    def act() -> str:
        pack_freezing.freeze(database(), actor(), now(), pack_id, *form.stamp, compose)
        say("The pack is frozen: what it says stands. Read it, then issue it.")
        return url_for("packs.show", pack_id=pack_id)

    drafts = sum(not one.said.accepted for one in _boxes(pack_id)[1]) if row.state is PackState.DRAFT else 0
    left = len(_preflight(pack_id).open)
    return answered("packs/freeze.html", form, act, pack=row, left=left, drafts=drafts, today=today())


@packs.route("/packs/<int:pack_id>/issue", methods=["GET", "POST"])
@needs(Act.ISSUE_PACK)
def issue(pack_id: int) -> ResponseReturnValue:
    """Ask whether the pack is to be issued, which is for good, and issue it."""
    row = find(pack_id, Act.ISSUE_PACK)
    form = ActForm() if request.method == "POST" else ActForm(version=row.version)

    def act() -> str:
        pack_freezing.issue(database(), actor(), now(), pack_id, *form.stamp)
        say(f"{row.title} is issued. Everybody who sees the plan can read it.")
        return url_for("packs.show", pack_id=pack_id)

    return answered("packs/issue.html", form, act, pack=row)


@packs.route("/packs/<int:pack_id>/set-aside", methods=["GET", "POST"])
@needs(Act.PREPARE_PACK)
def set_aside(pack_id: int) -> ResponseReturnValue:
    """Ask whether the pack is to be set aside, and why."""
    row = find(pack_id, Act.PREPARE_PACK)
    form = SetAsideForm() if request.method == "POST" else SetAsideForm(version=row.version)

    def act() -> str:
        service.set_aside(database(), actor(), now(), pack_id, *form.stamp, form.reason.data or "")
        say("The pack is set aside. Begin another one when you are ready.")
        return url_for("packs.index", slug=row.slug)

    return answered("packs/set_aside.html", form, act, pack=row)


@packs.route("/packs/<int:pack_id>/correct", methods=["GET", "POST"])
@needs(Act.PREPARE_PACK)
def correct(pack_id: int) -> ResponseReturnValue:
    """Begin a new version of an issued pack that says what it changes."""
    row = find(pack_id, Act.PREPARE_PACK)
    form = CorrectForm()

    def act() -> str:
        token, correction = form.form_token.data or "", form.correction.data or ""
        made = service.correct(database(), actor(), now(), pack_id, token, correction)
        say("A draft of the new version is ready. The issued one stays as it is.")
        return url_for("packs.show", pack_id=made.id)

    return answered("packs/correct.html", form, act, pack=row)


def _meetings(row: PackRow) -> list[SelectChoice]:
    """Return the meetings that a draft can be for: those around today of boards that the plan reports to."""
    ids = [board.id for board in boards_of_plan(database(), row.plan_id)]
    first, last = today() - timedelta(days=_MEETINGS), today() + timedelta(days=_MEETINGS)
    found = meetings_between(database(), ids, first, last)
    return [
        SelectChoice(str(one.id), f"{one.board}, {show_day(one.day)}")
        for one in found
        if not one.cancelled or one.id == row.meeting_id
    ]


def put_right(slug: str, finding: Finding, *, external: bool = False) -> str:
    """Return the address at which a line is put right; "" where there is no page for it."""
    kind, key = finding.subject.split(":")
    if kind == "milestone":
        return url_for(_FORMS.get(finding.check, "milestones.show"), milestone_id=int(key), _external=external)
    if kind == "measure":
        return url_for("measures.add", slug=slug, measure_id=int(key), _external=external)
    if kind == "post":
        return url_for("people.post", post_id=int(key), _external=external)
    return ""


def _boxes(pack_id: int) -> tuple[PackRow, list[Box]]:
    """Return a pack that is still to be frozen, with its boxes; NotFound for one whose words stand."""
    row = find(pack_id, Act.PREPARE_PACK)
    if row.state is not PackState.DRAFT:
        raise NotFound("The commentary of this pack stands: it is no draft any more. Read it in its documents.")
    pack = open_pack(database(), actor(), pack_id, Act.PREPARE_PACK)
    return row, boxes(database(), pack_freezing.cut_now(database(), pack, now()))


def _preflight(pack_id: int) -> Preflight:
    pack = open_pack(database(), actor(), pack_id, Act.PREPARE_PACK)
    return pack_preflight(database(), pack, today())


def _line_of(values: Any) -> tuple[str, str]:
    return clean(values.get("check", "")), clean(values.get("subject", ""))
