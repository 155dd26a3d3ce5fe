"""Questions about a file that need a person: one screen for each kind, with the source quoted."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.imports import questions_form
from tracker.imports.background import PLAN
from tracker.imports.questions import KINDS
from tracker.models import ImportBatch
from tracker.rules.errors import NotFound
from tracker.rules.permissions import Act
from tracker.services.import_batches import answer, find_batch, open_batch
from tracker.services.import_parts import data_of
from tracker.services.milestones import use_token
from tracker.services.plan_outcomes import ASKED
from tracker.views.guards import actor, needs, now, today
from tracker.views.import_work import where_next, work_on
from tracker.views.imports import frame, imports

_PAGE = 20
_OF_PLAN = {
    "re-dated": "Dates that differ from the agreed ones",
    "lead changed": "Leads that changed",
    "reworded?": "Lines that may be reworded",
    "moved": "Lines that may have been moved",
    "ref twice": "References that are used twice",
    "both changed": "Words that changed here and in the file",
    "missing": "Lines of the plan that are not in the file",
    "completed": "What the file says is completed",
    "started": "What the file says has started",
    "delayed": "What the file says is delayed",
    "stopped": "What the file says was stopped",
    "only then": "Lines that stood in that edition only",
}
_STALE = "These questions were answered in another window too. Look at the answers below and send them again"


def all_questions(batch: ImportBatch) -> dict[str, list[dict[str, Any]]]:
    """Return the questions of a batch by kind: those about the file, then those about lines of the plan."""
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for question in data_of(database(), batch.id, "questions") or []:
        found[question["kind"]].append(question)
    tried = data_of(database(), batch.id, "tried") or {"lines": []}
    for line in tried["lines"]:
        if line["choices"]:
            found.setdefault(line["question"], []).append(_of_line(line))
    return {kind: questions for kind, questions in found.items() if questions}


def _of_line(line: dict[str, Any]) -> dict[str, Any]:
    quoted = line["after"] or line["text"]
    if line["what"] in {"status", "deadline"}:
        quoted = f"{line['text']}: {quoted}"
    if line["before"] and line["before"] != quoted:
        quoted = f"{quoted} (now: {line['before']})"
    return {
        "key": f"{PLAN}{line['key']}",
        "kind": line["question"],
        "where": line["where"] or "In the plan",
        "quoted": f"{line['what']} {line['ref']}: {quoted}",
        "asked": line["detail"] if line["detail"].endswith("?") else f"{line['detail']} What is to be done?".strip(),
        "options": [[value, label] for value, label, _ in line["choices"]],
        "asks": {value: asks for value, _, asks in line["choices"] if asks},
        "types": "",
        "proposed": "",
        "same": line["question"],
    }


def title_of(kind: str) -> str:
    """Return what a kind of question is called."""
    return KINDS.get(kind) or _OF_PLAN.get(kind) or f"{kind[:1].upper()}{kind[1:]}".replace("_", " ")


def counts(batch: ImportBatch) -> list[dict[str, Any]]:
    """Return each kind of question with its number and how many are answered."""
    return [
        {
            "kind": kind,
            "title": title_of(kind),
            "number": len(questions),
            "answered": sum(question["key"] in batch.answers for question in questions),
        }
        for kind, questions in all_questions(batch).items()
    ]


@imports.route("/<int:import_id>/questions/<kind>", methods=["GET", "POST"])
@needs(Act.IMPORT)
def questions(import_id: int, kind: str) -> ResponseReturnValue:
    """Ask the questions of one kind, some at a time; keep the answers, and compare again after the last."""
    batch = find_batch(database(), actor(), import_id)
    if batch.applied_at is not None and request.method == "GET":
        return redirect(url_for("imports.done", import_id=import_id), 303)
    known = all_questions(batch)
    if kind not in known:
        raise NotFound("There are no such questions about this file.")
    pages = -(-len(known[kind]) // _PAGE)
    asked_for = request.args.get("page", "1")
    page = min(max(int(asked_for), 1), pages) if asked_for.isdecimal() and len(asked_for) < 9 else 1
    asked = [
        {**question, "others": _others(known[kind], question)}
        for question in known[kind][(page - 1) * _PAGE : page * _PAGE]
    ]
    form = questions_form(asked, batch.answers, ASKED, today())
    if form.is_submitted() and form.validate():
        batch = open_batch(database(), actor(), import_id)
        use_token(database(), form.form_token.data or "", actor(), now())
        if form.version.data == batch.version:
            answer(database(), batch, form.answers())
            following = _after(import_id, list(known), kind, page, pages)
            if following:
                return redirect(following, 303)
            return redirect(where_next(import_id, work_on(batch, "compare")), 303)
        form.refuse("", _STALE)
    form.version.data = batch.version
    kinds = list(known)
    shown = render_template(
        "imports/questions.html",
        batch=frame(batch),
        kind=kind,
        title=title_of(kind),
        number=len(known[kind]),
        asked=asked,
        form=form,
        page=page,
        pages=pages,
        place=kinds.index(kind) + 1,
        kinds=len(kinds),
        last=kind == kinds[-1] and page == pages,
    )
    return shown, 422 if form.error_links else 200


def _others(questions: list[dict[str, Any]], question: dict[str, Any]) -> list[str]:
    """Return the keys of the other questions that one answer may settle too."""
    if not question["same"]:
        return []
    return [each["key"] for each in questions if each["same"] == question["same"] and each["key"] != question["key"]]


def _after(import_id: int, kinds: list[str], kind: str, page: int, pages: int) -> str:
    """Return the address of the questions that follow, "" after the last."""
    if page < pages:
        return url_for("imports.questions", import_id=import_id, kind=kind, page=page + 1)
    following = kinds[kinds.index(kind) + 1 :]
    return url_for("imports.questions", import_id=import_id, kind=following[0]) if following else ""
