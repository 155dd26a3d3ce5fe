"""What registers, measures, plans and report templates refuse: the very sentence, and nothing is changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY, milestone_line
from tests.services.boards import token
from tests.services.refused import refused
from tracker.models import LedgerEntry, Measure, Plan, Post
from tracker.rules.document import MeasureLine, ReadingLine
from tracker.rules.errors import Conflict, NotFound, Refusal
from tracker.rules.permissions import Actor, Role
from tracker.services.measures import Figure, Heard, add_reading, add_voice, take_back_reading, take_back_voice
from tracker.services.plans import edit_plan
from tracker.services.posts import close_post, save_post
from tracker.services.raid import Entry, add_entry, change_entry
from tracker.services.report_templates import FOLDER, remove_template, save_template, template_of
from tracker.services.verification import verify

RISK = Entry("The provider may close", likelihood=4, severity=4)
WAITS = MeasureLine("Weeks until the first appointment", readings=[ReadingLine("Summer term 2025", "36")])
PLANS = MeasureLine("Plans on time", readings=[ReadingLine("Summer term 2025", "52%")])


@pytest.fixture
def plan(session: Session) -> Plan:
    return factories.plan(session, *(milestone_line(str(ref)) for ref in range(1, 52)), measures=[WAITS, PLANS])


def measures_of(session: Session, plan: Plan) -> list[Measure]:
    return list(session.scalars(select(Measure).where(Measure.plan_id == plan.id).order_by(Measure.id)))


# ------------------------------------------------------------------ registers
def test_an_entry_that_is_not_there_is_not_changed(session: Session, plan: Plan, manager: Actor) -> None:
    add_entry(session, manager, NOW, plan.id, token(), "risk", RISK)
    with refused(session, "There is no such entry in the registers of this plan.", NotFound):
        change_entry(session, manager, NOW, plan.id, 999_999, 1, token(), RISK)


def test_an_entry_that_somebody_else_changed_is_not_saved_from_an_old_form(
    session: Session, plan: Plan, manager: Actor
) -> None:
    row = add_entry(session, manager, NOW, plan.id, token(), "risk", RISK)
    opened, worse = row.version, replace(RISK, severity=5)
    change_entry(session, manager, NOW, plan.id, row.id, opened, token(), worse)
    said = "Manager changed this entry while you had it open. Nothing of yours is lost: compare both and save again."
    with refused(session, said, Conflict):
        change_entry(session, manager, NOW, plan.id, row.id, opened, token(), replace(RISK, severity=3))


def test_an_entry_bears_on_at_most_fifty_milestones(session: Session, plan: Plan, manager: Actor) -> None:
    named = [f"1a.{ref}" for ref in range(1, 52)]
    with refused(session, "Name at most 50 milestones.", field="milestones"):
        wide = Entry(RISK.title, likelihood=4, severity=4, milestones=", ".join(named))
        add_entry(session, manager, NOW, plan.id, token(), "risk", wide)
    fits = Entry(RISK.title, likelihood=4, severity=4, milestones=", ".join(named[:50]))
    assert add_entry(session, manager, NOW, plan.id, token(), "risk", fits).ref == "R1"


# ------------------------------------------------------------------ measures
def test_a_figure_is_entered_for_a_measure_of_the_plan(session: Session, plan: Plan, manager: Actor) -> None:
    other = factories.plan(session, measures=[WAITS])
    (theirs,) = measures_of(session, other)
    for measure_id in (999_999, theirs.id):
        with refused(session, "There is no such measure in this plan.", NotFound):
            add_reading(session, manager, NOW, plan.id, measure_id, token(), Figure("Autumn term 2025", "30"))


def test_a_figure_is_taken_back_at_the_measure_that_it_is_of(session: Session, plan: Plan, manager: Actor) -> None:
    waits, plans = measures_of(session, plan)
    row = add_reading(session, manager, NOW, plan.id, waits.id, token(), Figure("Autumn term 2025", "30"))
    for measure, key in ((waits, 999_999), (plans, row.id)):
        with refused(session, "There is no such figure of this measure.", NotFound):
            take_back_reading(session, manager, NOW, plan.id, measure.id, key, token(), "It was of another school")


HEARD = Heard("Parent carers", "We wait too long.", "The forum", TODAY)


@pytest.mark.parametrize(
    ("heard", "said", "field"),
    [
        (replace(HEARD, who=" "), "Enter whose voice it is, as a group.", "who"),
        (replace(HEARD, text=" "), "Enter what they say.", "text"),
        (replace(HEARD, source=" "), "Enter where it is from.", "source"),
        (replace(HEARD, heard_on=None), "Enter the day on which it was heard: today or earlier.", "heard_on"),
        (
            replace(HEARD, heard_on=TODAY + timedelta(days=1)),
            "Enter the day on which it was heard: today or earlier.",
            "heard_on",
        ),
    ],
)
def test_what_people_say_has_who_says_it_where_and_when(
    session: Session, plan: Plan, manager: Actor, heard: Heard, said: str, field: str
) -> None:
    waits, _ = measures_of(session, plan)
    with refused(session, said, field=field):
        add_voice(session, manager, NOW, plan.id, waits.id, token(), heard)


def test_what_people_say_is_entered_and_taken_back_once_and_with_a_reason(
    session: Session, plan: Plan, manager: Actor
) -> None:
    waits, plans = measures_of(session, plan)
    row = add_voice(session, manager, NOW, plan.id, waits.id, token(), HEARD)

    def take_back(measure: Measure, key: int, reason: str) -> None:
        take_back_voice(session, manager, NOW, plan.id, measure.id, key, token(), reason)

    for measure, key in ((waits, 999_999), (plans, row.id)):
        with refused(session, "There is no such voice of this measure.", NotFound):
            take_back(measure, key, "It was of another school")
    with refused(session, "Say why the voice is taken back.", field="reason"):
        take_back(waits, row.id, " ")
    take_back(waits, row.id, "It was of another school")
    with refused(session, "This voice has been taken back already."):
        take_back(waits, row.id, "Twice")
    entries = select(LedgerEntry.verb).where(LedgerEntry.subject_type == "voice").order_by(LedgerEntry.seq)
    assert session.scalars(entries).all() == [
        "entered what people say of Weeks until the first appointment",
        "took back a voice of Weeks until the first appointment",
    ]
    assert not verify(session, plan.slug).faults


# ------------------------------------------------------------------ plans
def test_the_senior_officer_of_a_plan_holds_a_post_that_there_is(session: Session, plan: Plan, manager: Actor) -> None:
    administrator = factories.member(session, plan, Role.ADMINISTRATOR)[1]
    organisation = session.scalars(select(Post.organisation_id)).first()
    closed = save_post(session, administrator, NOW, "Head of Health", organisation)
    close_post(session, administrator, NOW, closed.id, TODAY)
    for post_id in (999_999, closed.id):
        with refused(session, "Select a post that there is.", field="senior_post_id"):
            edit_plan(session, manager, NOW, plan.id, {"senior_post_id": post_id}, "The board asked for it")


# ------------------------------------------------------------------ report templates
@pytest.mark.parametrize("slug", ["../council", "..\\council", "a/b"])
def test_no_template_is_kept_found_or_removed_outside_its_folder(tmp_path: Path, slug: str) -> None:
    save_template(tmp_path, b"ours")
    before = sorted(tmp_path.rglob("*"))
    for act in (
        lambda: save_template(tmp_path, b"theirs", slug),
        lambda: remove_template(tmp_path, slug),
        lambda: template_of(tmp_path, slug),
    ):
        with pytest.raises(Refusal) as caught:
            act()
        assert caught.value.sentence == f"There is no plan “{slug}”."
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / FOLDER / "council.docx").read_bytes() == b"ours"
