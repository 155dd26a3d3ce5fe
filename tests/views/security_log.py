"""What the security log says after a request: exactly one event where it was refused, none of refusal otherwise."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, select

from tracker.models import SecurityEvent


def security_log(engine: Engine) -> list[tuple[Any, ...]]:
    """Return the events of the security log: kind, how often, whose, and what about; oldest first."""
    names = ("id", "kind", "times", "person_id", "email", "detail")
    with engine.connect() as connection:
        query = select(*(getattr(SecurityEvent, name) for name in names)).order_by(SecurityEvent.id)
        return [tuple(row) for row in connection.execute(query)]


def one_event_where_refused(
    before: list[tuple[Any, ...]],
    after: list[tuple[Any, ...]],
    answer: str,
    persona: str,
    route: str,
    method: str,
) -> list[tuple[Any, ...]]:
    """Fail unless a refused request has written exactly one security event and any other none; return the log."""
    kinds = {"no": "denied", "hidden": "not found or not theirs"}
    if answer not in kinds or route == "/demo/<role>":  # an address that is nowhere but in the demonstration
        assert after == before, f"{persona} was answered “{answer}” and the security log changed"
        return after
    detail = f"{method} {route}"  # a form may have been opened first, and that refused too
    before, now = ([event for event in log if event[5] == detail] for log in (before, after))
    changed = [event for event in now if event not in before]
    assert len(changed) == 1, f"{persona} was refused, and the security log got {changed}"
    _, kind, _, person_id, email, _ = changed[0]
    assert kind == kinds[answer]
    nobody = persona in {"anonymous", "disabled", "expired"}
    assert (person_id is None, email == "") == (nobody, nobody)
    assert sum(event[2] for event in now) == sum(event[2] for event in before) + 1
    return after
