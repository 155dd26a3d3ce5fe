"""Reports of a plan as Word, Excel, PowerPoint, web page, PDF, OpenDocument and CSV, as at any day."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.exports import AUDIENCES, FORMATS, ReportFacts, build_report, file_name, render, select
from tracker.exports.audiences import WHOLE
from tracker.exports.gather import report_facts
from tracker.exports.office import MISSING, NoOffice, OfficeFailed, office
from tracker.extensions import database
from tracker.forms.reports import TemplateForm
from tracker.imports.report_template import checked_template
from tracker.queries.comparison import compared_day
from tracker.queries.rows import PlanRow
from tracker.rules.permissions import Act, allowed
from tracker.rules.security import Kind
from tracker.services.report_templates import remove_template, save_template, template_of, templates
from tracker.services.security import Noted, note
from tracker.views.acts import answered, once, say
from tracker.views.filters import as_at, asked_version, settings
from tracker.views.guards import actor, current_plan, needs, now, takes_files, today
from tracker.views.plans import asked_since, frame

reports = Blueprint("reports", __name__)


def facts(*, annexes: bool = True) -> ReportFacts:
    """Return the facts that an address asks for: plan, as-at day, day to compare with."""
    day = as_at()
    plan, scheme = current_plan()
    against = asked_version(plan, day)
    return report_facts(
        database(),
        plan,
        scheme,
        day,
        today(),
        now(),
        since=asked_since(day),
        contact=settings().contact_email,
        annexes=annexes,
        against=against,
    )


@reports.get("/plans/<slug>/reports")
@needs(Act.REPORT)
def index(slug: str) -> str:
    """Offer the reports."""
    return _offer()


@reports.get("/plans/<slug>/report.<format>")
@needs(Act.REPORT)
def download(slug: str, format: str) -> ResponseReturnValue:
    """Make a report and send it as a file."""
    if format not in FORMATS:
        abort(404)
    made = build_report(facts())
    if not format.startswith("csv"):  # the register as data is the whole of it, whoever reads it
        made = select(made, _audience())
    try:
        data = render(made, format, template_of(settings().data_dir, made.slug))
    except (NoOffice, OfficeFailed) as refusal:
        return _offer(refusal.sentence), 503
    response = Response(data, content_type=FORMATS[format].mime)
    response.headers.set("Content-Disposition", "attachment", filename=file_name(made, format))
    return response


@reports.route("/plans/<slug>/report-template", methods=["GET", "POST"])
@needs(Act.PREPARE_PACK)
@takes_files
def template(slug: str) -> ResponseReturnValue:
    """Show and change the Word document that reports of the plan are made on."""
    plan, _ = current_plan()
    return _template(plan.slug, "the plan", plan=plan)


@reports.route("/report-template", methods=["GET", "POST"])
@needs(Act.CHOOSE_TEMPLATE)
@takes_files
def council_template() -> ResponseReturnValue:
    """Show and change the Word document that reports of every plan without one of its own are made on."""
    return _template("", "the council", plan=None)


def _template(slug: str, whose: str, plan: PlanRow | None) -> ResponseReturnValue:
    """Answer the page of a Word document: of a plan, or of the council where no plan is named."""
    from tracker.exports.docx_template import told_of_template

    form = TemplateForm()
    form.remove.label.text = f"Take the document of {whose} away"
    folder = settings().data_dir
    kept = templates(folder)

    def act() -> str:
        once(form)
        if form.remove.data:
            remove_template(folder, slug)
            done = f"The Word document of {whose} is taken away."
        else:
            save_template(folder, checked_template(form.template.data.read()), slug)
            who = "this plan" if slug else "every plan without one of its own"
            done = f"Reports of {who} are made on the document now."
        note(database(), now(), Kind.TEMPLATE_CHANGED, actor(), Noted(plan_id=plan.id if plan else None, detail=done))
        say(done)
        return url_for("reports.template", slug=slug) if slug else url_for("reports.council_template")

    own = slug in kept
    told = told_of_template(kept[slug].read_bytes()) if own else []
    shown = {"plan": plan, "own": own, "council": "" in kept, "told": told}
    return answered("reports/template.html", form, act, **shown)


def _audience() -> str:
    """Return the audience that an address asks for; the board where it names none that there is."""
    asked = request.args.get("audience", WHOLE)
    return asked if asked in AUDIENCES else WHOLE


def _offer(problem: str = "") -> str:
    """Return the page of reports; `problem` says why the one that was asked for could not be made."""
    day = as_at()
    asked_version(current_plan()[0], day)
    return render_template(
        "reports/index.html",
        **frame(day),
        day=day,
        since=asked_since(day) or compared_day(database(), current_plan()[0], day),
        formats={name: made for name, made in FORMATS.items() if not made.source or office()},
        audiences=AUDIENCES,
        audience=_audience(),
        may_template=allowed(actor(), Act.PREPARE_PACK, current_plan()[0].id),
        may_choose=allowed(actor(), Act.CHOOSE_TEMPLATE, None),
        missing="" if office() else MISSING,
        problem=problem,
    )
