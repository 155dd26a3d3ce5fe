"""What comes after a sign-off: taken back with a reason, or checked some months later."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.governance import CheckForm, RevokeForm
from tracker.rules.permissions import Act
from tracker.services.completion import check_completion, revoke_signoff
from tracker.views.guards import actor, needs, now
from tracker.views.milestone_forms import answer, opened, said
from tracker.views.milestones import evidence_links, milestones


@milestones.route("/<int:milestone_id>/revoke", methods=["GET", "POST"])
@needs(Act.DECIDE_COMPLETION)
def revoke(milestone_id: int) -> ResponseReturnValue:
    """Take a sign-off back: the milestone is open again."""
    page, _ = opened(milestone_id, Act.DECIDE_COMPLETION)
    form = RevokeForm() if request.method == "POST" else RevokeForm(version=page.milestone.version)

    def act() -> str:
        token, version = form.form_token.data or "", form.version.data or 0
        revoke_signoff(database(), actor(), now(), milestone_id, version, token, form.reason.data or "")
        return said(milestone_id, "The sign-off is taken back. The milestone is open again.")

    return answer("milestones/revoke.html", form, page, act)


@milestones.route("/<int:milestone_id>/check", methods=["GET", "POST"])
@needs(Act.DECIDE_COMPLETION)
def check(milestone_id: int) -> ResponseReturnValue:
    """Say whether a completion is still true some months after its sign-off."""
    page, _ = opened(milestone_id, Act.DECIDE_COMPLETION)
    form = CheckForm() if request.method == "POST" else CheckForm(version=page.milestone.version)

    def act() -> str:
        still_true = form.answer.data == "yes"
        check_completion(
            database(),
            actor(),
            now(),
            milestone_id,
            form.version.data or 0,
            form.form_token.data or "",
            still_true=still_true,
            reason=form.reason.data or "",
        )
        return said(milestone_id, "It is marked as embedded." if still_true else "The milestone is open again.")

    more = {"evidence": evidence_links(page), "check_due": page.check_due}
    return answer("milestones/check.html", form, page, act, **more)
