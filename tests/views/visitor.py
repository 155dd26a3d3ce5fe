"""A visitor of the world: a client that can send a form without opening its page first."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from itsdangerous import URLSafeTimedSerializer

from tests.pages import HouseClient, Page
from tests.views.world import World

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

_tokens = count(1)
CSRF = "c" * 40


class Visitor(HouseClient):
    """A HouseClient that is one of the people of the world."""

    def __init__(self, app: Flask, world: World, persona: str) -> None:
        super().__init__(app)
        self.world = world
        if persona != "anonymous":
            self.sign_in(world.people[persona], world.epochs[persona])
        self.csrf()

    def _checked(self, response: TestResponse) -> Page:
        response.get_data()  # all of it, so that a file that is sent can be closed
        page = super()._checked(response)
        for answer in (*response.history, response):
            answer.close()
            answer.request.environ["wsgi.input"].close()  # a large form is kept in a file of the client's
        return page

    def csrf(self) -> str:
        """Return a token that the session of this visitor accepts."""
        with self.http.session_transaction() as kept:
            kept["csrf_token"] = CSRF
        return str(URLSafeTimedSerializer(self.app.secret_key or "", salt="wtf-csrf-token").dumps(CSRF))

    def send(self, path: str, fields: dict[str, Any] | None = None, **more: Any) -> Page:
        """Post a form with the tokens that it needs, each form token used once; does not follow the answer."""
        data = {"csrf_token": self.csrf(), "form_token": f"test-token-{next(_tokens)}"}
        return self.post(path, {**data, **(fields or {})}, **more)


def target(page: Page) -> str:
    """Return the address that an answer leads to, "" if it leads nowhere."""
    return str(page.response.headers.get("Location", ""))


def explained(page: Page) -> None:
    """Fail unless a page says in a summary what is wrong, with links that lead to what is on the page."""
    assert page.status == 422
    assert page.find("//head/title")[0].text.startswith("Error: ")
    links = page.find("//*[contains(@class, 'govuk-error-summary__list')]//a/@href")
    assert links
    assert len(links) == len(page.errors)
    for link in links:
        assert page.find(f"//*[@id='{link.removeprefix('#')}']"), f"{link} leads nowhere"


def in_the_box(page: Page, name: str) -> str:
    """Return what stands in a box."""
    for box in page.find("//main//*[@name=$name]", name=name):
        return box.get("value") or "" if box.tag == "input" else box.text_content()
    raise AssertionError(f"There is no box {name}")
