"""What a highlight report says: facts in, a tree of numbered sections out. No renderer, no clock, no database."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tracker.exports.audiences import numbered
from tracker.exports.facts import ReportFacts
from tracker.exports.report import Report, Section
from tracker.exports.sections.actions import actions
from tracker.exports.sections.ahead import ahead
from tracker.exports.sections.commitments import commitments
from tracker.exports.sections.decisions import decisions
from tracker.exports.sections.exceptions import exceptions
from tracker.exports.sections.front import front
from tracker.exports.sections.glossary import glossary
from tracker.exports.sections.interdependencies import interdependencies
from tracker.exports.sections.key import key
from tracker.exports.sections.movement import movement
from tracker.exports.sections.one_page import one_page
from tracker.exports.sections.outcomes import outcomes
from tracker.exports.sections.priorities import priorities
from tracker.exports.sections.public import public
from tracker.exports.sections.quality import quality
from tracker.exports.sections.raid import raid
from tracker.exports.sections.register import register
from tracker.exports.sections.since_met import since_met
from tracker.exports.sections.slippage import slippage
from tracker.exports.wording import group_status

NOTICE = "Illustrative progress for demonstration: not the actual progress of this plan."

# The order of the report. A section that has nothing to say returns None and is left out.
SECTIONS = (
    front,
    one_page,
    decisions,
    exceptions,
    priorities,
    since_met,
    movement,
    ahead,
    outcomes,
    raid,
    interdependencies,
    slippage,
    quality,
    actions,
    register,
    commitments,
    key,
    glossary,
)


# What the board view shows of it; the annexes and the sections for specialists are in the papers.
ON_SCREEN = (one_page, decisions, exceptions, since_met, movement, ahead)


def build_report(facts: ReportFacts, sections: Sequence[Callable[[ReportFacts], Section | None]] = SECTIONS) -> Report:
    """Build the report from one frozen set of facts; the same facts give the same report."""
    snapshot = facts.snapshot
    return Report(
        slug=snapshot.plan.slug,
        plan_title=snapshot.plan.title,
        organisation=snapshot.plan.organisation,
        as_at=snapshot.day,
        since=facts.since if facts.before is not None else None,
        prepared_on=facts.prepared_on,
        headline=group_status(snapshot.headline.colour, facts.vocabulary),
        headline_sentence=snapshot.headline.reason,
        marking=snapshot.plan.marking,
        notice=NOTICE if snapshot.plan.demonstration else "",
        version=snapshot.version.baseline,
        scheme_name=snapshot.plan.ratings.on(snapshot.day).name,
        sections=tuple(numbered(section for make in sections if (section := make(facts)) is not None)),
        public=public(facts) if sections is SECTIONS else (),
    )
