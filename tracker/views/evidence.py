"""Evidence of a completion: added, taken back with a reason, downloaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from flask import Response, request
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.governance import EvidenceForm, WithdrawForm
from tracker.forms.milestones import ClaimForm, UpdateForm
from tracker.models import Evidence
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import Act, allowed
from tracker.services.evidence import NewEvidence, give_evidence, withdraw_evidence
from tracker.services.evidence_files import read_file
from tracker.views.guards import actor, needs, now, takes_files, today
from tracker.views.milestone_forms import answer, opened, said
from tracker.views.milestones import evidence_folder, load, milestones
from tracker.views.refusals import keep_upload


def sent_evidence(form: EvidenceForm | UpdateForm | ClaimForm) -> tuple[NewEvidence, ...]:
    """Return what a form gives as evidence; a file is stored."""
    found: list[NewEvidence] = []
    if form.evidence_url.data:
        found.append(NewEvidence(title=form.evidence_url.data, url=form.evidence_url.data))
    upload = form.evidence_file.data
    if upload:
        found.append(keep_upload(evidence_folder(), upload))
    return tuple(found)


@contextmanager
def forget_unless_kept(found: Sequence[NewEvidence]) -> Iterator[None]:
    """Remove stored files again where the act that they were for is refused: nothing refers to them."""
    try:
        yield
    except Refusal:
        for item in found:
            if item.stored_name:
                (evidence_folder() / item.stored_name).unlink(missing_ok=True)
        raise


@milestones.route("/<int:milestone_id>/evidence", methods=["GET", "POST"])
@needs(Act.CLAIM)
@takes_files
def give(milestone_id: int) -> ResponseReturnValue:
    """Add evidence; a sign-off lapses by it, and the page says so before."""
    page, _ = opened(milestone_id, Act.CLAIM)
    form = EvidenceForm()

    def act() -> str:
        found = sent_evidence(form)
        with forget_unless_kept(found):
            give_evidence(database(), actor(), now(), milestone_id, form.form_token.data or "", *found)
        return said(milestone_id, "The evidence is added.")

    return answer("milestones/evidence.html", form, page, act)


@milestones.route("/<int:milestone_id>/evidence/<int:evidence_id>/withdraw", methods=["GET", "POST"])
@needs(Act.CLAIM)
def withdraw(milestone_id: int, evidence_id: int) -> ResponseReturnValue:
    """Take evidence back with a reason; it stays stored and listed."""
    page, _ = opened(milestone_id, Act.CLAIM)
    item = next((item for item in page.evidence if item.id == evidence_id), None)
    if item is None and request.method == "GET":
        raise NotFound("There is no such evidence, or it has been withdrawn already.")
    form = WithdrawForm()

    def act() -> str:
        token = form.form_token.data or ""
        withdraw_evidence(database(), actor(), now(), milestone_id, evidence_id, token, form.reason.data or "")
        return said(milestone_id, "The evidence is withdrawn. It stays on the record.")

    return answer("milestones/withdraw.html", form, page, act, item=item, evidence_id=evidence_id)


@milestones.get("/<int:milestone_id>/evidence/<int:evidence_id>")
@needs(Act.SEE)
def evidence(milestone_id: int, evidence_id: int) -> ResponseReturnValue:
    """Download a file of evidence: always as an attachment, never run in the page.

    What was withdrawn is for those who may read the history.
    """
    page = load(milestone_id, today())
    item = database().get(Evidence, evidence_id)
    own = bool(actor().posts & {lead.post_id for lead in page.milestone.leads})
    may = item is not None and (not item.withdrawn or allowed(actor(), Act.READ_LEDGER, page.plan.id, own=own))
    if item is None or item.milestone_id != milestone_id or not item.stored_name or not may:
        raise NotFound("There is no such file.")
    response = Response(read_file(evidence_folder(), item.stored_name, item.sha256), content_type=item.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=" ".join(item.title.split()))
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
