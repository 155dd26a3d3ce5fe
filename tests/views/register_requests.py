"""Valid requests for the routes about answers, accounts, registers and boards: what they name and what they send."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.exports.test_docx_template import council
from tests.views import board_world
from tests.views.raid_forms import RAID, named_in_registers
from tests.views.structure_forms import STAMPED
from tests.views.uploads import as_file
from tests.views.world import PASSWORD, World
from tests.views.world_parts import CALENDAR, LINK

OPENED_FIRST = (
    STAMPED
    | board_world.OPENED_FIRST
    | {
        "/plans/<slug>/leads/<kind>/<int:subject_id>",
        "/import/<int:import_id>/columns",
        "/import/<int:import_id>/questions/<kind>",
        "/import/profiles/<int:profile_id>",
    }
)
"""Routes whose form holds a number that only the opened page tells."""


@cache
def _template() -> bytes:
    """Return a council's document, which takes longer to make than a request to be answered."""
    return council()


def _day(name: str, day: int) -> dict[str, str]:
    return {f"{name}-day": str(day), f"{name}-month": "9", f"{name}-year": "2025"}


def named(world: World, route: str) -> dict[str, Any]:
    """Return what stands in an address of a route, where it differs from that of other routes."""
    values: dict[str, Any] = {
        "token": CALENDAR if route.startswith("/calendars") else LINK,
        "feed_id": world.calendar,
        "organisation_id": 1,
        "holding_id": world.holding,
        "subject_id": world.workstream,
        "state": "on",
        "plan_id": world.alpha,
        "profile_id": world.profile,
        "webhook_id": world.webhook,
        "delivery_id": world.delivery,
    }
    if "/questions/" in route:
        values["kind"] = "dates"
    values["returned_id"] = world.applied if route.endswith("/undo") else world.returned
    if "/leads/" in route:
        values["kind"] = "workstream"
    if route.startswith("/accounts/") and not route.endswith("/enable"):
        values["person_id"] = world.people["board"]
    if "/roles/" in route:
        values["role"] = "board"
    if route.endswith("/posts/<int:post_id>/close"):
        values["post_id"] = world.spare
    if route.endswith("/posts/<int:post_id>/reopen"):
        values["post_id"] = world.closed
    return values | named_in_registers(world, route) | board_world.named(world.boards, route)


def asked(world: World, route: str) -> str:
    """Return what the address of a page has to say beside its path, "" for most."""
    return board_world.asked(world.boards, route)


def sent_to(world: World, route: str) -> dict[str, Any]:
    """Return what a person would enter in the form of a route; nothing for a route that is not of the register."""
    board = world.people["board"]
    post, account = "/people/posts/<int:post_id>", "/accounts/<int:person_id>"
    organisation = {"name": "The parent carer forum", "kind": "forum", "outside": "yes"}
    columns = ("ref", "section", "milestone", "due", "lead")
    known: dict[str, dict[str, Any]] = {
        **RAID,
        "/schemes/<int:scheme_id>/delete": {"version": 1},
        "/plans/<slug>/scheme": {"scheme": world.scheme, "reason": "The board asked for it"},
        "/import/<int:import_id>/columns": {f"column_{at}": meaning for at, meaning in enumerate(columns)},
        "/import/<int:import_id>/questions/<kind>": {"answer_0": "undated"},
        "/import/<int:import_id>/profile": {"name": "The travel team"},
        "/import/profiles/<int:profile_id>": {"name": "Transport"},
        "/plans/<slug>/workbooks": {"files": (as_file(world.workbook), "returned.xlsx")},
        "/u/<token>/workbooks": {"files": (as_file(world.workbook), "returned.xlsx")},
        "/report-template": {"template": (as_file(_template()), "council.docx")},
        "/plans/<slug>/report-template": {"template": (as_file(_template()), "council.docx")},
        "/people/organisations/new": organisation,
        "/people/organisations/<int:organisation_id>": organisation,
        "/people/posts/new": {"title": "Head of Health", "organisation": "1"},
        f"{post}/edit": {"title": "SEND Manager", "organisation": "1"},
        f"{post}/close": _day("last_day", 1),
        f"{post}/appoint": {"person": board, "shared": "y", **_day("from_day", 1)},
        f"{post}/hand-over": {"person": board, "note": "All is in the folder", **_day("from_day", 11)},
        f"{post}/deputy": {"person": board, **_day("from_day", 10), **_day("to_day", 20)},
        "/people/holdings/<int:holding_id>/end": _day("to_day", 30),
        "/accounts/new": {"name": "A new person", "email": "new@testshire.example", "password": PASSWORD},
        "/accounts/my-password": {"old": PASSWORD, "new": "another horse battery staple"},
        f"{account}/password": {"password": "another horse battery staple"},
        f"{account}/email": {"email": "board.member@testshire.example"},
        f"{account}/roles": {"plan": world.beta, "role": "auditor"},
        "/plans/<slug>/chase": {"post": world.post},
        "/webhooks/new": {
            "address": "https://hooks.testshire.example/more",
            "secret": "another secret of a test",
            "kinds": ["signed-off"],
            "form": "json",
        },
        "/webhooks/<int:webhook_id>/edit": {
            "address": "https://hooks.testshire.example/moved",
            "kinds": ["signed-off", "pack-issued"],
            "form": "teams",
        },
        "/my-messages": {"digest": "daily", "at_once": "y"},
        "/u/<token>/<int:milestone_id>": {"confidence": "on_track", "progress": "The second school is done"},
        "/worker/messages": {"digest": "daily", "grace_manager": "3", "grace_senior": "4", "link_days": "7"},
        "/calendars": {"of": "mine"},
        "/my-messages/away": {**_day("from_day", 15), **_day("to_day", 19)},
        "/my-messages/back": {"days": world.absence},
        "/plans/<slug>/leads/<kind>/<int:subject_id>": {
            "posts": [world.post],
            "add": world.spare,
            "accountable": "new",
        },
    }
    return known.get(route) or board_world.sent_to(world.boards, world.alpha, route)
