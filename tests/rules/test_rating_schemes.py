"""Every scheme that ships has exactly one term for every computed state, and none that flatters."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.builders import any_facts, days
from tracker.rules import findings
from tracker.rules.colour import LETTERS, NAMES, RANK, WORDS, Colour
from tracker.rules.facts import Standing
from tracker.rules.paint import PAINTS, TONES, Tone
from tracker.rules.rating import PRESETS, Rating, Ratings, default_rating, preset, with_choice
from tracker.rules.rollup import Item, headline, workstream_colour
from tracker.rules.scheme import DEFAULT, Scheme, scheme_on
from tracker.rules.status import assess
from tracker.rules.timeline import assess_on, spans
from tracker.rules.vocabulary import Vocabulary

MARKS = (
    findings.LATE, findings.AWAITING, findings.OVERDUE, findings.COMPLETED_LATE, findings.REQUIRED, findings.PROPOSED,
    findings.BEFORE_ADOPTION, findings.CHECK, findings.EMBEDDED, findings.OVERRIDE, "moved x1", "moved x3",
)  # fmt: skip
NUMBERS = ("", *(rule.number for rule in findings.RULES))
GOOD = ("on t", "complete", "high", "good", "green", "delivered", "confident", "under way", "on schedule")

schemes = st.builds(
    Scheme,
    not_started_days=st.integers(0, 120),
    signoff_days=st.integers(1, 90),
    cap_months=st.integers(0, 12),
    cap_moves=st.integers(1, 5),
    share=st.sampled_from([0.01, 0.1, 0.15, 0.5, 1.0]),
    minimum=st.integers(1, 5),
    strict=st.booleans(),
) | st.sampled_from([preset(name).scheme for name in PRESETS])
items = st.lists(st.builds(Item, st.sampled_from(list(Colour)), st.none() | days, st.booleans()), max_size=12)


def luminance(colour: str) -> float:
    """Return the relative luminance of RGB in hexadecimal, as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(params=PRESETS)
def rating(request: pytest.FixtureRequest) -> Rating:
    return preset(request.param)


@pytest.mark.parametrize("paint", PAINTS.values(), ids=lambda paint: paint.name)
def test_text_on_every_paint_can_be_read(paint) -> None:
    assert contrast(paint.fill, paint.ink) >= 4.5
    assert contrast(paint.bar_fill, paint.bar_text) >= 4.5


def test_no_two_paints_that_can_stand_side_by_side_look_alike() -> None:
    for one, other in combinations(PAINTS.values(), 2):
        assert (one.fill, one.shape) != (other.fill, other.shape)


def test_every_computed_state_has_exactly_one_term(rating: Rating) -> None:
    marks = [(), *((mark,) for mark in MARKS), ("awaiting sign-off", "moved x2"), (findings.OVERRIDE, "moved x1")]
    for colour, rule, some, standing in product(Colour, NUMBERS, marks, Standing):
        term = rating.vocabulary.term(colour, rule, some, standing.value)
        assert term in rating.vocabulary.terms
        assert colour in term.colours
        assert term.paint.tone in TONES[colour]


def test_every_term_stands_for_something_and_is_in_the_key_with_its_meaning(rating: Rating) -> None:
    marks = [(), *((mark,) for mark in MARKS)]
    reached = {
        rating.vocabulary.term(colour, rule, some, standing.value).key
        for colour, rule, some, standing in product(Colour, NUMBERS, marks, Standing)
    }
    assert reached == {term.key for term in rating.vocabulary.terms}
    assert all(term.meaning and term.word and term.letter and term.name for term in rating.vocabulary.terms)


def test_words_and_letters_differ_within_a_scheme(rating: Rating) -> None:
    for box in ("key", "word", "letter"):
        values = [getattr(term, box).casefold() for term in rating.vocabulary.terms]
        assert len(set(values)) == len(values)


def test_no_good_word_or_paint_stands_for_a_red(rating: Rating) -> None:
    for term in rating.vocabulary.terms_of(Colour.RED):
        assert term.paint.tone is Tone.BAD
        assert term.colours == (Colour.RED,)
        assert not term.word.casefold().startswith(GOOD)


def test_a_colour_that_a_person_set_is_not_named_after_the_rule_that_it_overrides() -> None:
    words = preset("green-evidenced").vocabulary
    assert words.term(Colour.AMBER, "2", ("sign-off overdue",)).word == "Evidence check late"
    assert words.term(Colour.AMBER, "2", (findings.OVERRIDE,)).word == "At risk"


@pytest.mark.parametrize(
    ("name", "state", "word"),
    [
        ("blue-suspended", (Colour.NONE, "0", (), "suspended"), "Suspended"),
        ("blue-suspended", (Colour.NONE, "0", (), "withdrawn"), "Withdrawn or superseded"),
        ("green-evidenced", (Colour.BLUE, "1"), "Completed and evidenced"),
        ("green-evidenced", (Colour.GREEN, "2", ("awaiting sign-off",)), "Evidence being checked"),
        ("green-evidenced", (Colour.GREEN, "6"), "Under way"),
        ("confidence-three", (Colour.AMBER, "4a"), "Medium confidence"),
        ("confidence-five", (Colour.AMBER, "4a"), "Amber/Red"),
        ("confidence-five", (Colour.AMBER, "4b"), "Amber"),
        ("confidence-five", (Colour.AMBER, "4g", ("moved x1",)), "Green/Amber"),
        ("confidence-five", (Colour.GREEN, "6", ("moved x1",)), "Green/Amber"),
        ("confidence-five", (Colour.GREEN, "6"), "Green"),
        ("confidence-five", (Colour.RED, "3", ("new date required", "moved x1")), "Red"),
    ],
)
def test_a_preset_says_what_its_practice_says(name: str, state: tuple, word: str) -> None:
    assert preset(name).vocabulary.term(*state).word == word


def test_the_default_speaks_as_the_colours_page_does() -> None:
    for colour in Colour:
        term = default_rating().vocabulary.term(colour)
        assert (term.name, term.word, term.letter) == (NAMES[colour], WORDS[colour], LETTERS[colour])
    assert default_rating().scheme == DEFAULT


def test_a_scheme_survives_storage(rating: Rating) -> None:
    assert Rating.from_data(rating.as_data()) == rating


def test_a_vocabulary_without_a_term_for_a_colour_is_refused_when_read() -> None:
    data = preset("default").as_data()
    data["terms"] = [term for term in data["terms"] if term["key"] != "missed"]
    with pytest.raises(LookupError, match="red"):
        Rating.from_data(data)
    assert Vocabulary.from_data(data).terms


def test_a_group_is_counted_in_all_the_words_that_its_colour_can_have() -> None:
    words = preset("confidence-five").vocabulary
    assert words.group_word(Colour.AMBER) == "Amber or Amber/Red or Green/Amber"
    assert words.group_word(Colour.RED) == "Red"


def test_sentences_of_ours_use_the_names_of_the_plan() -> None:
    scheme = preset("confidence-three").scheme
    found = headline([Item(Colour.RED, date(2025, 9, 1))] * 2, date(2025, 10, 1), scheme)
    assert found.reason == "2 of 2 milestones due to date are Low (100%); the threshold is 15%."
    assert DEFAULT.retell("Reds of those due to date") == "Reds of those due to date"


def test_a_choice_stands_from_its_day_on_and_a_second_one_of_that_day_replaces_it() -> None:
    first, second = date(2025, 9, 1), date(2025, 10, 1)
    stored = with_choice(None, first, preset("confidence-three"))
    stored = with_choice(stored, second, preset("confidence-five"))
    stored = with_choice(stored, second, preset("two-ratings"))
    found = Ratings.from_data(stored)
    assert [entry["from"] for entry in stored] == ["2025-09-01", "2025-10-01"]
    assert found.on(first - timedelta(days=1)) == default_rating()
    assert found.on(first) == found.on(second - timedelta(days=1)) == preset("confidence-three")
    assert found.on(second) == found.now == preset("two-ratings")


@settings(max_examples=100)
@given(facts=any_facts(), one=schemes, other=schemes, change=days, first=days)
def test_each_day_is_judged_by_the_thresholds_that_stood_on_it(facts, one, other, change, first) -> None:
    over_time = ((date.min, one), (change, other))
    found = spans([(first, facts)], over_time)
    for day in (first, change, change - timedelta(days=1), change + timedelta(days=40), first + timedelta(days=200)):
        if day < first:
            continue
        (span,) = (span for span in found if span.from_day <= day <= span.to_day)
        verdict = assess(facts, day, other if day >= change else one)
        assert (span.colour, span.rule, span.reason) == (verdict.colour, verdict.rule, verdict.reason)
        assert assess_on([(first, facts)], day, over_time).reason == verdict.reason
        assert scheme_on(over_time, day) == (other if day >= change else one)


@settings(max_examples=100)
@given(listed=items, day=days, scheme=schemes)
def test_no_good_colour_stands_above_a_red_under_any_thresholds(listed, day, scheme) -> None:
    found = headline(listed, day, scheme).colour
    if any(item.colour is Colour.RED for item in listed):
        assert found in (Colour.RED, Colour.AMBER)
    if found is Colour.BLUE:
        assert all(item.colour in (Colour.BLUE, Colour.NONE) for item in listed)
    assert headline(list(reversed(listed)), day, scheme) == headline(listed, day, scheme)
    kept = [item for item in listed if item.colour is not Colour.NONE]
    assert headline(kept, day, scheme).colour is found
    more = headline([*listed, Item(Colour.BLUE, None)], day, scheme).colour
    if kept:
        assert RANK[more] >= RANK[found]
    if any(item.colour is Colour.RED for item in listed):
        assert workstream_colour(item.colour for item in listed) is Colour.RED


@settings(max_examples=100)
@given(facts=any_facts(override=False), day=days, later=st.integers(1, 300), scheme=schemes)
def test_time_alone_only_worsens_under_any_thresholds(facts, day, later, scheme) -> None:
    order = {Colour.GREY: 0, Colour.GREEN: 0, Colour.AMBER: 1, Colour.RED: 2}
    now, then = (assess(facts, when, scheme).colour for when in (day, day + timedelta(days=later)))
    if now in (Colour.BLUE, Colour.NONE):
        assert then is now
    else:
        assert order[then] >= order[now]
