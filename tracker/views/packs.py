"""The packs of a plan: their list, one pack, its proof, and its documents."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.exports import AUDIENCES, FORMATS, Report, render, select
from tracker.exports.audiences import WHOLE
from tracker.exports.office import MISSING, office
from tracker.exports.packs import compose, draft_report, report_of
from tracker.extensions import database
from tracker.forms.fields import ActForm
from tracker.forms.packs import NewPackForm
from tracker.queries.boards import boards_of_plan, next_meetings
from tracker.queries.packs import PackRow, canonical_text, find_pack, packs_of
from tracker.rules.errors import NotFound
from tracker.rules.pack_file import PackFile, envelope, faults, read_file
from tracker.rules.pack_states import STATE_WORDS, PackAct, PackState, may
from tracker.rules.permissions import Act, allowed
from tracker.services.pack_freezing import composed_now
from tracker.services.packs import PURPOSES, draft, open_pack
from tracker.services.report_templates import template_of
from tracker.views.acts import answered, number, say
from tracker.views.filters import as_at, settings
from tracker.views.guards import actor, current_plan, needs, now, today
from tracker.views.plans import frame

packs = Blueprint("packs", __name__)
_AHEAD = 6  # meetings among which the first without a pack is offered
DOCUMENTS = ("docx", "xlsx", "pptx", "html", "pdf", "odt", "ods")


@packs.get("/plans/<slug>/packs")
@needs(Act.READ_PACK)
def index(slug: str) -> str:
    """List the packs of a plan; members see what is issued."""
    return render_template("packs/index.html", form=NewPackForm(of_day=today()), **_listed())


@packs.post("/plans/<slug>/packs/new")
@needs(Act.PREPARE_PACK)
def create(slug: str) -> ResponseReturnValue:
    """Begin a pack, for a meeting or for none."""
    plan, _ = current_plan()
    form = NewPackForm()

    def act() -> str:
        meeting, token = number(form.meeting.data) or None, form.form_token.data or ""
        day = None if meeting else form.of_day.data
        made = draft(database(), actor(), now(), plan.id, token, meeting_id=meeting, as_at=day)
        say("The draft is ready. Look at its preflight next.")
        return url_for("packs.show", pack_id=made.id)

    return answered("packs/index.html", form, act, **_listed())


def _listed() -> dict[str, Any]:
    """Return what the list of the packs of a plan shows."""
    plan, _ = current_plan()
    prepares = allowed(actor(), Act.PREPARE_PACK, plan.id)
    found = packs_of(database(), plan.id, issued_only=not prepares)
    busy = {(row.board_id, row.meeting_id) for row in found}
    coming = []
    for board in boards_of_plan(database(), plan.id) if prepares else ():
        ahead = next_meetings(database(), board.id, _yesterday(), _AHEAD)
        coming += [meeting for meeting in ahead if (board.id, meeting.id) not in busy][:1]
    shown = {"packs": found, "coming": coming, "states": STATE_WORDS, "may_prepare": prepares}
    return {**frame(as_at()), **shown}


@packs.get("/packs/<int:pack_id>")
@needs(Act.READ_PACK)
def show(pack_id: int) -> str:
    """Show a pack: how far it is, its documents, its fingerprint, and what can be done to it."""
    return _page(pack_id, None)


@packs.get("/packs/<int:pack_id>/verify")
@needs(Act.READ_PACK)
def verify(pack_id: int) -> str:
    """Prove a pack: its content against its fingerprint, and the issued packs before it against theirs."""
    row = find(pack_id)
    if not row.fingerprint:
        raise NotFound("A draft has no fingerprint yet.")
    return _page(pack_id, _proof(row))


@packs.get("/packs/<int:pack_id>/pack.<format>")
@needs(Act.READ_PACK)
def download(pack_id: int, format: str) -> ResponseReturnValue:
    """Send a pack as a document, made from its frozen facts alone, or as the file that proves itself."""
    row = find(pack_id)
    text = canonical_text(database(), pack_id)
    if format == "json" and text is not None:
        return _file(envelope(text.encode("utf-8")), "application/json", row, "json")
    if format not in DOCUMENTS:
        abort(404)
    asked = request.args.get("audience", WHOLE)
    report = select(_report(pack_id, text), asked if asked in AUDIENCES else WHOLE)
    data = render(report, format, template_of(settings().data_dir, row.slug))
    return _file(data, FORMATS[format].mime, row, format)


def find(pack_id: int, act: Act = Act.READ_PACK) -> PackRow:
    """Return a pack that the person may see; NotFound for one that is not issued to them."""
    open_pack(database(), actor(), pack_id, act)
    found = find_pack(database(), pack_id)
    assert found is not None
    return found


def _page(pack_id: int, proof: list[str] | None) -> str:
    row = find(pack_id)
    prepares = allowed(actor(), Act.PREPARE_PACK, row.plan_id)
    asked = request.args.get("audience", WHOLE)
    audience = asked if asked in AUDIENCES else WHOLE
    return render_template(
        "packs/show.html",
        pack=row,
        purposes=PURPOSES,
        states=STATE_WORDS,
        state_word=STATE_WORDS[row.state],
        formats={name: FORMATS[name] for name in DOCUMENTS if not FORMATS[name].source or office()},
        missing="" if office() else MISSING,
        audiences=AUDIENCES,
        audience=audience,
        may={act.name.lower(): prepares and may(row.state, act) for act in PackAct},
        may_prepare=prepares,
        proof=proof,
        today=today(),
        form=ActForm(),
    )


def _proof(row: PackRow) -> list[str]:
    """Return what is wrong with a pack and the issued ones before it in its chain; nothing if all is well."""
    chain = [
        one
        for one in packs_of(database(), row.plan_id)
        if one.id == row.id or (one.board_id == row.board_id and one.state is PackState.ISSUED)
    ]
    before = [one for one in chain if (one.number, one.edition) <= (row.number, row.edition)]
    files = [_stored(one) for one in sorted(before, key=lambda one: (one.number, one.edition))]
    wrong = faults(files)
    wrong += [
        f"{file.name}: the table has the fingerprint {one.fingerprint[:12]} for it."
        for file, one in zip(files, sorted(before, key=lambda one: (one.number, one.edition)), strict=True)
        if file.fingerprint != one.fingerprint
    ]
    return wrong


def _stored(row: PackRow) -> PackFile:
    text = canonical_text(database(), row.id) or ""
    return read_file(row.title, envelope(text.encode("utf-8")))


def _report(pack_id: int, text: str | None) -> Report:
    if text is not None:
        return report_of(json.loads(text))
    pack = open_pack(database(), actor(), pack_id, Act.PREPARE_PACK)
    return draft_report(composed_now(database(), pack, now(), compose))


def _file(data: bytes, mime: str, row: PackRow, ending: str) -> Response:
    words = (
        f"pack-{row.number}" + (f"-version-{row.edition}" if row.edition > 1 else "") if row.number else "draft-pack"
    )
    response = Response(data, content_type=mime)
    name = f"{row.slug}-{words}-{row.as_at.isoformat()}.{ending}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _yesterday() -> date:
    return date.fromordinal(today().toordinal() - 1)
