"""A valid request for every route: its address with what it names put in, and what a person would enter in its form."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.views import register_requests
from tests.views.boxes import scheme_boxes
from tests.views.structure_forms import STRUCTURE
from tests.views.world import PASSWORD, TABLE_OF_IMPORT, World

_RULE = {"every": "6-monthly", "anchor-day": "1", "anchor-month": "June", "anchor-year": "2025"}
_MEETING = {"minute": "5.2", "meeting_on-day": "9", "meeting_on-month": "9", "meeting_on-year": "2025"}


def address(world: World, route: str, method: str) -> str:
    """Return a route with what it names put in: what this method can be done to."""
    milestone = {
        ("update", "POST"): "5",
        ("claim", "POST"): "5",
        ("decide", "GET"): "2",
        ("decide", "POST"): "2",
        ("<int:change_id>", "GET"): "3",
        ("<int:change_id>", "POST"): "3",
        ("end", "POST"): "4",
        ("<int:evidence_id>", "GET"): "2",
        ("withdraw", "GET"): "2",
        ("withdraw", "POST"): "2",
        ("check", "POST"): "8",
        ("revoke", "POST"): "8",
        ("<int:milestone_id>", "POST"): "2",
    }.get((route.rsplit("/", 1)[-1], method), "1")
    values = {
        "slug": "alpha",
        "milestone_id": world.milestones["5" if route.startswith("/u/") else milestone],
        "workstream_id": world.workstream,
        "change_id": world.change,
        "evidence_id": world.evidence,
        "import_id": world.import_id,
        "post_id": world.post,
        "person_id": world.people["board"] if "disable" in route else world.people["disabled"],
        "number": 2,
        "pair": "1..2",
        "act": world.meeting
        if "/deadlines/" in route
        else world.attestation
        if route.startswith("/commitments")
        else world.confirmation,
        "scheme_id": world.scheme,
        "commitment_id": {"sign-off": world.finished, "rule": world.proposed}.get(
            route.rsplit("/", 1)[-1], world.commitment
        ),
        "link_id": world.link,
        "role": "manager",
        "format": "csv",
        "filename": "tracker.css",
        "priority": "1",
        "workstream": "1a",
        "action": "A",
        "kind": "record" if route.endswith("/reopen") else "milestone",
        "item_id": world.withdrawn if route.endswith("/reopen") else world.milestones["6"],
        **register_requests.named(world, route),
        "days": "30",
        "job": "housekeeping",
        "message_id": world.message,
    }
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(values[match[1]]), route)
    return path + (register_requests.asked(world, route) if method == "GET" else "")


def fields(world: World, route: str, version: Callable[[int], int]) -> dict[str, Any]:
    """Return what a person would enter in the form of a route."""
    number = {
        "decide": "2",
        "<int:change_id>": "3",
        "end": "4",
        "update": "5",
        "claim": "5",
        "check": "8",
        "revoke": "8",
    }
    number["<int:milestone_id>"] = "2"
    ref = "5" if route.startswith("/u/") else number.get(route.rsplit("/", 1)[-1], "1")
    known = {
        "/sign-in": {"email": "manager@testshire.example", "password": PASSWORD},
        "/commitments/<int:commitment_id>/record": {"window": "2025-09-02", "what": "skipped", "note": "Nobody came"},
        "/commitments/<int:commitment_id>/attest": {"held": ["2025-09-02"], "reason_2025-09-09": "Holiday"},
        "/commitments/<int:commitment_id>/rule": _RULE,
        "/commitments/<int:commitment_id>/accept": {"minute": "Board, 6.1"},
        "/my-milestones/confirm": {"milestones": [world.milestones["5"]]},
        "/import": {"plan_id": "", "pasted": TABLE_OF_IMPORT},
        **STRUCTURE,
        "/milestones/<int:milestone_id>/update": {"confidence": "on_track", "progress": "The second school is done"},
        "/milestones/<int:milestone_id>/claim": {
            "completed-day": "9",
            "completed-month": "9",
            "completed-year": "2025",
            "progress": "All schools are done",
            "evidence_url": "https://testshire.example/schools",
        },
        "/milestones/<int:milestone_id>/decide": {"decision": "approve"},
        "/milestones/<int:milestone_id>/actions": {"actions": [world.action], "reason": "The plan says so"},
        "/milestones/<int:milestone_id>/predecessors": {"predecessor": world.milestones["2"], "reason": "First"},
        "/milestones/<int:milestone_id>/predecessors/<int:link_id>/remove": {"reason": "It can begin without"},
        "/milestones/<int:milestone_id>/evidence": {"evidence_url": "https://testshire.example/more"},
        "/milestones/<int:milestone_id>/evidence/<int:evidence_id>/withdraw": {"reason": "The wrong school"},
        "/milestones/<int:milestone_id>/revoke": {"reason": "It was not finished"},
        "/milestones/<int:milestone_id>/check": {"answer": "yes", "reason": "A visit"},
        "/plans/<slug>/chase": {"post": world.post},
        "/sign-off/<int:milestone_id>": {"decision": "approve"},
        "/plans/<slug>/deadlines/decide": {
            **_MEETING,
            "changes": [world.change],
            "decision": "approve",
            "seen": f"{world.change}:{version(world.milestones['3'])}",
            "step": "record",
        },
        "/plans/<slug>/review": {
            **_MEETING,
            "label": "3",
            "board": "SEND Partnership Board",
            "adopted-day": "9",
            "adopted-month": "9",
            "adopted-year": "2025",
            "step": "list",
        },
        "/plans/<slug>/versions/<int:number>/undo": {"reason": "The board wants to look again"},
        "/plans/<slug>/end": {
            **_MEETING,
            "proposed": "Sep 2028",
            "reason_code": "scope",
            "reason": "A new inspection",
            "seen": "",
        },
        "/milestones/<int:milestone_id>/new-date": {
            "proposed": "Oct 2025",
            "reason_code": "procurement",
            "reason": "The supplier is late",
            "recovery": "A second supplier",
        },
        "/milestones/<int:milestone_id>/new-date/<int:change_id>": {"decision": "approve"},
        "/milestones/<int:milestone_id>/override": {
            "colour": "red",
            "until-day": "1",
            "until-month": "October",
            "until-year": "2025",
            "reason": "The board knows more",
        },
        "/schemes/<int:scheme_id>/copy": {"title": "Another copy"},
        "/schemes/<int:scheme_id>/edit": {**scheme_boxes("confidence-five"), "version": 1},
    }.get(route) or register_requests.sent_to(world, route)
    if "item_id" in route and not route.endswith("/reopen"):
        known = {**known, "version": version(world.milestones["6"])}
    if "milestone_id" in route:
        known = {**known, "version": version(world.milestones[ref])}
    return known
