"""What lateness is measured against: the original date, or the baseline of a later version."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.builders import FIRST, STARTED, with_
from tracker.rules.baseline import BASELINE, as_of_version, baselines_in, measured_words, version_words
from tracker.rules.colour import Colour
from tracker.rules.facts import SignOff
from tracker.rules.fold import fold
from tracker.rules.receipt import receipt
from tracker.rules.status import assess
from tracker.rules.timeline import spans

DAY = timedelta(days=1)
MARCH = date(2026, 3, 31)
MOVED = with_(STARTED, due=MARCH, due_text="Mar 2026", moves=2)
REVIEWED = with_(MOVED, baseline_due=MARCH, baseline_due_text="Mar 2026", baseline_version="2", baseline_moves=2)

offsets = st.integers(0, 300)
changes = st.fixed_dictionaries(
    {},
    optional={
        "due": st.dates(FIRST, FIRST + 400 * DAY).map(date.isoformat),
        "moves": st.integers(0, 4),
        "started": st.none() | st.just("2025-02-01"),
        "confirmed": st.booleans(),
        "signoff": st.sampled_from(["none", "claimed", "approved", "returned"]),
        "claimed": st.none() | st.just("2025-06-01"),
        "completed": st.none() | st.just("2025-06-01"),
        "standing": st.sampled_from(["open", "open", "suspended"]),
    },
)
histories = st.lists(st.tuples(offsets, changes), max_size=8)
START = {"due": "2025-09-30", "due_text": "Sep 2025", "original_due": "2025-09-30", "original_due_text": "Sep 2025"}


def entry(number: int, due: str, moves: int) -> dict[str, Any]:
    """Return what the adoption of a version writes on a milestone."""
    label = str(number)
    return dict(zip(BASELINE, (due, "", label, number, moves), strict=True))


def test_without_a_baseline_the_original_date_and_every_move_count() -> None:
    assert (MOVED.measured_due, MOVED.measured_moves) == (date(2025, 9, 30), 2)
    assert measured_words(MOVED) == "the original date, Sep 2025"


def test_with_a_baseline_only_the_moves_since_count() -> None:
    assert (REVIEWED.measured_due, REVIEWED.measured_moves) == (MARCH, 0)
    assert with_(REVIEWED, moves=3).measured_moves == 1
    assert with_(REVIEWED, moves=1).measured_moves == 0
    assert measured_words(REVIEWED) == "the baseline of version 2, Mar 2026"


def test_a_label_is_a_number_or_speaks_for_itself() -> None:
    assert version_words("2") == "version 2"
    assert version_words("2.1") == "version 2.1"
    assert version_words("Refresh") == "Refresh"


def test_moved_twice_is_amber_until_a_review_and_again_after_two_more_moves() -> None:
    day = date(2025, 10, 20)
    assert (assess(MOVED, day).rule, assess(REVIEWED, day).rule) == ("4f", "6")
    again = assess(with_(REVIEWED, moves=4, due=date(2026, 5, 31), due_text="May 2026"), day)
    assert (again.rule, again.marks) == ("4f", ("moved x2",))
    assert again.reason == (
        "The deadline has been moved twice since the baseline of version 2, Mar 2026; it is now May 2026."
    )


def test_too_far_past_counts_three_months_from_the_baseline() -> None:
    facts = with_(REVIEWED, moves=3, due=date(2026, 9, 30), due_text="Sep 2026")
    assert assess(facts, date(2026, 6, 30)).rule == "6"
    verdict = assess(facts, date(2026, 7, 1))
    assert verdict.rule == "4f"
    assert "since the baseline of version 2, Mar 2026" in verdict.reason


def test_late_is_after_the_baseline_and_says_so() -> None:
    done = with_(REVIEWED, signoff=SignOff.APPROVED, signoff_day=date(2026, 4, 9))
    assert assess(with_(done, completed=MARCH), date(2026, 4, 9)).marks == ()
    late = assess(with_(done, completed=MARCH + DAY), date(2026, 4, 9))
    assert (late.colour, late.marks) == (Colour.BLUE, ("late",))
    assert "after the baseline of version 2, Mar 2026," in late.reason


def test_the_receipt_names_the_baseline_and_the_original_date() -> None:
    line = next(line for line in receipt(REVIEWED, date(2025, 10, 20)) if line.number == "4f")
    assert line.inputs == (
        "Moved since the baseline of version 2, Mar 2026: 0 of 2; original date: Sep 2025; deadline: Mar 2026, "
        "last day 31 March 2026."
    )
    assert line.change.startswith("2 more approved moves")


def test_a_history_gives_the_baseline_of_each_version_and_nothing_for_one_taken_back() -> None:
    back = dict(zip(BASELINE, (None, "", "", 0, 0), strict=True))
    history = [START, entry(2, "2025-12-31", 1), back, entry(3, "2026-03-31", 2)]
    assert {number: taken["due"] for number, taken in baselines_in(history).items()} == {
        2: date(2025, 12, 31),
        3: date(2026, 3, 31),
    }


def test_against_an_earlier_version_only_its_own_and_earlier_baselines_count() -> None:
    assert as_of_version(entry(3, "2026-03-31", 2), 2) == {}
    assert as_of_version(entry(2, "2025-12-31", 1), 2) == entry(2, "2025-12-31", 1)
    assert as_of_version({"due": "2025-12-31", **entry(3, "2026-03-31", 2)}, 1) == {"due": "2025-12-31"}


@settings(max_examples=100)
@given(before=histories, after=histories, at=offsets)
def test_a_baseline_changes_no_day_before_it(before: list[Any], after: list[Any], at: int) -> None:
    entries = [(FIRST, START), *((FIRST + days * DAY, made) for days, made in [*before, *after])]
    day = FIRST + at * DAY
    known = fold([entry for entry in entries if entry[0] <= day])
    taken = entry(2, (known[-1][1].due or day).isoformat(), known[-1][1].moves)
    plain, reviewed = spans(fold(entries)), spans(fold([*entries, (day, taken)]))
    assert _until(reviewed, day - DAY) == _until(plain, day - DAY)


@settings(max_examples=100)
@given(history=histories, at=offsets)
def test_against_the_first_version_there_was_no_review(history: list[Any], at: int) -> None:
    entries = [(FIRST, START), *((FIRST + days * DAY, made) for days, made in history)]
    reviewed = [*entries, (FIRST + at * DAY, entry(2, "2025-12-31", 1))]
    assert spans(fold(reviewed, None, 1)) == spans(fold(entries))


@settings(max_examples=100)
@given(history=histories, at=offsets)
def test_the_original_date_and_the_count_of_moves_outlive_every_review(history: list[Any], at: int) -> None:
    entries = [(FIRST, START), *((FIRST + days * DAY, made) for days, made in history)]
    plain = fold(entries)[-1][1]
    facts = fold([*entries, (FIRST + at * DAY, entry(2, "2025-12-31", 1))])[-1][1]
    assert (facts.original_due, facts.due, facts.moves) == (plain.original_due, plain.due, plain.moves)
    assert facts.measured_moves <= facts.moves


def _until(found: list[Any], last: date) -> list[tuple[Any, ...]]:
    """Return what the spans say of each day up to a last one."""
    said = []
    for span in found:
        day = span.from_day
        while day <= min(span.to_day, last):
            said.append((day, span.colour, span.rule, span.reason, span.marks, span.due, span.moves))
            day += DAY
    return said
