"""The bounds of what services take: another plan's things, days the wrong way round, forms somebody else was before."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW, TODAY, milestone_line
from tests.services import acts
from tracker.models import FormToken, Holding, LedgerEntry, Milestone, Organisation, Plan, Post, RatingScheme
from tracker.queries.schemes import rating_of
from tracker.rules.errors import AlreadyDone, Conflict, NotFound, NotPermitted, Refusal
from tracker.rules.permissions import SYSTEM, Actor, Role
from tracker.services import (
    accounts,
    evidence_files,
    holdings,
    leads,
    links,
    milestones,
    outbox,
    plan_ends,
    plans,
    posts,
    review,
    scheme_preview,
    schemes,
    undo,
    updates,
)
from tracker.services.evidence import NewEvidence

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def administrator(session: Session, plan: Plan) -> Actor:
    return factories.member(session, plan, Role.ADMINISTRATOR)[1]


@pytest.fixture
def board(session: Session, plan: Plan) -> Actor:
    return factories.member(session, plan, Role.BOARD)[1]


@pytest.fixture
def post(session: Session) -> Post:
    """Return a post that leads nothing."""
    organisation = Organisation(name="Parent carer forum")
    session.add(organisation)
    session.flush()
    made = Post(title="Chair", organisation_id=organisation.id)
    session.add(made)
    session.flush()
    return made


@pytest.fixture
def other(session: Session) -> Milestone:
    """Return a milestone of another plan."""
    return factories.milestones_of(session, factories.plan(session, milestone_line(), slug="other"))[0]


# ------------------------------------------------------------------ plans
def test_only_who_may_edit_a_plan_changes_what_is_written_about_it(session, plan, lead, board) -> None:
    for actor in (lead, board):
        with pytest.raises(NotPermitted):
            plans.edit_plan(session, actor, NOW, plan.id, {"title": "Mine"}, "So")
        with pytest.raises(NotPermitted):
            plans.edit_terms(session, actor, NOW, plan.id, {"autumn": "19 December"}, "So")
    assert plan.title != "Mine"
    assert not plan.term_calendar


def test_a_plan_that_is_not_there_is_not_edited_and_its_end_does_not_move(session) -> None:
    with pytest.raises(NotFound):
        plans.edit_plan(session, SYSTEM, NOW, 999_999, {"title": "Nothing"}, "So")
    end = plan_ends.NewEnd("Sep 2028", "scope", "So", "5", NOW.date(), "")
    with pytest.raises(NotFound):
        plan_ends.move_plan_end(session, SYSTEM, NOW, 999_999, acts.token(), end)


@pytest.mark.parametrize(
    ("values", "reason", "field"),
    [
        *(({name: " "}, "So", name) for name in ("title", "priority_label", "workstream_label")),
        ({"adopted": TOMORROW}, "So", "adopted"),
        ({"delegated_days": 367}, "So", "delegated_days"),
        ({"check_months": 4}, "So", "check_months"),
        ({"title": "Another title"}, " ", "reason"),
    ],
)
def test_what_is_written_about_a_plan_has_bounds(session, plan, manager, values, reason, field) -> None:
    before = plan.title
    with pytest.raises(Refusal) as refused:
        plans.edit_plan(session, manager, NOW, plan.id, values, reason)
    assert refused.value.field == field
    assert plan.title == before


def test_terms_change_with_a_reason_and_only_where_they_are_others(session, plan, manager) -> None:
    with pytest.raises(Refusal, match="Say why"):
        plans.edit_terms(session, manager, NOW, plan.id, {"autumn": "19 December"}, " ")
    with pytest.raises(Refusal, match="the terms are as they were"):
        plans.edit_terms(session, manager, NOW, plan.id, {"autumn": "31 December"}, "So")


def test_a_review_is_looked_at_by_who_may_adopt_it(session, plan, lead) -> None:
    decision = review.Decision("2", TODAY, "Board", TODAY, "5")
    with pytest.raises(NotPermitted):
        review.preview(session, lead, plan.id, decision, TODAY)
    with pytest.raises(NotFound):
        review.preview(session, SYSTEM, 999_999, decision, TODAY)


# ------------------------------------------------------------------ who answers
def test_a_post_belongs_to_an_organisation_that_is_there(session, administrator) -> None:
    for organisation_id in (None, 999_999):
        with pytest.raises(Refusal, match="Select the organisation"):
            posts.save_post(session, administrator, NOW, "Clerk", organisation_id)


def test_a_post_is_closed_once_and_on_a_day_on_which_nobody_takes_it_up(session, administrator, post) -> None:
    with pytest.raises(Refusal, match="not closed"):
        posts.reopen_post(session, administrator, NOW, post.id)
    with pytest.raises(Refusal, match="today or earlier"):
        posts.close_post(session, administrator, NOW, post.id, TOMORROW)
    session.add(Holding(person_id=factories.person(session).id, post_id=post.id, from_day=TODAY))
    session.flush()
    with pytest.raises(Refusal, match="takes the post up after that day"):
        posts.close_post(session, administrator, NOW, post.id, TODAY - timedelta(days=1))
    posts.close_post(session, administrator, NOW, post.id, TODAY)
    with pytest.raises(Refusal, match="was closed on"):
        posts.close_post(session, administrator, NOW, post.id, TODAY)


def test_nobody_holds_a_post_until_a_day_before_the_first(session, administrator, post) -> None:
    person = factories.person(session)
    with pytest.raises(Refusal) as refused:
        holdings.hold_post(session, person.id, post.id, TODAY, to_day=TODAY - timedelta(days=1))
    assert refused.value.field == "to_day"
    holdings.hold_post(session, person.id, post.id, TODAY)
    holding = session.scalars(select(Holding).where(Holding.post_id == post.id)).one()
    with pytest.raises(Refusal) as refused:
        holdings.end_holding(session, administrator, NOW, holding.id, TODAY - timedelta(days=1))
    assert refused.value.field == "to_day"
    assert holding.to_day is None


def test_leads_of_a_plan_are_no_news_to_who_may_not_see_it_and_set_by_who_may_edit(session, plan, manager, lead, other):
    milestone = factories.milestones_of(session, plan)[0]
    stranger = factories.member(session, session.get_one(Plan, other.plan_id), Role.MANAGER)[1]
    with pytest.raises(NotFound):
        leads.open_led(session, stranger, plan.id, "milestone", milestone.id)
    both = Actor(manager.person_id, manager.label, roles={**manager.roles, other.plan_id: frozenset({Role.MANAGER})})
    with pytest.raises(NotFound):
        leads.open_led(session, both, plan.id, "milestone", other.id)
    led = leads.open_led(session, manager, plan.id, "milestone", milestone.id)
    with pytest.raises(NotPermitted):
        leads.set_leads(session, lead, NOW, led, leads.Leads((), None), 0, acts.token())


def test_a_password_is_changed_by_a_person_who_has_one(session, plan) -> None:
    with pytest.raises(NotFound):
        accounts.change_password(session, SYSTEM, NOW, "old", "a-new-password-of-mine")
    person = factories.person(session)
    assert not person.password_hash
    with pytest.raises(Refusal) as refused:
        accounts.change_password(session, Actor(person.id, person.name), NOW, "", "a-new-password-of-mine")
    assert refused.value.field == "old"


def test_nobody_is_told_of_what_they_did_themselves(session, plan, manager) -> None:
    said = ("key", "sign-off", "Subject", outbox.Words("Body", "/"), NOW)
    assert not outbox.tell(session, manager.person_id, manager, *said)
    assert outbox.tell(session, factories.person(session).id, manager, *said)


# ------------------------------------------------------------------ milestones
def test_a_new_date_is_not_agreed_for_what_is_out_of_the_plan(session, plan, lead, manager, milestone, withdraw):
    change = acts.ask(session, lead, milestone)
    withdraw(milestone)
    with pytest.raises(Refusal, match="its deadline stays"):
        acts.settle(session, manager, milestone, change)
    acts.settle(session, manager, milestone, change, approve=False, note="It is withdrawn.")
    assert change.state == "refused"


def test_a_link_is_made_and_taken_away_with_the_form_that_shows_it(session, plan, manager, milestone, other) -> None:
    with pytest.raises(Refusal) as refused:
        links.add_predecessor(session, manager, NOW, milestone.id, milestone.version, acts.token(), 999_999, "So")
    assert refused.value.field == "predecessor"
    both = Actor(manager.person_id, manager.label, roles={**manager.roles, other.plan_id: frozenset({Role.MANAGER})})
    with pytest.raises(Conflict):
        links.add_predecessor(session, both, NOW, milestone.id, milestone.version - 1, acts.token(), other.id, "So")
    link = links.add_predecessor(session, both, NOW, milestone.id, milestone.version, acts.token(), other.id, "So")
    with pytest.raises(NotFound):
        links.remove_predecessor(session, both, NOW, milestone.id, 999_999, milestone.version, acts.token(), "So")
    with pytest.raises(Conflict):
        links.remove_predecessor(session, both, NOW, milestone.id, link.id, milestone.version - 1, acts.token(), "So")
    assert link.unlinked_on is None


def test_evidence_is_given_and_taken_back_where_it_belongs(session, plan, lead, milestone, other) -> None:
    from tracker.services.evidence import give_evidence, withdraw_evidence
    from tracker.services.signatures import evidence_of

    with pytest.raises(Refusal, match="Add a link or a file"):
        give_evidence(session, lead, NOW, milestone.id, acts.token())
    give_evidence(session, SYSTEM, NOW, other.id, acts.token(), NewEvidence("Minutes", "https://testshire.example/1"))
    theirs = evidence_of(session, other)[0]
    with pytest.raises(NotFound):
        withdraw_evidence(session, lead, NOW, milestone.id, theirs.id, acts.token(), "So")
    assert not theirs.withdrawn


def test_evidence_of_what_is_out_of_the_plan_stays(session, plan, lead, milestone, withdraw) -> None:
    from tracker.services.evidence import give_evidence, withdraw_evidence
    from tracker.services.signatures import evidence_of

    give_evidence(session, lead, NOW, milestone.id, acts.token(), acts.MINUTES)
    withdraw(milestone)
    (row,) = evidence_of(session, milestone)
    with pytest.raises(Refusal, match="withdrawn"):
        withdraw_evidence(session, lead, NOW, milestone.id, row.id, acts.token(), "So")
    with pytest.raises(Refusal, match="withdrawn"):
        give_evidence(session, lead, NOW, milestone.id, acts.token(), acts.MINUTES)


def test_the_table_of_tokens_lets_each_in_once_and_leaves_what_was_done_before(session, manager) -> None:
    milestones.use_token(session, "the-same-form", manager, NOW)
    for _ in range(2):
        with pytest.raises(AlreadyDone):
            milestones.use_token(session, "the-same-form", manager, NOW)
    milestones.use_token(session, "another-form", manager, NOW)
    assert set(session.scalars(select(FormToken.token))) == {"the-same-form", "another-form"}


def test_an_act_is_looked_at_for_its_undo_by_who_may_edit_and_undone_only_where_all_is_as_it_left_it(
    session, plan, manager, lead, milestone
) -> None:
    act = plans.edit_plan(session, manager, NOW, plan.id, {"title": "Another title"}, "So") and _last_act(session, plan)
    with pytest.raises(NotPermitted):
        undo.check_undo(session, lead, plan.id, act)
    plan.title = "Changed beside the ledger"
    session.flush()
    with pytest.raises(Refusal, match="is not as this act left it"):
        undo.check_undo(session, manager, plan.id, act)


def _last_act(session: Session, plan: Plan) -> str:
    query = select(LedgerEntry.act).where(LedgerEntry.plan_id == plan.id).order_by(LedgerEntry.seq.desc())
    return session.scalars(query.limit(1)).one()


# ------------------------------------------------------------------ files
def test_a_file_of_text_holds_text(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="not what its name says"):
        evidence_files.keep_file(tmp_path, "minutes.txt", b"text\x00and more")
    assert evidence_files.keep_file(tmp_path, "minutes.txt", b"text").size == 4
    with pytest.raises(Refusal, match="is empty"):
        evidence_files.keep_file(tmp_path, "minutes.txt", b"")


@pytest.mark.parametrize("name", ["minutes.docx", "minutes.xlsx", "minutes.pptx", "minutes.odt", "minutes.ods"])
def test_an_archive_under_the_name_of_a_document_is_not_kept(tmp_path: Path, name: str) -> None:
    inside = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
    for member, kept in ((inside.get(name[-4:], "content.xml"), True), ("program.exe", False)):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(member, "x")
        if kept:
            assert evidence_files.keep_file(tmp_path, name, file.getvalue()).size == len(file.getvalue())
            continue
        for data in (file.getvalue(), b"PK\x03\x04 and nothing more"):
            with pytest.raises(Refusal, match="not what its name says"):
                evidence_files.keep_file(tmp_path, name, data)


def test_no_file_is_read_that_lies_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (tmp_path / "secret").write_bytes(b"x")
    for name in ("", "../secret", str(tmp_path / "secret"), "gone"):
        with pytest.raises(NotFound):
            evidence_files.read_file(folder, name, "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881")


# ------------------------------------------------------------------ schemes
def _copy(session: Session, actor: Actor) -> RatingScheme:
    source = session.scalars(select(RatingScheme).order_by(RatingScheme.id)).first()
    assert source is not None
    return schemes.copy_scheme(session, actor, NOW, source.id, acts.token(), "Ours")


def test_a_scheme_is_tried_on_a_plan_that_one_may_see(session, plan, other) -> None:
    stranger = factories.member(session, session.get_one(Plan, other.plan_id), Role.MANAGER)[1]
    rating = rating_of(session.scalars(select(RatingScheme)).first())
    with pytest.raises(NotPermitted):
        scheme_preview.preview(session, stranger, plan.id, rating, TODAY)
    with pytest.raises(NotFound):
        scheme_preview.preview(session, SYSTEM, 999_999, rating, TODAY)


def test_a_copy_is_made_of_what_is_there_under_a_name_that_nobody_took_meanwhile(
    session, administrator, monkeypatch
) -> None:
    with pytest.raises(NotFound):
        schemes.copy_scheme(session, administrator, NOW, 999_999, acts.token(), "Ours")
    made = _copy(session, administrator)
    monkeypatch.setattr(schemes, "_fresh_title", lambda _, title: title)  # both looked before either wrote
    with pytest.raises(Refusal) as refused:
        schemes.copy_scheme(session, administrator, NOW, made.id, acts.token(), "Ours")
    assert refused.value.field == "title"


def test_a_copy_that_somebody_changed_meanwhile_is_not_deleted(session, administrator) -> None:
    made = _copy(session, administrator)
    with pytest.raises(Refusal, match="Somebody else changed"):
        schemes.delete_scheme(session, administrator, NOW, made.id, made.version + 1, acts.token())


def test_a_scheme_that_is_not_there_is_not_chosen(session, plan, manager) -> None:
    with pytest.raises(Refusal, match="Select a rating scheme") as refused:
        schemes.choose_scheme(
            session, manager, NOW, plan.id, acts.token(), plan.rating_scheme_id or 0, 999_999, "The board asked"
        )
    assert refused.value.field == "scheme"


def test_a_confirmation_is_taken_back_once_with_one_form(session, lead, milestone) -> None:
    act = updates.confirm_on_track(session, lead, NOW, [milestone.id], acts.token())
    again = updates.confirm_on_track(session, lead, NOW, [milestone.id], used := acts.token())
    with pytest.raises(AlreadyDone):
        updates.undo_confirmation(session, lead, NOW, again, used)
    assert act != again
