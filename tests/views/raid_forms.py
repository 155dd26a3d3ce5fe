"""What a person enters into the registers of risks, issues and decisions, and as figures of measures."""

from __future__ import annotations

from typing import Any

from tests.views.world import World

ENTRY = {"title": "The provider may close", "likelihood": "3", "severity": "4", "milestones": "1a.3"}
FIGURE = {"period": "Q2 2025/26", "value": "62%", "source": "The termly return"}
VOICE = {
    "who": "Parent carers",
    "text": "We are heard.",
    "source": "The forum",
    "heard_on-day": "9",
    "heard_on-month": "9",
    "heard_on-year": "2025",
}
RAID: dict[str, dict[str, Any]] = {
    "/plans/<slug>/risks/add/<kind>": ENTRY,
    "/plans/<slug>/risks/<int:raid_id>": {**ENTRY, "version": 1},
    "/plans/<slug>/measures/<int:measure_id>": FIGURE,
    "/plans/<slug>/measures/<int:measure_id>/voices": VOICE,
    "/plans/<slug>/measures/<int:measure_id>/voices/<int:voice_id>/take-back": {"reason": "It was of another school"},
    "/plans/<slug>/measures/<int:measure_id>/<int:reading_id>/take-back": {"reason": "It was of another school"},
}


def named_in_registers(world: World, route: str) -> dict[str, Any]:
    """Return what stands in an address of the registers."""
    values: dict[str, Any] = {"raid_id": world.risk, "measure_id": world.measure, "reading_id": world.reading}
    values["voice_id"] = world.voice
    return values | ({"kind": "risk"} if "/risks/" in route else {})
