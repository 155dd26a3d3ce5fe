"""A report as plain data: complete, without floating point, and read back as the same report."""

from __future__ import annotations

import dataclasses
import json
import zipfile
from datetime import UTC, date, timedelta, timezone
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exports.sample import report_facts
from tracker.exports import FORMATS, Report, build_report, render
from tracker.exports.report import (
    BulletList,
    ChartBlock,
    Column,
    Commentary,
    DateValue,
    Group,
    Heading,
    KeyValue,
    Kind,
    Paragraph,
    Part,
    Section,
    Series,
    StatusLine,
    StatusValue,
    Table,
)
from tracker.exports.report_data import NotAReport, from_data, to_data
from tracker.exports.stamp import stamp
from tracker.rules.colour import Colour
from tracker.rules.rating import PRESETS, preset

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
NUMBERS = st.integers(min_value=-(10**12), max_value=10**12)
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1))
TERMS = st.sampled_from([term for name in PRESETS for term in preset(name).vocabulary.terms])
COLOURS = st.sampled_from(Colour)
ZONES = st.sampled_from([None, UTC, timezone(timedelta(hours=1))])


def several(one: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    """Return tuples of up to `most`."""
    return st.lists(one, max_size=most).map(tuple)


STATUSES = st.builds(StatusValue, COLOURS, several(TEXT), TERMS)
DATES = st.builds(DateValue, TEXT, st.none() | DAYS)
CELLS = st.one_of(st.none(), TEXT, NUMBERS, STATUSES, DATES)
COLUMNS = st.builds(
    Column,
    TEXT,
    st.sampled_from(Kind),
    NUMBERS,
    as_written=st.booleans(),
    colour=st.none() | COLOURS,
    term=st.none() | TERMS,
)
PARTS = st.builds(Part, NUMBERS, TEXT, st.none() | NUMBERS, st.booleans(), st.booleans())
TABLES = st.builds(
    Table,
    TEXT,
    TEXT,
    several(COLUMNS),
    several(several(CELLS)),
    TEXT,
    several(st.builds(Group, TEXT, NUMBERS, several(PARTS))),
    TEXT,
)
BLOCKS = st.one_of(
    st.builds(Heading, TEXT, st.integers(2, 3)),
    st.builds(Paragraph, TEXT, st.sampled_from(["text", "lead", "note"])),
    st.builds(BulletList, several(TEXT), st.booleans()),
    st.builds(StatusLine, STATUSES, TEXT),
    st.builds(KeyValue, TEXT, several(st.tuples(TEXT, CELLS))),
    st.builds(Commentary, TEXT, TEXT, TEXT, st.booleans(), TEXT),
    TABLES,
    st.builds(
        ChartBlock,
        TEXT,
        TEXT,
        TEXT,
        several(TEXT),
        several(st.builds(Series, COLOURS, several(NUMBERS), TERMS, TEXT)),
        TEXT,
    ),
)
SECTIONS = st.builds(Section, TEXT, TEXT, TEXT, several(BLOCKS, 4), st.booleans(), st.booleans())
REPORTS = st.builds(
    Report,
    slug=TEXT,
    plan_title=TEXT,
    organisation=TEXT,
    as_at=DAYS,
    since=st.none() | DAYS,
    prepared_on=st.datetimes(timezones=ZONES),
    headline=STATUSES,
    headline_sentence=TEXT,
    marking=TEXT,
    notice=TEXT,
    sections=several(SECTIONS),
    version=TEXT,
    scheme_name=TEXT,
    pack=TEXT,
    state=TEXT,
)


def whole(value: Any) -> Any:
    """Return everything that a tree holds, what equality leaves out as well."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return type(value), [whole(getattr(value, field.name)) for field in dataclasses.fields(value)]
    if isinstance(value, tuple):
        return tuple(whole(one) for one in value)
    return type(value), value


def written(data: bytes) -> Any:
    """Return what a file holds, without the times at which its parts were packed."""
    if not zipfile.is_zipfile(BytesIO(data)):
        return data
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: written(archive.read(name)) for name in archive.namelist()}


def leaves(data: Any) -> Any:
    """Yield every value of plain data that holds no other."""
    if isinstance(data, dict):
        assert all(isinstance(key, str) for key in data)
        for one in data.values():
            yield from leaves(one)
    elif isinstance(data, list):
        for one in data:
            yield from leaves(one)
    else:
        yield data


@settings(max_examples=150, deadline=None)
@given(REPORTS)
def test_any_report_comes_back_whole_through_json(report: Report) -> None:
    data = to_data(report)
    back = from_data(json.loads(json.dumps(data)))
    assert whole(back) == whole(report)
    assert to_data(back) == data


@pytest.mark.parametrize("name", [name for name, made in FORMATS.items() if not made.source])
def test_what_comes_back_renders_identically(name: str) -> None:
    report = stamp(build_report(report_facts(marking="OFFICIAL")), "Pack 3", "0123456789abcdef")
    back = from_data(json.loads(json.dumps(to_data(report))))
    assert written(render(back, name)) == written(render(report, name))


def test_the_data_are_plain_and_without_floating_point() -> None:
    kinds = {type(leaf) for leaf in leaves(to_data(build_report(report_facts())))}
    assert kinds <= {str, int, bool, type(None)}


def test_a_field_that_has_its_default_is_left_out() -> None:
    (table,) = from_data(to_data(build_report(report_facts()))).section("decisions").tables()  # type: ignore[union-attr]
    data = to_data(dataclasses.replace(build_report(report_facts()), sections=()))["report"]
    assert "pack" not in data
    assert data["sections"] == []
    assert table.empty


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"format": "tracker-report", "version": 2, "terms": [], "report": {}},
        {"format": "tracker-report", "version": 1, "terms": [], "report": {}},
        {"format": "tracker-report", "version": 1, "terms": [], "report": []},
        {"format": "tracker-report", "version": 1, "report": {}},
    ],
)
def test_what_is_not_a_report_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(NotAReport, match=r"report"):
        from_data(data)


def test_a_stamp_stands_on_the_front_sheet_and_on_every_page_and_only_once() -> None:
    report = build_report(report_facts())
    stamped = stamp(stamp(report, "Pack 2", draft=True), "Pack 3", "0123456789abcdef")
    assert stamped.page_text.endswith("Pack 3 · 0123456789ab")
    assert stamped.page_marking == report.marking
    front = stamped.section("front")
    assert front is not None
    (values,) = (block for block in front.blocks if isinstance(block, KeyValue))
    assert values.pairs[-2:] == (("Pack", "Pack 3"), ("Fingerprint", "0123456789abcdef"))
    assert sum(label == "Pack" for label, _ in values.pairs) == 1


def test_a_draft_says_so_beside_the_marking() -> None:
    drafted = stamp(build_report(report_facts(marking="OFFICIAL")), "Pack 3", draft=True)
    assert drafted.page_marking == "DRAFT · OFFICIAL"
