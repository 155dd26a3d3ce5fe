"""What a meeting said to an issued pack: read by everybody who reads the pack, minuted by the manager."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from tracker.extensions import database
from tracker.forms.packs import MeetingActionForm, MinuteForm, SettleActionForm, WordsForm
from tracker.forms.raid import TakeBackForm
from tracker.queries.minutes import Asked, actions_of, asked_of, minuted_on
from tracker.rules.errors import NotFound
from tracker.rules.minutes import ACTION_WORDS, IN_WORDS, OUTCOME_WORDS, ActionState, Outcome
from tracker.rules.permissions import Act, allowed
from tracker.services import minutes as service
from tracker.services.minuted import minuted_together, take_back, why_no_take_back
from tracker.services.packs import open_pack
from tracker.views.acts import answered, number, say
from tracker.views.guards import actor, needs, now, today
from tracker.views.packs import find, packs


@packs.get("/packs/<int:pack_id>/minutes")
@needs(Act.READ_PACK)
def minutes(pack_id: int) -> str:
    """Show what the pack asked the board, what the meeting said to it, and the actions that it agreed."""
    row = find(pack_id)
    why_not = service.why_no_minutes(row, row.meeting, today())
    asked = asked_of(database(), row)
    may_minute = allowed(actor(), Act.MINUTE, row.plan_id)
    return render_template(
        "packs/minutes.html",
        pack=row,
        asked=asked,
        in_words=minuted_on(database(), row).get(IN_WORDS, ()),
        left=sum(one.waits for one in asked),
        actions=actions_of(database(), row),
        outcomes=OUTCOME_WORDS,
        states=ACTION_WORDS,
        today=today(),
        why_not=why_not,
        may_minute=may_minute and not why_not,
        may_take_back=may_minute and not why_no_take_back(database(), row),
        may_prepare=allowed(actor(), Act.PREPARE_PACK, row.plan_id),
    )


@packs.route("/packs/<int:pack_id>/minutes/new", methods=["GET", "POST"])
@needs(Act.MINUTE)
def minute(pack_id: int) -> ResponseReturnValue:
    """Minute what the meeting said to some of the decisions."""
    row = find(pack_id, Act.MINUTE)
    waiting = [one for one in asked_of(database(), row) if one.waits]
    form = MinuteForm()
    form.decisions.choices = [SelectChoice(f"{one.subject}:{one.version}", _label(one)) for one in waiting]

    def act() -> str:
        seen = {subject: number(version) for subject, _, version in map(_parts, form.decisions.data or ())}
        outcome, reference = Outcome(form.outcome.data), form.minute.data or ""
        token, note = form.form_token.data or "", form.note.data or ""
        service.minute(database(), actor(), now(), pack_id, token, seen, outcome, reference, note)
        say(f"{OUTCOME_WORDS[outcome]}: {len(seen)} decision{'' if len(seen) == 1 else 's'} minuted.")
        return url_for("packs.minutes", pack_id=pack_id)

    return answered("packs/minute.html", form, act, pack=row, waiting=waiting)


@packs.route("/packs/<int:pack_id>/minutes/words", methods=["GET", "POST"])
@needs(Act.MINUTE)
def minute_words(pack_id: int) -> ResponseReturnValue:
    """Minute a decision that the pack did not ask for."""
    row = find(pack_id, Act.MINUTE)
    form = WordsForm()

    def act() -> str:
        token, text, reference = form.form_token.data or "", form.text.data or "", form.minute.data or ""
        service.minute_words(database(), actor(), now(), pack_id, token, text, reference)
        say("The decision is minuted. The next pack prints it.")
        return url_for("packs.minutes", pack_id=pack_id)

    return answered("packs/words.html", form, act, pack=row)


@packs.route("/packs/<int:pack_id>/minutes/<int:minute_id>/take-back", methods=["GET", "POST"])
@needs(Act.MINUTE)
def take_back_minute(pack_id: int, minute_id: int) -> ResponseReturnValue:
    """Ask whether a minute is to be taken back with what it did, and take it back."""
    row = find(pack_id, Act.MINUTE)
    pack = open_pack(database(), actor(), pack_id, Act.MINUTE)
    together = minuted_together(database(), pack, minute_id)
    form = TakeBackForm()

    def act() -> str:
        token, reason = form.form_token.data or "", form.reason.data or ""
        take_back(database(), actor(), now(), pack_id, minute_id, token, reason)
        say("The minute is taken back. What it decided waits for a decision again.")
        return url_for("packs.minutes", pack_id=pack_id)

    known = {"pack": row, "together": together, "outcomes": OUTCOME_WORDS}
    return answered("packs/take_back.html", form, act, **known, in_words=IN_WORDS)


@packs.route("/packs/<int:pack_id>/actions/new", methods=["GET", "POST"])
@needs(Act.MINUTE)
def add_action(pack_id: int) -> ResponseReturnValue:
    """Record an action that the meeting agreed."""
    row = find(pack_id, Act.MINUTE)
    form = MeetingActionForm()

    def act() -> str:
        values = {name: form[name].data for name in ("text", "owner", "due", "minute")}
        made = service.add_action(database(), actor(), now(), pack_id, form.form_token.data or "", values)
        say(f"Action {made.number} is recorded. The next pack prints it with what has become of it.")
        return url_for("packs.minutes", pack_id=pack_id)

    return answered("packs/action.html", form, act, pack=row)


@packs.route("/packs/<int:pack_id>/actions/<int:action_id>", methods=["GET", "POST"])
@needs(Act.MINUTE)
def settle_action(pack_id: int, action_id: int) -> ResponseReturnValue:
    """Say what has become of an action."""
    row = find(pack_id, Act.MINUTE)
    action = next((one for one in actions_of(database(), row) if one.id == action_id), None)
    if action is None:
        raise NotFound("There is no such action.")
    there = {"state": action.state.value, "outcome": action.outcome, "version": action.version}
    form = SettleActionForm() if request.method == "POST" else SettleActionForm(**there)

    def act() -> str:
        state, outcome = ActionState(form.state.data), form.outcome.data or ""
        service.settle_action(database(), actor(), now(), pack_id, action_id, *form.stamp, state, outcome)
        say(f"Action {action.number} is saved.")
        return url_for("packs.minutes", pack_id=pack_id)

    return answered("packs/settle_action.html", form, act, pack=row, action=action)


def _parts(value: str) -> tuple[str, str, str]:
    return value.rpartition(":")


def _label(one: Asked) -> str:
    return f"{one.about.rstrip('.')}. {one.sentence}"
