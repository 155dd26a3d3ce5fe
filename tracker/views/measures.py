"""The measures of a plan: what each is to reach, the figures so far, and what people say beside them."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import database
from tracker.forms.raid import ReadingForm, TakeBackForm, VoiceForm
from tracker.queries.measures import MeasureLine, measure_lines
from tracker.rules.errors import NotFound
from tracker.rules.permissions import Act, allowed
from tracker.services import measures as service
from tracker.services.measures import Figure, Heard
from tracker.views.acts import answered, say
from tracker.views.filters import as_at
from tracker.views.guards import actor, current_plan, needs, now, today
from tracker.views.plans import frame

measures = Blueprint("measures", __name__, url_prefix="/plans/<slug>/measures")


@measures.get("")
@needs(Act.SEE)
def index(slug: str) -> str:
    """Show every measure with its latest figure."""
    day = as_at()
    plan, _ = current_plan()
    return render_template(
        "measures/index.html",
        **frame(day),
        measures=measure_lines(database(), plan.id, day, today()),
        may_keep=allowed(actor(), Act.KEEP_REGISTERS, plan.id) and day == today(),
    )


@measures.route("/<int:measure_id>", methods=["GET", "POST"])
@needs(Act.KEEP_REGISTERS)
def add(slug: str, measure_id: int) -> ResponseReturnValue:
    """Enter a figure, beside those that are there."""
    plan, _ = current_plan()
    measure = _measure(plan.id, measure_id)
    form = ReadingForm()

    def act() -> str:
        figure = Figure(
            period=form.period.data or "",
            value=form.value.data or "",
            group=form.group.data or "",
            taken_on=form.taken_on.data,
            source=form.source.data or "",
        )
        service.add_reading(database(), actor(), now(), plan.id, measure_id, form.form_token.data or "", figure)
        say("The figure is entered.")
        return url_for("measures.add", slug=slug, measure_id=measure_id)

    return answered("measures/add.html", form, act, plan=plan, demonstration=plan.demonstration, measure=measure)


@measures.route("/<int:measure_id>/<int:reading_id>/take-back", methods=["GET", "POST"])
@needs(Act.KEEP_REGISTERS)
def take_back(slug: str, measure_id: int, reading_id: int) -> ResponseReturnValue:
    """Take a figure back that is wrong."""
    plan, _ = current_plan()
    measure = _measure(plan.id, measure_id)
    reading = next((one for one in measure.readings if one.id == reading_id), None)
    form = TakeBackForm()

    def act() -> str:
        token, reason = form.form_token.data or "", form.reason.data or ""
        service.take_back_reading(database(), actor(), now(), plan.id, measure_id, reading_id, token, reason)
        say("The figure is taken back. The history keeps it.")
        return url_for("measures.add", slug=slug, measure_id=measure_id)

    return answered(
        "measures/take_back.html",
        form,
        act,
        plan=plan,
        demonstration=plan.demonstration,
        measure=measure,
        reading=reading,
        voice=None,
    )


@measures.route("/<int:measure_id>/voices", methods=["GET", "POST"])
@needs(Act.KEEP_REGISTERS)
def add_voice(slug: str, measure_id: int) -> ResponseReturnValue:
    """Enter what people say, beside the figures."""
    plan, _ = current_plan()
    form = VoiceForm()

    def act() -> str:
        heard = Heard(form.who.data or "", form.text.data or "", form.source.data or "", form.heard_on.data)
        service.add_voice(database(), actor(), now(), plan.id, measure_id, form.form_token.data or "", heard)
        say("What they say is entered. The next pack prints it beside the figures.")
        return url_for("measures.add", slug=slug, measure_id=measure_id)

    known = {"plan": plan, "demonstration": plan.demonstration, "measure": _measure(plan.id, measure_id)}
    return answered("measures/voice.html", form, act, **known)


@measures.route("/<int:measure_id>/voices/<int:voice_id>/take-back", methods=["GET", "POST"])
@needs(Act.KEEP_REGISTERS)
def take_back_voice(slug: str, measure_id: int, voice_id: int) -> ResponseReturnValue:
    """Take back what people say."""
    plan, _ = current_plan()
    measure = _measure(plan.id, measure_id)
    form = TakeBackForm()

    def act() -> str:
        token, reason = form.form_token.data or "", form.reason.data or ""
        service.take_back_voice(database(), actor(), now(), plan.id, measure_id, voice_id, token, reason)
        say("It is taken back. The history keeps it.")
        return url_for("measures.add", slug=slug, measure_id=measure_id)

    voice = next((one for one in measure.voices if one.id == voice_id), None)
    known = {"plan": plan, "demonstration": plan.demonstration, "measure": measure, "voice": voice, "reading": None}
    return answered("measures/take_back.html", form, act, **known)


def _measure(plan_id: int, measure_id: int) -> MeasureLine:
    found = measure_lines(database(), plan_id, today(), today())
    measure = next((line for line in found if line.id == measure_id), None)
    if measure is None:
        raise NotFound("There is no such measure in this plan.")
    return measure
