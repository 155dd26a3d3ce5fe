"""Whatever is recorded of a commitment, in whatever order: a past day shows what it showed then."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests import factories
from tests.services.acts import at, token
from tests.services.test_commitments import (
    FIRST,
    attest,
    confirm,
    outcomes,
    plan_with,
    record,
    shown,
)
from tracker.models import Commitment
from tracker.models.engine import writing
from tracker.services import attestation, commitments
from tracker.services.verification import verify

STEPS = st.lists(st.tuples(st.integers(1, 9), st.sampled_from(["held", "skip", "batch", "undo"])), max_size=8)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_a_past_day_shows_what_it_showed_then(engine: Engine, steps: list[tuple[int, str]]) -> None:
    with writing(), Session(engine) as session:
        made = plan_with(session)
        panel = session.scalars(select(Commitment)).one()
        lead = factories.lead(session, made)[1]
        confirm(session, lead, panel, at(FIRST))
        day, acts, then = FIRST, [], {}
        for days, what in steps:
            day += timedelta(days=days)
            opened = commitments.open_commitment(session, lead, commitments.Act.KEEP, panel.id)
            left = [window.scheduled for window in commitments.windows_to_record(opened, day)]
            if what == "undo" and acts:
                attestation.undo(session, lead, at(day), panel.id, acts.pop(), token())
            elif left and what == "held":
                acts.append(record(session, lead, panel, left[-1], now=at(day), day=day))
            elif left and what == "skip":
                acts.append(record(session, lead, panel, left[0], "skipped", at(day), note="Holiday"))
            elif left and what == "batch":
                acts.append(attest(session, lead, panel, left, now=at(day)))
            row = shown(session, made, day, day)
            then[day] = (outcomes(session, made, day, day), row.verdict, row.adherence)
        for seen, was in then.items():
            row = shown(session, made, seen, day)
            assert (outcomes(session, made, seen, day), row.verdict, row.adherence) == was
        assert verify(session).faults == ()
