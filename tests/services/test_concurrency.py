"""Several people at once, each in a transaction of their own: nothing is lost, nothing is done twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.services import acts
from tracker.models import DeadlineChange, Evidence, LedgerEntry, Milestone, OutboxMessage
from tracker.models.engine import transaction
from tracker.rules.errors import AlreadyDone, Conflict, NotPermitted, Refusal
from tracker.rules.permissions import Actor, Role
from tracker.services.updates import confirm_on_track
from tracker.services.verification import verify

WORKERS = 8
UPDATES = 2_000
ATTEMPTS = 200


@pytest.fixture
def told(engine: Engine) -> tuple[list[int], Actor, Actor]:
    """Store a plan of eight milestones; return their ids, the lead and the manager."""
    with transaction(engine) as session:
        plan = factories.plan(session, *(factories.milestone_line(str(number)) for number in range(1, WORKERS + 1)))
        ids = [milestone.id for milestone in factories.milestones_of(session, plan)]
        return ids, factories.lead(session, plan)[1], factories.member(session, plan, Role.MANAGER)[1]


def at_once(number: int, act: Callable[[int], str]) -> Counter[str]:
    """Let several threads begin together; return how each ended."""
    start = Barrier(number)

    def run(index: int) -> str:
        start.wait()
        try:
            return act(index)
        except Refusal as refused:
            return type(refused).__name__

    with ThreadPoolExecutor(number) as pool:
        return Counter(pool.map(run, range(number)))


def whole(engine: Engine) -> bool:
    with Session(engine) as session:
        return verify(session).faults == ()


def test_of_eight_who_save_the_same_form_one_wins_and_seven_see_both_texts(engine, told):
    ids, lead, _ = told

    def save(index: int) -> str:
        with transaction(engine) as session:
            milestone = session.get_one(Milestone, ids[0])
            acts.update(session, lead, milestone, version=1, progress=f"Said by {index}")
        return "saved"

    assert at_once(WORKERS, save) == {"saved": 1, Conflict.__name__: WORKERS - 1}
    with Session(engine) as session:
        assert session.get_one(Milestone, ids[0]).version == 2
    assert whole(engine)


def test_eight_who_try_until_they_succeed_lose_no_update(engine, told):
    ids, lead, _ = told
    saved: list[str] = []

    def save(index: int) -> str:
        while True:
            with Session(engine) as reader:
                opened = reader.get_one(Milestone, ids[0]).version
            try:
                with transaction(engine) as session:
                    milestone = session.get_one(Milestone, ids[0])
                    acts.update(session, lead, milestone, version=opened, progress=f"Said by {index}")
            except Conflict:
                continue
            saved.append(f"Said by {index}")
            return "saved"

    assert at_once(WORKERS, save) == {"saved": WORKERS}
    with Session(engine) as session:
        texts = select(LedgerEntry.changes).where(LedgerEntry.verb == "updated").order_by(LedgerEntry.seq)
        told_by = [changes["progress"][1] for changes in session.scalars(texts)]
    assert sorted(told_by) == sorted(saved) == sorted(f"Said by {index}" for index in range(WORKERS))
    assert whole(engine)


def test_one_form_sent_twice_at_once_counts_once(engine, told):
    ids, lead, _ = told
    forms = [acts.token() for _ in ids]
    for milestone_id, form in zip(ids, forms, strict=True):

        def ask(_: int, key: int = milestone_id, token: str = form) -> str:
            with transaction(engine) as session:
                acts.ask(session, lead, session.get_one(Milestone, key), version=1, token=token)
            return "asked"

        assert at_once(2, ask) == {"asked": 1, AlreadyDone.__name__: 1}
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(DeadlineChange)) == len(ids)
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == len(ids)
    assert whole(engine)


def test_evidence_given_to_all_milestones_of_a_plan_at_once_blocks_nobody(engine, told):
    ids, lead, _ = told

    def give(index: int) -> str:
        with transaction(engine) as session:
            acts.give(session, lead, session.get_one(Milestone, ids[index]))
        return "given"

    assert at_once(WORKERS, give) == {"given": WORKERS}
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Evidence)) == WORKERS
    assert whole(engine)


def test_bulk_confirmations_in_any_order_do_not_wait_for_each_other_for_ever(engine, told):
    ids, lead, _ = told

    def confirm(index: int) -> str:
        order = ids if index % 2 else ids[::-1]
        with transaction(engine) as session:
            confirm_on_track(session, lead, factories.NOW, order, acts.token())
        return "confirmed"

    assert at_once(WORKERS, confirm) == {"confirmed": WORKERS}
    assert whole(engine)


def test_of_two_who_decide_at_once_one_decides(engine, told):
    ids, lead, manager = told
    with transaction(engine) as session:
        version = acts.claim(session, lead, session.get_one(Milestone, ids[0])).version

    def decide(index: int) -> str:
        with transaction(engine) as session:
            milestone = session.get_one(Milestone, ids[0])
            acts.decide(session, manager, milestone, version=version, approve=index == 0, note="Not yet.")
        return "decided"

    assert at_once(2, decide) == {"decided": 1, Refusal.__name__: 1}
    assert whole(engine)


def test_eight_who_save_two_thousand_updates_between_them_lose_none_and_see_no_error(engine, told):
    ids, lead, _ = told

    def save(index: int) -> str:
        for number in range(UPDATES // WORKERS):
            key, said = ids[(index + number) % len(ids)], f"Said by {index}, number {number}"
            while True:
                with Session(engine) as reader:
                    opened = reader.scalar(select(Milestone.version).where(Milestone.id == key))
                try:
                    with transaction(engine) as session:
                        acts.update(session, lead, session.get_one(Milestone, key), version=opened, progress=said)
                    break
                except Conflict:
                    continue  # the page shows both texts, and the person saves again
        return "all saved"

    assert at_once(WORKERS, save) == {"all saved": WORKERS}
    with Session(engine) as session:
        texts = session.scalars(select(LedgerEntry.changes).where(LedgerEntry.verb == "updated"))
        told_by = sorted(changes["progress"][1] for changes in texts)
        versions = session.scalars(select(Milestone.version).where(Milestone.id.in_(ids))).all()
    expected = [f"Said by {index}, number {number}" for index in range(WORKERS) for number in range(UPDATES // WORKERS)]
    assert told_by == sorted(expected)
    assert sum(versions) == UPDATES + len(ids)
    assert whole(engine)


def test_of_hundreds_of_attempts_two_at_once_to_approve_what_one_claimed_none_succeeds(engine, told):
    ids, _, manager = told
    with transaction(engine) as session:
        version = acts.claim(session, manager, session.get_one(Milestone, ids[0])).version

    def approve(_: int) -> str:
        for _number in range(ATTEMPTS):
            with pytest.raises(NotPermitted, match="You claimed this completion"), transaction(engine) as session:
                acts.decide(session, manager, session.get_one(Milestone, ids[0]), version=version)
        return "refused each time"

    assert at_once(2, approve) == {"refused each time": 2}
    with Session(engine) as session:
        assert session.get_one(Milestone, ids[0]).signoff == "claimed"
        assert not session.scalars(select(LedgerEntry).where(LedgerEntry.verb == "approved the completion")).all()
    assert whole(engine)
