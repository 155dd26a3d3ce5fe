"""The chase desk of a plan: who owes what, the last contact, the next step, and one button to ask now."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.fields import ActForm
from tracker.queries.chase_desk import Debtor, chase_desk
from tracker.queries.message_settings import as_chosen
from tracker.rules.chasing import OWES_WORDS, Owes
from tracker.rules.escalation import RUNG_WORDS
from tracker.rules.permissions import Act
from tracker.rules.text import clean, fold
from tracker.services.chasing import chase_post
from tracker.services.update_links import Links
from tracker.views.acts import number, say
from tracker.views.filters import asked_number, settings
from tracker.views.guards import actor, current_plan, needs, now, today

chase = Blueprint("chase", __name__)
_PAGE = 25
_ANSWERS = {"": "Anybody", "somebody": "Somebody answers", "nobody": "Vacant or away", "silent": "Never contacted"}


@chase.get("/plans/<slug>/chase")
@needs(Act.CHASE)
def desk(slug: str) -> str:
    """List the posts that owe something, the longest list first."""
    plan, schemes = current_plan()
    found = chase_desk(database(), plan, schemes, today(), as_chosen(database(), settings()).grace_days)
    owes = request.args.get("owes", "")
    owes = owes if owes in set(Owes) else ""
    answers = request.args.get("answers", "")
    answers = answers if answers in _ANSWERS else ""
    q = clean(request.args.get("q", ""))[:80]
    rows = [row for row in found.rows if _matches(row, owes, answers, q)]
    pages = max(1, -(-len(rows) // _PAGE))
    page = min(asked_number("page") or 1, pages)
    return render_template(
        "chase/desk.html",
        plan=plan,
        desk=found,
        rows=rows[(page - 1) * _PAGE : page * _PAGE],
        total=len(rows),
        page=page,
        pages=pages,
        here=url_for("chase.desk", slug=slug, owes=owes or None, answers=answers or None, q=q or None),
        owes=owes,
        answers=answers,
        q=q,
        kinds=OWES_WORDS,
        choices=_ANSWERS,
        rungs=RUNG_WORDS,
        viewer_id=actor().person_id,
        today=today(),
        form=ActForm(),
        demonstration=plan.demonstration,
    )


@chase.post("/plans/<slug>/chase")
@needs(Act.CHASE)
def ask(slug: str) -> ResponseReturnValue:
    """Ask whoever answers for a post, in one message each."""
    post_id = number(request.form.get("post", ""))
    token = ActForm().form_token.data or ""
    stands = as_chosen(database(), settings())
    links = Links(stands.secret_key, stands.link_days)
    told = chase_post(database(), actor(), now(), slug, token, post_id, stands.grace_days, links)
    say(f"A message is on its way to: {'; '.join(told)}.")
    return redirect(url_for("chase.desk", slug=slug, _anchor=f"post-{post_id}"), 303)


def _matches(row: Debtor, owes: str, answers: str, q: str) -> bool:
    """Tell whether a post is one of those that the filters ask for."""
    if owes and all(debt.owes != owes for debt in row.debts):
        return False
    if (answers == "somebody" and row.by_managers) or (answers == "nobody" and not row.by_managers):
        return False
    if answers == "silent" and row.last is not None:
        return False
    names = " ".join([row.post, *(one.name for one in (*row.people, *row.reached))])
    return fold(q) in fold(names)
