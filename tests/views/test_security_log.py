"""The security log at the web edge: what is refused is written though the request is undone; who may read it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError

from tests.factories import NOW
from tests.views.visitor import Visitor
from tests.views.world import PASSWORD, World
from tracker.models import SecurityEvent
from tracker.models.engine import transaction
from tracker.rules.permissions import Actor
from tracker.rules.security import BOARDS, Kind
from tracker.services.security import Noted, note

if TYPE_CHECKING:
    from flask import Flask

Visit = Callable[[str], Visitor]


def kinds(engine: Engine) -> list[str]:
    """Return the kinds of the events, oldest first, but for those of the boards that the world was made with."""
    of_others = select(SecurityEvent.kind).where(SecurityEvent.kind.not_in(BOARDS)).order_by(SecurityEvent.id)
    with engine.connect() as connection:
        return list(connection.scalars(of_others))


def sign_in(visitor: Visitor, password: str, email: str = "manager@testshire.example") -> int:
    """Send the sign-in form and return the status."""
    return visitor.send("/sign-in", {"email": email, "password": password}).status


def test_signing_in_failing_and_signing_out_are_written_down(visit: Visit, watch: Engine) -> None:
    visitor = visit("anonymous")
    assert sign_in(visitor, "wrong") == 422
    assert sign_in(visitor, PASSWORD) == 303
    assert visitor.send("/sign-out").status == 303
    assert kinds(watch) == ["sign-in failed", "signed in", "signed out"]


def test_a_stranger_does_not_lock_the_owner_out_of_the_browser_they_know(visit: Visit) -> None:
    owner, stranger = visit("anonymous"), visit("anonymous")
    assert sign_in(owner, PASSWORD) == 303
    owner.send("/sign-out")
    for _ in range(12):
        assert sign_in(stranger, "guess") == 422
    assert sign_in(stranger, PASSWORD) == 422
    assert sign_in(visit("anonymous"), PASSWORD) == 422
    assert sign_in(owner, PASSWORD) == 303


def test_the_cookie_of_a_known_browser_is_for_one_address_and_cannot_be_made_up(visit: Visit) -> None:
    owner = visit("anonymous")
    answer = owner.send("/sign-in", {"email": "manager@testshire.example", "password": PASSWORD})
    (cookie,) = [text for text in answer.response.headers.getlist("Set-Cookie") if text.startswith("browser=")]
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=31536000"):
        assert flag in cookie
    other = visit("anonymous")
    other.http.set_cookie("browser", "made-up")
    for _ in range(12):
        sign_in(other, "guess")
    assert sign_in(other, PASSWORD) == 422
    assert sign_in(owner, "wrong", "lead@testshire.example") == 422  # another address: the cookie says nothing


def test_the_same_refusal_again_is_counted_and_fills_no_log(visit: Visit, watch: Engine, world: World) -> None:
    lead = visit("lead")
    for _ in range(5):
        assert lead.send(f"/accounts/{world.people['board']}/disable").status == 403
    with watch.connect() as connection:
        (event,) = connection.execute(select(SecurityEvent).where(SecurityEvent.kind.not_in(BOARDS))).all()
    assert (event.kind, event.times, event.actor) == ("denied", 5, "SEND Senior Manager")
    assert event.detail == "POST /accounts/<int:person_id>/disable"


def test_a_refused_act_is_undone_and_its_event_stands(visit: Visit, watch: Engine, world: World) -> None:
    """The manager reaches the service, which refuses: what the request had written is gone, the event is not."""
    manager = visit("manager")
    claimed = world.milestones["5"]
    page = manager.visit(f"/milestones/{claimed}/claim")
    day = {"completed-day": "9", "completed-month": "9", "completed-year": "2025"}
    more = {"progress": "Done", "evidence_url": "https://testshire.example/x", "form_token": "claimed-once"}
    assert manager.submit(page, {**day, **more}, to="claim", follow=False).status == 303
    token = {"decision": "approve", "form_token": "decided-once"}
    assert manager.send(f"/milestones/{claimed}/decide", {**token, "version": "4"}).status == 403
    with watch.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM form_token WHERE token = 'decided-once'").scalar() == 0
    assert kinds(watch) == ["denied"]


def test_an_upload_that_the_guard_refuses_is_written_down(visit: Visit, watch: Engine, world: World) -> None:
    manager = visit("manager")
    sent = {"plan_id": "", "file": (io.BytesIO(b"MZ not a workbook"), "plan.xlsx")}
    assert manager.send("/import", sent, content_type="multipart/form-data").status == 422
    evidence = {"evidence_file": (io.BytesIO(b"MZ"), "minutes.pdf")}
    path = f"/milestones/{world.milestones['5']}/evidence"
    assert manager.send(path, evidence, content_type="multipart/form-data").status == 422
    assert kinds(watch) == ["upload refused", "upload refused"]


def test_a_request_too_large_for_the_page_is_written_down(visit: Visit, watch: Engine) -> None:
    sent = {"plan_id": "", "file": (io.BytesIO(b"x" * (12 * 1024 * 1024)), "plan.xlsx")}
    assert visit("manager").send("/import", sent, content_type="multipart/form-data").status == 413
    assert kinds(watch) == ["upload refused"]


def test_where_the_log_cannot_be_written_the_refusal_stands(
    visit: Visit, world: World, monkeypatch: pytest.MonkeyPatch, watch: Engine
) -> None:
    def cannot(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("the disk is full"))

    monkeypatch.setattr("tracker.views.refusals.note", cannot)
    page = visit("lead").send(f"/accounts/{world.people['board']}/disable")
    assert (page.status, kinds(watch)) == (403, [])


# ------------------------------------------------------------------ the page
def test_the_log_is_read_by_administrators_and_auditors_with_filters(visit: Visit, watch: Engine, world: World) -> None:
    before = len(visit("auditor").visit("/security").rows("Security events"))  # of the boards of the world
    with transaction(watch) as session:
        told = Noted("board@testshire.example", world.people["board"], world.alpha, "board")
        note(session, NOW - timedelta(hours=1), Kind.ROLE_GRANTED, Actor(None, "An administrator"), told)
        about_beta = Noted("lead@testshire.example", world.people["lead"], world.beta, "manager")
        note(session, NOW - timedelta(days=3), Kind.ROLE_GRANTED, Actor(None, "An administrator"), about_beta)
        note(session, NOW - timedelta(days=2), Kind.SIGN_IN_FAILED, None, Noted("nobody@testshire.example"))
    page = visit("administrator").visit("/security")
    rows = [row[1] for row in page.rows("Security events")]
    assert len(rows) == before + 3
    assert [row for row in rows if row in {"Role given", "Sign-in failed"}] == [
        "Role given",
        "Sign-in failed",
        "Role given",
    ]
    assert "The beta plan" in page.words
    assert (
        f"{before + 2} events" in visit("auditor").visit("/security").words
    )  # nothing about a plan that is not theirs
    narrowed = visit("administrator").visit("/security?kind=sign-in&q=NOBODY&since=2025-09-08")
    assert [row[2] for row in narrowed.rows("Security events")] == ["nobody@testshire.example"]
    assert narrowed.link("Since 8 September 2025").startswith("/security?")
    assert "No event fits these filters" in visit("auditor").visit("/security?q=%25&kind=refused").words
    assert visit("administrator").visit("/security?since=yesterday&page=0&kind=x").status == 200


def test_a_log_that_is_too_long_says_so_and_is_paged(
    visit: Visit, watch: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.queries.security.MOST", 120)
    with transaction(watch) as session:
        for number in range(130):
            note(session, NOW - timedelta(minutes=number), Kind.SIGN_IN_FAILED, None, Noted(f"a{number}@x.example"))
    page = visit("auditor").visit("/security?page=2")
    assert "There are too many events to show" in page.words
    assert "page 2 of 3" in page.words
    assert visit("auditor").visit("/security?page=3").rows("Security events")


def test_no_typed_text_and_no_password_stands_in_the_log(app: Flask, visit: Visit, watch: Engine) -> None:
    visitor = visit("anonymous")
    sign_in(visitor, "hunter2 hunter2")
    visit("lead").get("/plans/a-secret-name")
    with watch.connect() as connection:
        for event in connection.execute(select(SecurityEvent)).all():
            assert "hunter2" not in str(event)
            assert "a-secret-name" not in str(event)
