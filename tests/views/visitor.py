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
