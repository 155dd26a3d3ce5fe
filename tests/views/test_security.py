"""What every answer carries, and what no answer says."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import OperationalError

from tests.test_routes import MATRIX
from tests.views.valid_requests import address
from tests.views.visitor import Visitor
from tests.views.world import PASSWORD, STORED_NAME, World

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from tracker.config import Settings

Visit = Callable[[str], Visitor]


def headers_fail(answer: TestResponse) -> list[str]:
    """Return what is missing from the headers of an answer."""
    given = answer.headers
    faults = []
    policy = {part.strip().partition(" ")[0]: part for part in given.get("Content-Security-Policy", "").split(";")}
    if "sandbox" not in policy:
        wanted = {"default-src", "script-src", "object-src", "base-uri", "form-action", "frame-ancestors"}
        faults += [f"The policy says nothing of {name}" for name in wanted - set(policy)]
        faults += [f"{name} is not 'none'" for name in ("object-src", "base-uri") if "'none'" not in policy[name]]
    faults += [f"The policy allows {word}" for word in ("unsafe", "*", "http:", "data:") if word in str(policy)]
    expected = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    faults += [f"{name}: {given.get(name)}" for name, value in expected.items() if given.get(name) != value]
    if "/static/" not in answer.request.path and given.get("Cache-Control") != "no-store":
        faults.append(f"Cache-Control: {given.get('Cache-Control')}")
    faults += [f"The header {name} names what is behind" for name in ("Server", "X-Powered-By") if name in given]
    for cookie in given.getlist("Set-Cookie"):
        faults += [
            f"A cookie without {flag}"
            for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/")
            if flag not in cookie
        ]
    return faults


@pytest.mark.parametrize("persona", ["anonymous", "manager", "board"])
def test_every_answer_of_every_route_carries_the_headers(visit: Visit, world: World, persona: str) -> None:
    faults = {}
    for route, method in MATRIX:
        visitor = visit(persona)
        path = address(world, route, method)
        answers = [visitor.get(path)] if method == "GET" else [visitor.post(path), visitor.send(path)]
        for page in answers:
            if found := headers_fail(page.response):
                faults[f"{method} {path} {page.status}"] = found
    assert not faults


@pytest.mark.parametrize("path", ["/nothing", "/static/nothing.css", "/static/tracker.css", "/plans/alpha/report.docx"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_every_method_is_answered_with_the_headers_and_without_an_exception(
    visit: Visit, method: str, path: str
) -> None:
    visitor = visit("manager")
    answer = visitor.http.open(path, method=method)
    assert answer.status_code < 500
    assert not headers_fail(answer)
    answer.get_data()
    answer.close()


def test_a_page_loads_nothing_from_elsewhere_and_runs_only_scripts_with_the_nonce_of_this_answer(visit: Visit) -> None:
    nonces = set()
    for _ in range(2):
        page = visit("manager").visit("/plans/alpha")
        policy = page.response.headers["Content-Security-Policy"]
        for script in page.find("//script"):
            assert f"'nonce-{script.get('nonce')}'" in policy
            nonces.add(script.get("nonce"))
        for loaded in page.find("//script/@src|//link/@href|//img/@src|//iframe/@src|//form/@action"):
            assert loaded.startswith("/")
            assert not loaded.startswith("//")
    assert len(nonces) == 2


def test_the_session_cookie_belongs_to_this_host_alone(settings: Settings, app: Flask, visit: Visit) -> None:
    from tracker.app import create_app

    assert create_app(replace(settings, testing=False)).config["SESSION_COOKIE_NAME"].startswith("__Host-")
    visitor = visit("anonymous")
    cookies = visitor.get("/sign-in").response.headers.getlist("Set-Cookie")
    assert cookies
    assert all("Domain" not in cookie for cookie in cookies)


def test_who_signs_in_takes_nothing_over_from_the_session_before(visit: Visit) -> None:
    visitor = visit("anonymous")
    with visitor.http.session_transaction() as kept:
        kept["undo"] = ["somebody else's act", 3]
    told = {"email": "manager@testshire.example", "password": PASSWORD}
    assert visitor.submit(visitor.visit("/sign-in"), told, to="/sign-in", follow=False).status == 303
    with visitor.http.session_transaction() as now:
        assert "undo" not in now
        assert "_user_id" in now


def test_the_password_and_the_session_key_stand_in_no_page(visit: Visit, app: Flask) -> None:
    page = visit("administrator").visit("/people")
    assert "argon2" not in page.text
    assert str(app.secret_key) not in page.text


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "localhost@evil.example", "", "a b", "[::1"]
)
def test_another_host_name_is_refused(visit: Visit, host: str) -> None:
    answer = visit("manager").http.get("/plans/alpha", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.get_data(as_text=True)
    assert not headers_fail(answer)


def test_a_host_that_a_proxy_names_is_not_believed_without_a_proxy(visit: Visit) -> None:
    for name in ("X-Forwarded-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL", "X-Host"):
        page = visit("anonymous").get("/plans/alpha", headers={name: "evil.example"})
        assert page.status == 303
        assert "evil" not in page.response.headers["Location"]


def test_a_method_cannot_be_overridden_by_a_header_or_a_field(visit: Visit, world: World) -> None:
    manager = visit("manager")
    end = f"/milestones/{world.milestones['4']}/override/end"
    assert manager.get(f"{end}?_method=POST", headers={"X-HTTP-Method-Override": "POST"}).status == 405


# ------------------------------------------------------------------ when something breaks
SECRET = "postgresql://user:hunter2@db.internal/tracker"


def broken(app: Flask, error: Exception) -> None:
    """Add an address that raises an error."""
    from tracker.views.guards import public

    def view() -> str:
        raise error

    app.add_url_rule("/broken", "broken", public(view), methods=["GET", "POST"])


@pytest.mark.own_application
@pytest.mark.parametrize("error", [RuntimeError(SECRET), KeyError(SECRET), OSError(28, SECRET), RecursionError(SECRET)])
def test_an_error_page_never_shows_an_exception(app: Flask, visit: Visit, error: Exception) -> None:
    broken(app, error)
    for page in (visit("manager").get("/broken"), visit("manager").send("/broken"), visit("anonymous").get("/broken")):
        assert page.status == 500
        assert page.heading == "Something went wrong"
        for word in ("hunter2", "Traceback", type(error).__name__, "tracker/"):
            assert word not in page.text
        assert not headers_fail(page.response)


@pytest.mark.own_application
def test_a_database_that_does_not_answer_is_a_page_that_says_when_to_come_back(app: Flask, visit: Visit) -> None:
    broken(app, OperationalError("SELECT 1", {}, Exception(SECRET)))
    page = visit("manager").get("/broken")
    assert page.status == 503
    assert page.response.headers["Retry-After"] == "5"
    assert "hunter2" not in page.text
    assert "SELECT" not in page.text


@pytest.mark.own_application
def test_where_even_the_error_page_cannot_be_made_there_is_a_sentence(
    app: Flask, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(app, RuntimeError(SECRET))

    def cannot(*_: object, **__: object) -> str:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("tracker.views.errors.render_template", cannot)
    page = visit("manager").get("/broken")
    assert page.status == 500
    assert page.response.mimetype == "text/plain"
    assert "Something went wrong on our side." in page.text
    assert "hunter2" not in page.text
    assert not headers_fail(page.response)


def test_a_template_that_breaks_is_an_error_page(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(*_: object, **__: object) -> str:
        raise KeyError(SECRET)

    monkeypatch.setattr(sys.modules["tracker.views.portfolio"], "render_template", cannot)
    page = visit("manager").get("/")
    assert page.status == 500
    assert "hunter2" not in page.text


def test_a_file_that_changed_or_went_is_not_sent(visit: Visit, world: World, data_folder: Path) -> None:
    manager = visit("manager")
    link = f"/milestones/{world.milestones['2']}/evidence/{world.evidence}"
    file = data_folder / "evidence" / STORED_NAME
    assert manager.get(link).status == 200
    file.write_bytes(b"something else")
    changed = manager.get(link)
    assert changed.status == 400
    assert "something else" not in changed.text
    file.unlink()
    assert manager.get(link).status == 404


def test_a_link_of_evidence_is_no_file(visit: Visit, world: World) -> None:
    assert visit("manager").get(f"/milestones/{world.milestones['2']}/evidence/{world.evidence - 1}").status == 404
    assert visit("manager").get(f"/milestones/{world.milestones['5']}/evidence/{world.evidence}").status == 404


def test_the_service_says_that_it_lives_and_reaches_its_database(visit: Visit) -> None:
    for path, said in (("/healthz", "ok\n"), ("/readyz", "ready\n")):
        page = visit("anonymous").get(path)
        assert page.status == 200
        assert page.text.startswith(said)
