"""What a milestone waits for, on every day: merged into its timeline, predecessors give what they give one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.builders import FIRST, LAST, any_facts, days, histories
from tracker.rules.colour import Colour
from tracker.rules.facts import Facts, Predecessor, SignOff, Standing
from tracker.rules.scheme import DEFAULT
from tracker.rules.status import assess
from tracker.rules.timeline import assess_on, change_after, spans
from tracker.rules.waiting import ELSEWHERE, Waiting, expected, facts_on, linked, stages, with_predecessors

DAY = timedelta(days=1)
PLAIN = ("due", "forecast", "claimed", "completed", "signoff", "signoff_day", "standing", "moves")


def entries_of(history: list[tuple[date, Facts]]) -> list[tuple[date, dict[str, object]]]:
    """Return the ledger entries that give a history, as far as others can see it."""
    found = []
    for day, facts in history:
        values: dict[str, object] = {name: getattr(facts, name) for name in PLAIN}
        override = facts.override
        values |= {
            "override_colour": str(override.colour) if override else "",
            "override_until": override.until if override else None,
            "override_improves": bool(override and override.improves),
            "ref": "2",
            "workstream_id": 7,
        }
        found.append((day, values))
    return found


@st.composite
def links(draw: st.DrawFn) -> list[tuple[date, dict[str, object]]]:
    """Draw the entries of a link: made, and perhaps taken away and made again."""
    found = sorted(draw(st.sets(days, min_size=1, max_size=3)))
    return [(day, {"unlinked_on": None if number % 2 == 0 else day}) for number, day in enumerate(found)]


@settings(max_examples=60, deadline=None)
@given(histories(), st.lists(st.tuples(histories(), links(), st.booleans()), min_size=1, max_size=2))
def test_a_timeline_with_predecessors_is_the_verdict_of_every_day(own, others) -> None:
    own = [(day, replace(facts, predecessors=())) for day, facts in own]
    before = [
        Waiting(stages(entries_of(history), DEFAULT, {7: [(FIRST, "1a")]}, elsewhere=away), linked(link))
        for history, link, away in others
    ]
    merged = with_predecessors(own, before)
    made = spans(merged)
    position, day = 0, own[0][0]
    while day <= LAST + 120 * DAY:
        while made[position].to_day < day:
            position += 1
        told = []
        for history, link, away in others:
            standing = [entry for entry in link if entry[0] <= day]
            facts = facts_on([(at, replace(f, predecessors=())) for at, f in history], day)
            if not standing or standing[-1][1]["unlinked_on"] or facts is None or facts.standing is not Standing.OPEN:
                continue
            plain = _seen(facts)
            red = assess(plain, day).colour is Colour.RED
            name = ELSEWHERE if away else "1a.2"
            told.append(
                Predecessor(
                    name,
                    facts.signoff is SignOff.APPROVED,
                    Colour.RED if red else Colour.NONE,
                    expected(plain),
                    away,
                )
            )
        alone = facts_on(own, day)
        assert alone is not None
        verdict = assess(replace(alone, predecessors=tuple(told)), day)
        span = made[position]
        assert (span.colour, span.rule, span.reason, span.marks) == (
            verdict.colour,
            verdict.rule,
            verdict.reason,
            verdict.marks,
        )
        day += 3 * DAY


def _seen(facts: Facts) -> Facts:
    override = replace(facts.override, reason="") if facts.override else None
    return replace(Facts(**{name: getattr(facts, name) for name in PLAIN}), override=override)


@settings(max_examples=100, deadline=None)
@given(any_facts(), days, st.lists(st.sampled_from([Colour.RED, Colour.GREEN]), max_size=2))
def test_red_never_depends_on_what_a_milestone_waits_for(facts, day, colours) -> None:
    told = tuple(Predecessor("1a.2", False, colour, None) for colour in colours)
    with_them = assess(replace(facts, predecessors=told), day).colour is Colour.RED
    assert with_them is (assess(replace(facts, predecessors=()), day).colour is Colour.RED)


def test_the_next_change_may_be_one_of_a_predecessor() -> None:
    due = date(2025, 12, 31)
    own = [(FIRST, Facts(due=due, due_text="Dec 2025", started=FIRST))]
    entries = [(FIRST, {"ref": "2", "workstream_id": 7, "due": date(2025, 9, 30), "started": FIRST})]
    before = [Waiting(stages(entries, DEFAULT, {7: [(FIRST, "1a")]}), [(FIRST, True)])]
    history = with_predecessors(own, before)
    found = change_after(history, date(2025, 6, 1))
    assert found is not None
    assert (found[0], found[1].reason) == (date(2025, 10, 1), "It depends on 1a.2, which is unfinished and Red.")
    verdict = assess_on(history, date(2025, 9, 30))
    assert verdict is not None
    assert verdict.colour is Colour.GREEN
    assert change_after(history, date(2026, 2, 1)) is None


def test_a_milestone_that_is_claimed_is_expected_on_the_day_it_was_done() -> None:
    claimed = Facts(due=LAST, claimed=date(2025, 9, 2), completed=date(2025, 9, 1), signoff=SignOff.CLAIMED)
    assert expected(claimed) == date(2025, 9, 1)
    assert expected(replace(claimed, completed=None)) == date(2025, 9, 2)
    assert expected(Facts(due=LAST, forecast=FIRST)) == FIRST
    assert expected(Facts()) is None


def test_a_milestone_without_entries_holds_nothing_up() -> None:
    assert stages([], DEFAULT, {}) == []
    assert with_predecessors([], [Waiting([], [])]) == []
    assert linked([]) == []


def test_nothing_of_another_plan_is_in_the_sentence() -> None:
    own = [(FIRST, Facts(due=date(2025, 9, 30), due_text="Sep 2025", started=FIRST))]
    entries = [(FIRST, {"ref": "2", "workstream_id": 7, "due": date(2025, 12, 31)})]
    before = [Waiting(stages(entries, DEFAULT, {7: [(FIRST, "9z")]}, elsewhere=True), [(FIRST, True)])]
    (first, *_) = spans(with_predecessors(own, before))
    assert first.reason == "It depends on a milestone of another plan, which is expected after the deadline, Sep 2025."
