"""Reports of a plan as Word, Excel, PowerPoint, web page, PDF, OpenDocument and CSV, as at any day."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from tracker.exports import AUDIENCES, FORMATS, ReportFacts, build_report, file_name, render, select
from tracker.exports.audiences import WHOLE
from tracker.exports.gather import report_facts
from tracker.exports.office import MISSING, NoOffice, OfficeFailed, office
from tracker.extensions import database
from tracker.queries.comparison import compared_day
from tracker.rules.permissions import Act
from tracker.services.report_templates import template_of
from tracker.views.filters import as_at, asked_version, settings
from tracker.views.guards import current_plan, needs, now, today
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
        missing="" if office() else MISSING,
        problem=problem,
    )
