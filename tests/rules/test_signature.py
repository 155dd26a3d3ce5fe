"""What a sign-off is bound to: the same content is the same hash, and every difference is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.signature import Signed, SignedEvidence, what_changed

MINUTES = SignedEvidence("Minutes", "https://testshire.example/1", "")
FILE = SignedEvidence("report.pdf", "", "ab" * 32)
SIGNED = Signed("1", "Train every school", date(2025, 9, 30), "Sep 2025", date(2025, 9, 8), (MINUTES, FILE))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, ()),
        ({"ref": "2"}, ("The ref was 1 and is 2.",)),
        ({"text": "Train some"}, ("The text was “Train every school” and is “Train some”.",)),
        ({"due": date(2025, 12, 31), "due_text": "Dec 2025"}, ("The deadline was Sep 2025 and is Dec 2025.",)),
        ({"due": None, "due_text": ""}, ("The deadline was Sep 2025 and is not set.",)),
        (
            {"completed": date(2025, 9, 9)},
            ("The day of completion was 8 September 2025 and is 9 September 2025.",),
        ),
        (
            {"evidence": (MINUTES,)},
            ("Evidence that was signed is gone: “report.pdf”.",),
        ),
        (
            {"evidence": (MINUTES, replace(FILE, sha256="cd" * 32))},
            ("Evidence that was signed is gone: “report.pdf”.", "Evidence was added: “report.pdf”."),
        ),
        (
            {"evidence": (MINUTES, FILE, MINUTES)},
            ("Evidence was added: “Minutes” (https://testshire.example/1).",),
        ),
        ({"evidence": (FILE, MINUTES)}, ("The evidence stands in another order.",)),
        (
            {"evidence": (replace(MINUTES, url="https://testshire.example/2"), FILE)},
            (
                "Evidence that was signed is gone: “Minutes” (https://testshire.example/1).",
                "Evidence was added: “Minutes” (https://testshire.example/2).",
            ),
        ),
    ],
)
def test_each_difference_is_said_and_changes_the_hash(more, said):
    now = replace(SIGNED, **more)
    assert what_changed(SIGNED, now) == said
    assert (now.hash == SIGNED.hash) == (not said)


def test_how_a_deadline_is_written_is_not_signed():
    written = replace(SIGNED, due_text="September 2025")
    assert written.hash == SIGNED.hash
    assert what_changed(SIGNED, written) == ()


texts = st.text(max_size=20)
evidence = st.builds(SignedEvidence, texts, texts, texts)
contents = st.builds(
    Signed,
    texts,
    texts,
    st.none() | st.dates(),
    texts,
    st.none() | st.dates(),
    st.lists(evidence, max_size=3).map(tuple),
)


@given(contents)
def test_what_is_kept_is_what_was_signed(signed):
    again = Signed.from_data(signed.as_data())
    assert again == signed
    assert again.hash == signed.hash


@given(contents, contents)
def test_something_is_said_if_and_only_if_the_hash_differs(one, other):
    assert (one.hash == other.hash) == (what_changed(one, other) == ())
