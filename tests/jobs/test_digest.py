"""Digests: everything that waits for a person in one message, on their day, once, and none when nothing waits."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from lxml import html
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import milestone_line
from tests.services import acts
from tests.statements import counted
from tracker.config import Settings
from tracker.jobs.digest import send_digests
from tracker.mail.post_office import PostOffice
from tracker.mail.senders import Letter
from tracker.models import Absence, Holding, JobRun, Membership, OutboxMessage, Person, Plan, Post, UpdateLink
from tracker.queries.update_links import LinkRefused, hash_of, opened_link, signed
from tracker.rules.digest import Item, Part, crossed, make, part_of, shorten
from tracker.rules.document import LeadLine, PlanDocument, PriorityLine, WorkstreamLine
from tracker.rules.permissions import SYSTEM, Role
from tracker.rules.rhythm import Often, Period, Rhythm
from tracker.rules.working_days import WEEKDAYS
from tracker.services.delivery import Taken
from tracker.services.job_runs import claim
from tracker.services.plan_writer import create_plan

DAILY = Rhythm(Often.DAILY)


def at(day: str, hour: int = 8) -> datetime:
    """Return a moment of a morning."""
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


def letter(settings: Settings, message: OutboxMessage) -> Letter:
    """Return a message as it leaves."""
    columns = (
        getattr(message, name) for name in ("to_person_id", "to_address", "subject", "body", "html", "path", "link")
    )
    return PostOffice(settings).letter(Taken(message.id, message.dedupe_key, *columns, 1, message.created_at))


def run(session: Session, settings: Settings, day: str) -> list[OutboxMessage]:
    """Run the job as the worker does; return the messages that it left."""
    now = at(day)
    period = DAILY.latest(now, WEEKDAYS)
    before = set(session.scalars(select(OutboxMessage.id)))
    if claim(session, "digest", period.key, now):
        send_digests(session, settings, period, now)
    found = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "digest").order_by(OutboxMessage.id))
    return [message for message in found if message.id not in before]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, address="https://plans.testshire.example", digest="daily")


@pytest.fixture
def plan(session: Session) -> Plan:
    return factories.plan(
        session,
        milestone_line("1", "Agree the pathway"),  # Sep 2025
        milestone_line("2", "Train every school", date="Dec 2025"),
        milestone_line("3", "Publish the offer", date="1 October 2025"),
        milestone_line("4", "Something without a date", date="Ongoing"),
        effective=at("2025-06-02"),
    )


@pytest.fixture
def lead(session: Session, plan: Plan) -> Person:
    return factories.lead(session, plan)[0]


def test_what_falls_due_calls_at_thirty_seven_and_one_days_before(session, settings, plan, lead) -> None:
    run(session, settings, "2025-08-01")
    days = [str(date(2025, 8, 4) + timedelta(days=number)) for number in range(60)]
    sent = {day: found[0] for day in days if (found := run(session, settings, day))}
    # on 26 August, after a bank holiday, of a colour that turns in a week; then 30, 7 and 1 days before; then both pass
    expected = [
        "2025-08-26",
        "2025-09-01",
        "2025-09-23",
        "2025-09-24",
        "2025-09-29",
        "2025-09-30",
        "2025-10-01",
        "2025-10-02",
    ]
    assert list(sent) == expected
    assert sent["2025-09-01"].subject == "Improvement plans: 2 due soon"
    assert sent["2025-10-02"].subject == "Improvement plans: 2 overdue"
    assert "Was due Sep 2025, 2 days ago." in sent["2025-10-02"].body


def test_what_is_overdue_is_told_of_again_each_week_and_not_each_day(session, settings, plan, lead) -> None:
    run(session, settings, "2025-10-02")
    days = [str(date(2025, 10, 3) + timedelta(days=number)) for number in range(21)]
    sent = [day for day in days if run(session, settings, day)]
    assert sent == ["2025-10-08", "2025-10-09", "2025-10-15", "2025-10-16", "2025-10-22", "2025-10-23"]


def test_a_week_without_a_worker_is_one_digest_with_all_in_it(session, settings, plan, lead) -> None:
    run(session, settings, "2025-09-19")
    (message,) = run(session, settings, "2025-10-03")
    assert message.subject == "Improvement plans: 2 overdue"
    assert session.scalars(select(OutboxMessage).where(OutboxMessage.period == "2025-10-03")).one() is message


def test_each_person_is_told_on_the_day_that_they_chose(session, settings, plan, lead) -> None:
    weekly = replace(settings, digest="weekly monday")
    run(session, weekly, "2025-09-26")
    days = [str(date(2025, 9, 27) + timedelta(days=number)) for number in range(14)]
    assert [day for day in days if run(session, weekly, day)] == ["2025-09-29", "2025-10-06"]
    lead.digest = "weekly thursday"
    session.flush()
    days = [str(date(2025, 10, 11) + timedelta(days=number)) for number in range(14)]
    assert [day for day in days if run(session, weekly, day)] == ["2025-10-16", "2025-10-23"]


def test_nobody_is_told_when_nothing_waits(session, settings, plan, lead) -> None:
    factories.member(session, plan, Role.BOARD)
    assert run(session, settings, "2025-06-10") == []


def test_a_second_run_for_the_same_day_sends_nothing_more(session, settings, plan, lead) -> None:
    assert len(run(session, settings, "2025-10-02")) == 1
    assert run(session, settings, "2025-10-02") == []
    session.execute(JobRun.__table__.delete())  # even if the claim were lost, the keys hold
    assert run(session, settings, "2025-10-02") == []


def test_a_manager_hears_of_what_waits_for_them_in_one_message(session, settings, plan, lead) -> None:
    first, second, third, _ = factories.milestones_of(session, plan)
    manager = factories.member(session, plan, Role.MANAGER)[0]
    actor = factories.Actor(lead.id, "SEND Senior Manager", frozenset({1}), {plan.id: frozenset({Role.LEAD})})
    run(session, settings, "2025-09-09")
    acts.claim(session, actor, first, at("2025-09-10"))
    acts.ask(session, actor, third, at("2025-09-10"), proposed="Nov 2025")
    second.needs_decision = "Which schools are meant?"
    session.flush()
    (message,) = [one for one in run(session, settings, "2025-09-11") if one.to_person_id == manager.id]
    assert message.subject == "Improvement plans: 1 to sign off, 1 new date to decide, 1 question"
    assert "asks to move it from 1 October 2025 to Nov 2025" in message.body
    assert "Which schools are meant?" in message.body
    assert "Asked for on 10 September 2025." in message.body
    acts.claim(session, factories.Actor(manager.id, "M", roles={plan.id: frozenset({Role.MANAGER})}), second)
    again = [one for one in run(session, settings, "2025-09-18") if one.to_person_id == manager.id]
    assert "1 to sign off" in again[0].subject  # not what they claimed themselves


def test_text_and_page_say_the_same_and_lead_to_the_same_pages(session, settings, plan, lead) -> None:
    (message,) = run(session, settings, "2025-10-02")
    page = html.fromstring(message.html)
    links = [str(link) for link in page.xpath("//a/@href")]
    assert all(link.startswith("https://plans.testshire.example/") for link in links)
    assert [link for link in links if link not in message.body] == []
    assert [heading.text_content() for heading in page.xpath("//h1")] == [message.subject]
    assert [heading.text_content() for heading in page.xpath("//h2")] == ["Overdue"]
    assert page.get("lang") == "en-GB"
    assert page.xpath("//title/text()") == [message.subject]
    assert page.xpath("//ul/li/a/text()") == ["1a.1: Agree the pathway", "1a.3: Publish the offer"]
    assert not page.xpath("//img | //script | //table | //link")
    for said in ("Testshire Council", "every working day at 07:00", "/my-messages", "OVERDUE", "1a.1: Agree"):
        assert said in message.body
    assert "Testshire Council" in page.text_content()


def test_a_lead_gets_a_link_of_their_own_to_the_form_of_each_milestone(session, settings, plan, lead) -> None:
    manager = factories.member(session, plan, Role.MANAGER)[0]
    found = {message.to_person_id: message for message in run(session, settings, "2025-10-02")}
    first, _, third, _ = factories.milestones_of(session, plan)
    message = found[lead.id]
    token = signed(settings.secret_key, message.link)
    sent = letter(settings, message)
    for milestone in (first, third):
        for words in (sent.text, sent.html):
            assert f"https://plans.testshire.example/u/{token}/{milestone.id}" in words
    assert set(re.findall(r"/u/([^/]+)/", sent.text)) == {token}
    assert "until 16 October 2025" in message.body
    link = session.scalars(select(UpdateLink)).one()
    assert (link.person_id, link.token_hash, link.used_at) == (lead.id, hash_of(token), None)
    assert "/u/" not in found[manager.id].body + found[manager.id].html


def test_what_is_stored_opens_nothing_without_the_secret_key(session, settings, plan, lead) -> None:
    (message,) = run(session, settings, "2025-10-02")
    stored = " ".join(str(value) for value in vars(message).values())
    assert signed(settings.secret_key, message.link) not in stored
    for guess in (message.link, signed("another key", message.link)):
        with pytest.raises(LinkRefused):
            opened_link(session, settings.secret_key, guess, at("2025-10-02"))
    assert opened_link(session, settings.secret_key, signed(settings.secret_key, message.link), at("2025-10-02"))


def test_a_council_that_wants_no_links_sends_none(session, settings, plan, lead) -> None:
    (message,) = run(session, replace(settings, link_days=0), "2025-10-02")
    assert "/u/" not in message.body
    assert "without signing in" not in message.body
    assert session.scalars(select(UpdateLink)).all() == []


def test_a_sensitive_plan_keeps_its_words_out_of_messages(session, settings, plan, lead) -> None:
    plan.sensitive, plan.title = True, "Canary title"
    manager = factories.member(session, plan, Role.MANAGER)[0]
    factories.milestones_of(session, plan)[1].needs_decision = "Canary question"
    session.flush()
    found = run(session, settings, "2025-10-02")
    assert {message.to_person_id for message in found} == {lead.id, manager.id}
    for message in found:
        assert message.sensitive
        for word in ("Canary", "pathway", "offer", "schools"):
            assert word not in message.subject + message.body + message.html
        assert "a plan marked as sensitive" in message.body
    assert "1a.1" in found[0].body


def test_who_is_away_is_told_nothing_and_the_deputy_is(session, settings, plan, lead) -> None:
    deputy = factories.person(session)
    post = session.scalars(select(Post.id)).one()
    session.add(Absence(person_id=lead.id, from_day=date(2025, 9, 29), to_day=date(2025, 10, 10)))
    session.add(Holding(post_id=post, person_id=deputy.id, from_day=date(2025, 10, 1), deputy=True))
    session.flush()
    assert [message.to_person_id for message in run(session, settings, "2025-10-02")] == [deputy.id]


def test_a_post_where_nobody_answers_is_told_to_the_managers(session, settings, plan, lead) -> None:
    manager = factories.member(session, plan, Role.MANAGER)[0]
    session.add(Absence(person_id=lead.id, from_day=date(2025, 9, 29), to_day=date(2025, 10, 10)))
    session.flush()
    (message,) = run(session, settings, "2025-10-02")
    assert message.to_person_id == manager.id
    assert "is away until 10 October 2025 and nobody deputises. 2 milestones wait for an answer." in message.body


def council(session: Session, number: int) -> None:
    """Make a plan of so many workstreams, each with a lead of its own who holds the post, and as many managers."""
    workstreams = [
        WorkstreamLine(
            ref=f"1.{index}",
            title=f"Workstream {index}",
            leads=[LeadLine(f"Post {index}", "Testshire Council", accountable=True)],
            milestones=[milestone_line("1"), milestone_line("2", date="Oct 2025")],
        )
        for index in range(number)
    ]
    priority = PriorityLine(ref="1", title="Everything", workstreams=workstreams)
    document = PlanDocument(title="A large plan", slug=f"large-{number}", adopted="2025-06-02", priorities=[priority])
    plan_id = create_plan(session, document, SYSTEM, factories.NOW, effective=at("2025-06-02")).plan_id
    for post_id in session.scalars(select(Post.id).where(Post.title.startswith("Post "))).all():
        person, manager = factories.person(session), factories.person(session)
        session.add(Holding(post_id=post_id, person_id=person.id, from_day=date(2025, 1, 1)))
        session.add(Membership(plan_id=plan_id, person_id=manager.id, role=Role.MANAGER.value))
    session.flush()


def test_the_statements_do_not_grow_with_people_and_milestones(session, settings) -> None:
    def cost(number: int) -> int:
        council(session, number)
        with counted(session) as statements:
            summary = send_digests(session, settings, Period("2025-10-02", at("2025-10-02")), at("2025-10-02"))
        assert str(summary).startswith(f"{2 * number} digests")
        return len(statements)

    few = cost(10)
    session.rollback()
    assert cost(400) == few <= 20


# ------------------------------------------------------------------ the rule
def item(part: Part, **more: object) -> Item:
    return Item(part, "1a.1", "Agree", "A plan", "Due.", "/milestones/1", **more)  # type: ignore[arg-type]


def test_a_message_goes_only_if_something_calls_for_it_and_then_holds_everything() -> None:
    quiet = item(Part.MONTH, calls=False)
    assert make([]) is None
    assert make([quiet, quiet]) is None
    digest = make([quiet, item(Part.OVERDUE)])
    assert digest is not None
    assert [section.title for section in digest.sections] == ["Overdue", "Due within 30 days"]


def test_of_more_items_than_anybody_reads_the_number_is_given() -> None:
    digest = make(item(Part.OVERDUE, order=(date(2025, 1, 1) + timedelta(days=number), 0)) for number in range(40))
    assert digest is not None
    assert (len(digest.sections[0].items), digest.sections[0].more) == (25, 15)
    assert digest.subject == "Improvement plans: 40 overdue"
    assert digest.sections[0].items[0].order[0] == date(2025, 1, 1)


@pytest.mark.parametrize(("ahead", "calls"), [(31, False), (30, True), (29, False), (7, True), (1, True), (0, False)])
def test_a_threshold_calls_on_its_day_and_after_a_gap(ahead: int, calls: bool) -> None:
    today = date(2025, 9, 10)
    due = today + timedelta(days=ahead)
    assert crossed(due, today - timedelta(days=1), today) is calls
    assert crossed(due, today - timedelta(days=40), today) is (ahead <= 30)


def test_a_deadline_stands_in_the_part_that_says_how_near_it_is() -> None:
    today = date(2025, 9, 10)
    parts = {ahead: part_of(today + timedelta(days=ahead), today) for ahead in (-1, 0, 1, 2, 7, 8, 30, 31)}
    assert list(parts.values()) == [
        None, Part.TOMORROW, Part.TOMORROW, Part.WEEK, Part.WEEK, Part.MONTH, Part.MONTH, None,
    ]  # fmt: skip


def test_long_texts_are_cut_at_a_word() -> None:
    assert shorten("Agree  the\npathway") == "Agree the pathway"
    cut = shorten("word " * 100)
    assert len(cut) <= 140
    assert cut.endswith("word…")
