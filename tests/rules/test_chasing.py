"""What a lead owes: one answer for each milestone, and nothing where somebody else has to act."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tracker.rules.chasing import Owes, Standing, owed
from tracker.rules.colour import Colour
from tracker.rules.facts import SignOff

WINDOW, DUE = date(2025, 9, 1), date(2025, 9, 30)
GREEN = Standing(Colour.GREEN, "6", DUE, date(2025, 8, 1), "", asked=False, evidence=0)
RED = replace(GREEN, colour=Colour.RED, rule="3")
BLUE = replace(GREEN, colour=Colour.BLUE, rule="1", signoff=SignOff.APPROVED)


@pytest.mark.parametrize(
    ("one", "changes", "expected"),
    [
        (RED, {}, Owes.OVERDUE),
        (RED, {"updated_on": None}, Owes.OVERDUE),
        (RED, {"updated_on": date(2025, 10, 2)}, Owes.NEW_DATE),
        (RED, {"asked": True}, None),
        (RED, {"signoff": SignOff.CLAIMED}, None),
        (BLUE, {}, Owes.EVIDENCE),
        (BLUE, {"evidence": 1}, None),
        (GREEN, {}, Owes.UNCONFIRMED),
        (GREEN, {"updated_on": None}, Owes.UNCONFIRMED),
        (GREEN, {"updated_on": WINDOW}, None),
        (GREEN, {"colour": Colour.NONE}, None),
    ],
)
def test_what_a_lead_owes(one: Standing, changes: dict[str, Any], expected: Owes | None) -> None:
    assert owed(replace(one, **changes), WINDOW) is expected
