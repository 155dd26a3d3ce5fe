"""Who may do what to a milestone: every act tried as every role, on one's own milestone and on another's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.services import acts
from tracker.models import Milestone, Plan
from tracker.rules.errors import NotFound, Refusal
from tracker.rules.permissions import SYSTEM, Actor, Role
from tracker.services.evidence import NewEvidence
from tracker.services.milestones import leading_posts
from tracker.services.updates import confirm_on_track

NOBODY = Actor(None, "Nobody")


@dataclass(frozen=True)
class Cast:
    """A milestone with everybody who may meet it."""

    milestone: Milestone
    people: dict[str, Actor]
    claimer: Actor


@pytest.fixture
def cast(session: Session, plan: Plan, milestone: Milestone) -> Cast:
    own = factories.lead(session, plan)[1]
    other = Actor(factories.person(session).id, "Another lead", frozenset({999_999}), own.roles)
    stranger = factories.plan(session)
    people = {
        "lead of it": own,
        "lead of another": other,
        "manager elsewhere": factories.member(session, stranger, Role.MANAGER)[1],
        "nobody": NOBODY,
        "system": SYSTEM,
    }
    for role in (Role.MANAGER, Role.BOARD, Role.AUDITOR, Role.ADMINISTRATOR):
        people[role.value] = factories.member(session, plan, role)[1]
    return Cast(milestone, people, factories.member(session, plan, Role.MANAGER)[1])


def _confirm(session: Session, actor: Actor, cast: Cast) -> None:
    confirm_on_track(session, actor, factories.NOW, [cast.milestone.id], acts.token())


def _decide(session: Session, actor: Actor, cast: Cast) -> None:
    acts.claim(session, cast.claimer, cast.milestone)
    acts.decide(session, actor, cast.milestone)


def _revoke(session: Session, actor: Actor, cast: Cast) -> None:
    acts.claim(session, cast.claimer, cast.milestone)
    acts.decide(session, SYSTEM, cast.milestone)
    acts.revoke(session, actor, cast.milestone)


def _settle(session: Session, actor: Actor, cast: Cast) -> None:
    change = acts.ask(session, cast.claimer, cast.milestone)
    acts.settle(session, actor, cast.milestone, change)


def _end(session: Session, actor: Actor, cast: Cast) -> None:
    acts.override(session, cast.claimer, cast.milestone)
    acts.end(session, actor, cast.milestone)


ACTS: dict[str, tuple[Callable[[Session, Actor, Cast], Any], frozenset[str]]] = {
    "update": (lambda s, a, c: acts.update(s, a, c.milestone), frozenset({"lead of it", "manager"})),
    "confirm": (_confirm, frozenset({"lead of it", "manager"})),
    "claim": (lambda s, a, c: acts.claim(s, a, c.milestone), frozenset({"lead of it", "manager"})),
    "give evidence": (lambda s, a, c: acts.give(s, a, c.milestone), frozenset({"lead of it", "manager"})),
    "ask for a date": (lambda s, a, c: acts.ask(s, a, c.milestone), frozenset({"lead of it", "manager"})),
    "decide completion": (_decide, frozenset({"manager"})),
    "revoke": (_revoke, frozenset({"manager"})),
    "decide date": (_settle, frozenset({"manager"})),
    "override": (lambda s, a, c: acts.override(s, a, c.milestone), frozenset({"manager"})),
    "end override": (_end, frozenset({"manager"})),
}
PEOPLE = (
    "lead of it",
    "lead of another",
    "manager",
    "board",
    "auditor",
    "administrator",
    "system",
    "manager elsewhere",
    "nobody",
)


@pytest.mark.parametrize("act", list(ACTS))
def test_each_act_is_for_those_whom_the_table_names(session: Session, cast: Cast, act: str) -> None:
    do, may = ACTS[act]
    for who in PEOPLE:
        attempt = session.begin_nested()
        sentence = _refused(lambda who=who: do(session, cast.people[who], cast))
        attempt.rollback()
        session.expire_all()
        if who in may or who == "system":
            assert sentence == "", who
        elif who in {"manager elsewhere", "nobody"}:
            assert sentence == "NotFound: There is no such milestone, or you may not see its plan.", who
        else:
            assert sentence.startswith("NotPermitted: You may not "), who


def _refused(do: Callable[[], object]) -> str:
    try:
        do()
    except Refusal as refused:
        return f"{type(refused).__name__}: {refused.sentence}"
    return ""


def test_what_is_not_there_is_told_like_what_may_not_be_seen(session: Session, cast: Cast) -> None:
    missing = Milestone(id=999_999, version=1)
    with pytest.raises(NotFound, match=r"There is no such milestone, or you may not see its plan."):
        acts.update(session, cast.people["manager"], missing)


def test_a_deputy_for_the_post_is_a_lead(session: Session, plan: Plan, milestone: Milestone, lead: Actor) -> None:
    deputy = Actor(factories.person(session).id, "Deputy", lead.posts, {plan.id: frozenset({Role.LEAD})})
    acts.update(session, deputy, milestone)
    assert milestone.updated_by == "Deputy"


def test_posts_lead_through_workstream_action_and_milestone(session: Session) -> None:
    document = factories.document(factories.milestone_line(actions=["A"]))
    workstream = document.priorities[0].workstreams[0]
    line = type(workstream.leads[0])
    workstream.actions[0].leads = [line("Educational Psychologist", "Testshire Council")]
    workstream.milestones[0].leads = [line("Designated Clinical Officer", "Testshire ICB")]
    from tracker.services.plan_writer import create_plan

    applied = create_plan(session, document, SYSTEM, factories.NOW)
    plan = session.get_one(Plan, applied.plan_id)
    assert len(leading_posts(session, factories.milestones_of(session, plan)[0])) == 3


def test_a_file_is_evidence_as_much_as_a_link(session: Session, lead: Actor, milestone: Milestone) -> None:
    acts.give(session, lead, milestone, item=NewEvidence("Minutes", stored_name="a1b2", sha256="00"))
