"""Workbooks with the digest: for leads who prefer Excel, made once, of what they lead, and of no sensitive plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import milestone_line
from tests.jobs.test_digest import at, letter, run
from tests.lead_workbooks import opened, read
from tests.statements import counted
from tracker.config import Mail, Settings
from tracker.jobs import workbooks
from tracker.jobs.digest import send_digests
from tracker.mail.message import to_email
from tracker.models import Holding, OutboxAttachment, OutboxMessage, Person, Plan, Post
from tracker.queries.outbox import preview
from tracker.queries.update_links import signed
from tracker.rules.permissions import Role
from tracker.rules.rhythm import Period
from tracker.rules.workbook_keys import RowKey, read_key, workbook_secret
from tracker.services import delivery

DAY = "2025-10-02"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, address="https://plans.testshire.example", digest="daily")


@pytest.fixture
def plan(session: Session) -> Plan:
    lines = (milestone_line("1", "Agree the pathway"), milestone_line("2", "Train every school", date="Dec 2025"))
    return factories.plan(session, *lines, effective=at("2025-06-02"))


@pytest.fixture
def lead(session: Session, plan: Plan) -> Person:
    person = factories.lead(session, plan)[0]
    person.workbook = True
    session.flush()
    return person


def test_a_lead_who_prefers_excel_gets_what_they_lead_as_a_workbook(session, settings, plan, lead) -> None:
    (message,) = run(session, settings, DAY)
    (file,) = session.scalars(select(OutboxAttachment)).all()
    assert (file.message_key, file.name) == (message.dedupe_key, f"{plan.slug}-send-senior-manager-{DAY}.xlsx")
    book = opened(file.content)
    assert [book.get(ref, "text") for ref in ("1a.1", "1a.2")] == ["Agree the pathway", "Train every school"]
    keys = [read_key(workbook_secret(settings.secret_key), row.key) for row in read(file.content).rows]
    assert all(isinstance(key, RowKey) and key.plan_id == plan.id for key in keys)
    assert "Your workbook is attached. Fill in the white cells, save it and upload it here." in message.body
    page = f"https://plans.testshire.example/u/{signed(settings.secret_key, message.link)}/workbooks"
    assert page in letter(settings, message).text
    assert f'href="{page}"' in letter(settings, message).html
    shown = preview(session, message.id, at(DAY))
    assert shown is not None
    assert shown.files == ((file.name, len(file.content)),)


def test_what_is_sent_again_has_the_same_workbook_to_the_last_byte(session, settings, plan, lead) -> None:
    run(session, settings, DAY)
    taken = delivery.take(session, 1, at(DAY))
    assert taken is not None
    first = session.scalars(select(OutboxAttachment)).one().content
    factories.milestones_of(session, plan)[0].text = "Something else by now"
    session.flush()
    session.get_one(OutboxMessage, 1).state = "pending"
    again = delivery.take(session, 1, at(DAY))
    assert again is not None
    assert again.files == taken.files == ((again.files[0][0], first),)
    email = to_email(replace(letter(settings, session.get_one(OutboxMessage, 1)), files=again.files), "a@b.uk", at(DAY))
    found = message_from_bytes(email.as_bytes(), policy=policy.default)
    (part,) = found.iter_attachments()
    assert part.get_content_type() == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert part.get_content() == first
    assert found.get_body(("plain",)) is not None
    assert run(session, settings, DAY) == []
    assert len(session.scalars(select(OutboxAttachment)).all()) == 1


def test_nobody_gets_one_who_did_not_ask_or_leads_nothing(session, settings, plan, lead) -> None:
    lead.workbook = False
    manager = factories.member(session, plan, Role.MANAGER)[0]
    manager.workbook = True
    session.flush()
    assert {one.to_person_id for one in run(session, settings, DAY)} == {lead.id, manager.id}
    assert session.scalars(select(OutboxAttachment)).all() == []


def test_of_a_sensitive_plan_no_workbook_leaves(session, settings, plan, lead) -> None:
    plan.sensitive = True
    session.flush()
    (message,) = run(session, settings, DAY)
    assert session.scalars(select(OutboxAttachment)).all() == []
    assert "Of a plan marked as sensitive no workbook is sent by message." in message.body
    assert "attached" not in message.body


def test_notify_carries_no_file_and_says_where_to_download_it(session, settings, plan, lead) -> None:
    (message,) = run(session, replace(settings, mail=Mail(way="notify")), DAY)
    assert session.scalars(select(OutboxAttachment)).all() == []
    assert "Download your workbook here, fill it in and upload it on the same page." in message.body


def test_a_council_without_links_has_it_uploaded_after_signing_in(session, settings, plan, lead) -> None:
    (message,) = run(session, replace(settings, link_days=0), DAY)
    assert f"https://plans.testshire.example/plans/{plan.slug}/workbooks" in message.body
    assert len(session.scalars(select(OutboxAttachment)).all()) == 1


@pytest.mark.parametrize(("name", "most"), [("MOST_FILES", 0), ("MOST_BYTES", 100), ("MOST_ROWS", 1)])
def test_what_is_too_much_for_a_message_is_to_be_downloaded(
    session, settings, plan, lead, monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    monkeypatch.setattr(workbooks, name, most)
    (message,) = run(session, settings, DAY)
    assert session.scalars(select(OutboxAttachment)).all() == []
    assert "Download your workbook here" in message.body


def test_the_statements_grow_with_plans_and_not_with_people(session, settings, plan, lead) -> None:
    def cost(day: str) -> int:
        period = Period(day, at(day))
        with counted(session) as found:
            send_digests(session, settings, period, at(day))
        return len(found)

    alone = cost("2025-10-02")
    post = session.scalars(select(Post.id)).one()
    for number in range(5):
        person = factories.person(session, f"Person {number}")
        person.workbook = True
        session.add(Holding(post_id=post, person_id=person.id, from_day=date(2025, 1, 1)))
    session.flush()
    assert cost("2025-10-09") == alone
    assert len(session.scalars(select(OutboxAttachment)).all()) == 7
