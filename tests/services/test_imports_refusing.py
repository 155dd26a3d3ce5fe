"""What imports, their work, their profiles and the timetable refuse: the very sentence, and nothing is changed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, milestone_line
from tests.services.boards import token
from tests.services.documents import create, manager_of
from tests.services.refused import refused
from tracker.models import ImportBatch, ImportProfile, Plan
from tracker.rules.document import PlanDocument
from tracker.rules.errors import Conflict, NotFound, NotPermitted
from tracker.rules.permissions import SYSTEM, TABLE, Act, Actor, Role
from tracker.rules.timetable import TIMETABLE
from tracker.services.import_batches import apply_batch, keep_batch
from tracker.services.import_jobs import Cancelled, begin_job, end_job, hear, latest_job
from tracker.services.import_profiles import delete_profile, find_profile, rename_profile, save_profile
from tracker.services.importing import bring_in, try_out
from tracker.services.job_runs import ask_for
from tracker.services.update_links import withdraw_links


def may_not(act: Act) -> str:
    """Return the sentence for who may not."""
    return f"You may not {act.value} with the roles you have. Ask the improvement manager."


def redated(date: str = "Dec 2025") -> PlanDocument:
    """Return an edition of a plan of one milestone."""
    return factories.document(milestone_line("1", date=date), slug="send")


# ------------------------------------------------------------------ editions
def test_an_edition_is_brought_in_by_who_may_import_into_its_plan(session: Session) -> None:
    plan = create(session, redated("Sep 2025"))
    stranger = Actor(factories.person(session).id, "The manager of another plan", roles={0: frozenset({Role.MANAGER})})
    with refused(session, "There is no such plan, or you may not see it.", NotFound):
        bring_in(session, redated(), stranger, NOW)
    for role in (Role.LEAD, Role.BOARD, Role.AUDITOR):
        with refused(session, may_not(Act.IMPORT), NotPermitted):
            bring_in(session, redated(), Actor(1, "Somebody", roles={plan.id: frozenset({role})}), NOW)


def test_that_a_date_had_been_moved_by_then_is_recorded_by_who_decides_dates(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, then = (NOW.date() - timedelta(days=days) for days in (60, 30))
    made = bring_in(session, redated("Sep 2025"), SYSTEM, NOW, as_at=first)
    manager = manager_of(session, session.get_one(Plan, made.plan_id))
    monkeypatch.setitem(TABLE, Act.DECIDE_DATE, {})  # type: ignore[arg-type]
    with refused(session, may_not(Act.DECIDE_DATE), NotPermitted):
        try_out(session, redated(), manager, NOW, decisions={"*re-dated": "edition"}, as_at=then)


@pytest.mark.parametrize("day", ["soon", "the fifth meeting", "2 September 2026"])
def test_the_meeting_that_agreed_a_date_was_on_a_day_that_has_been(session: Session, day: str) -> None:
    plan = create(session, redated("Sep 2025"))
    manager, key = manager_of(session, plan), "milestone 1/1a/1 date"
    given = {key: "agreed", f"{key}:minute": "5.2", f"{key}:meeting_on": day}
    said = f'Day of the meeting: enter a day that is today or earlier, for example 14 October 2025, not "{day}".'
    with refused(session, said, field=f"{key}:meeting_on"):
        try_out(session, redated(), manager, NOW, decisions=given)


def test_a_line_stands_in_no_way_that_there_is_not(session: Session) -> None:
    wrong = factories.document(milestone_line("1", standing="lost"), slug="lost")
    with refused(session, '"lost" is not how something stands. Say withdrawn, suspended or superseded.'):
        try_out(session, wrong, SYSTEM, NOW)


# ------------------------------------------------------------------ files and the work on them
@pytest.fixture
def batch(session: Session) -> ImportBatch:
    """Return a file that waits to be applied."""
    person = factories.person(session)
    return keep_batch(session, Actor(person.id, person.name), NOW, plan_slug="travel", filename="t.csv", data=b"ref")


def test_a_file_that_is_applied_is_not_applied_again(session: Session, batch: ImportBatch) -> None:
    batch.applied_at = NOW
    with refused(session, "This file has been applied already."):
        apply_batch(session, SYSTEM, NOW, batch, factories.document(slug="travel"))


def test_work_that_is_not_there_or_has_ended_hears_that_it_is_to_stop(
    session: Session, batch: ImportBatch, tmp_path: Path
) -> None:
    with pytest.raises(Cancelled):
        hear(session, NOW, 999_999, "reading", 1, 2)
    job = begin_job(session, NOW, batch, "read", tmp_path)
    hear(session, NOW, job.id, "reading", 1, 2)
    end_job(session, job.id, "failed", "It broke off.")
    session.refresh(job)
    with pytest.raises(Cancelled):
        hear(session, NOW, job.id, "reading", 2, 2)
    found = latest_job(session, NOW, batch.id, tmp_path)
    assert found is not None
    assert (found.state, found.done, found.sentence) == ("failed", 1, "It broke off.")


# ------------------------------------------------------------------ profiles
@pytest.fixture
def profile(session: Session) -> ImportProfile:
    return save_profile(session, SYSTEM, NOW, token(), "The transport team", {"columns": {}}, ["what", "until"])


def test_a_profile_that_is_not_there_is_not_found(session: Session) -> None:
    with refused(session, "There is no such profile.", NotFound):
        find_profile(session, 999_999)


def test_profiles_are_kept_renamed_and_deleted_by_who_imports(
    session: Session, plan: Plan, lead: Actor, profile: ImportProfile
) -> None:
    for act in (
        lambda: save_profile(session, lead, NOW, token(), "Ours", {}, []),
        lambda: rename_profile(session, lead, NOW, profile.id, profile.version, token(), "Ours"),
        lambda: delete_profile(session, lead, NOW, profile.id, token()),
    ):
        with refused(session, may_not(Act.IMPORT), NotPermitted):
            act()


def test_a_profile_that_somebody_else_renamed_keeps_their_name(
    session: Session, manager: Actor, profile: ImportProfile
) -> None:
    opened = profile.version
    rename_profile(session, manager, NOW, profile.id, opened, token(), "Transport")
    with refused(session, "Somebody else changed this profile in the meantime.", Conflict):
        rename_profile(session, manager, NOW, profile.id, opened, token(), "Travel")


# ------------------------------------------------------------------ jobs and links
def test_a_job_is_asked_for_by_who_runs_jobs(session: Session, lead: Actor) -> None:
    with refused(session, may_not(Act.RUN_JOBS), NotPermitted):
        ask_for(session, lead, TIMETABLE[0], NOW)


def test_the_links_of_somebody_else_are_withdrawn_by_an_administrator(
    session: Session, plan: Plan, lead: Actor, manager: Actor
) -> None:
    assert lead.person_id is not None
    with refused(session, may_not(Act.MANAGE_PEOPLE), NotPermitted):
        withdraw_links(session, manager, lead.person_id, NOW)
