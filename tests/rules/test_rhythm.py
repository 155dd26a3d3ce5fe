"""Rhythms: which period is due at a moment, through clock changes, month ends, holidays and times without a worker."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.dates import LONDON
from tracker.rules.errors import Refusal
from tracker.rules.rhythm import CHOICES, Often, Rhythm, read_rhythm
from tracker.rules.timetable import TIMETABLE, pause_after
from tracker.rules.working_days import WEEKDAYS, WorkingDays

CALENDAR = WorkingDays(frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2026, 8, 31)}))
RHYTHMS = [Rhythm(often, hour) for often in Often for hour in (0, 3, 7)]
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  made aware


def moment(text: str) -> datetime:
    """Return a London time as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def hours(first: str, last: str, step: timedelta = timedelta(minutes=20)) -> list[datetime]:
    """Return the moments of a stretch of time at which a worker ticks."""
    now, end = moment(first), moment(last)
    return [now + number * step for number in range(int((end - now) / step) + 1)]


def run(rhythm: Rhythm, ticks: list[datetime], calendar: WorkingDays = CALENDAR) -> list[tuple[str, datetime]]:
    """Return which periods a worker that ticks at these moments runs, with the moment; each once."""
    done: dict[str, datetime] = {}
    for now in ticks:
        done.setdefault(rhythm.latest(now, calendar).key, now)
    return list(done.items())


@pytest.mark.parametrize(
    ("rhythm", "now", "key", "at"),
    [
        (Rhythm(Often.NIGHTLY, 3), "2026-11-30T02:59", "2026-11-29", "2026-11-29T03:00"),
        (Rhythm(Often.NIGHTLY, 3), "2026-11-30T03:00", "2026-11-30", "2026-11-30T03:00"),
        (Rhythm(Often.DAILY), "2026-11-29T12:00", "2026-11-27", "2026-11-27T07:00"),  # a Sunday: Friday's
        (Rhythm(Often.WEEKLY), "2026-12-02T12:00", "2026-11-30", "2026-11-30T07:00"),
        (Rhythm(Often.WEEKLY), "2026-11-30T06:59", "2026-11-23", "2026-11-23T07:00"),
        (Rhythm(Often.WEEKLY), "2026-12-28T12:00", "2026-12-21", "2026-12-21T07:00"),  # a bank holiday waits a day
        (Rhythm(Often.WEEKLY), "2026-12-29T07:00", "2026-12-28", "2026-12-29T07:00"),
        (Rhythm(Often.WEEKLY, weekday=4), "2026-12-04T08:00", "2026-12-04", "2026-12-04T07:00"),
        (Rhythm(Often.FORTNIGHTLY), "2026-12-01T08:00", "2026-11-30", "2026-11-30T07:00"),
        (Rhythm(Often.FORTNIGHTLY), "2026-12-08T08:00", "2026-11-30", "2026-11-30T07:00"),
        (Rhythm(Often.MONTHLY), "2027-01-04T06:00", "2026-12-01", "2026-12-01T07:00"),  # a holiday and a weekend
        (Rhythm(Often.MONTHLY), "2027-01-04T07:00", "2027-01-01", "2027-01-04T07:00"),
        (Rhythm(Often.DAILY), "2026-07-01T07:00", "2026-07-01", "2026-07-01T07:00"),  # summer time
    ],
)
def test_the_newest_period_is_due(rhythm: Rhythm, now: str, key: str, at: str) -> None:
    found = rhythm.latest(moment(now), CALENDAR)
    assert (found.key, found.at) == (key, moment(at))


@pytest.mark.parametrize("rhythm", RHYTHMS, ids=str)
@pytest.mark.parametrize("change", ["2026-03-29", "2026-10-25"])
def test_a_clock_change_skips_nothing_and_repeats_nothing(rhythm: Rhythm, change: str) -> None:
    ran = run(rhythm, hours(f"{change}T00:00", f"{change}T23:40") + hours("2026-11-02T00:00", "2026-11-02T09:00"))
    assert len({key for key, _ in ran}) == len(ran)
    if rhythm.often is Often.NIGHTLY:
        day = [now for key, now in ran if key == change]
        assert day == [moment(f"{change}T{rhythm.hour:02}:00")]


def test_a_year_of_ticks_runs_each_night_and_each_working_day_once_at_its_hour() -> None:
    ticks = hours("2026-01-01T00:00", "2026-12-31T23:00", timedelta(hours=1))
    nightly = run(Rhythm(Often.NIGHTLY, 3), ticks)[1:]
    assert [key for key, _ in nightly] == [str(date(2026, 1, 1) + timedelta(days=n)) for n in range(365)]
    assert {now.astimezone(LONDON).hour for _, now in nightly} == {3}
    daily = run(Rhythm(Often.DAILY), ticks)[1:]
    assert len(daily) == sum(CALENDAR.works(date(2026, 1, 1) + timedelta(days=n)) for n in range(365))
    assert all(now.astimezone(LONDON).hour == 7 and CALENDAR.works(now.date()) for _, now in daily)
    monthly = run(Rhythm(Often.MONTHLY), ticks)[1:]
    assert [now.astimezone(LONDON).day for _, now in monthly] == [1, 2, 2, 1, 1, 1, 1, 3, 1, 1, 2, 1]


def test_a_week_without_a_worker_leaves_one_period_to_catch_up_with() -> None:
    ticks = hours("2026-11-02T00:00", "2026-11-03T12:00") + hours("2026-11-11T09:10", "2026-11-11T18:00")
    assert [key for key, _ in run(Rhythm(Often.DAILY), ticks)] == [
        "2026-10-30",
        "2026-11-02",
        "2026-11-03",
        "2026-11-11",
    ]
    assert [key for key, _ in run(Rhythm(Often.WEEKLY), ticks)] == ["2026-10-26", "2026-11-02", "2026-11-09"]


def test_a_clock_that_is_set_back_runs_nothing_again() -> None:
    rhythm = Rhythm(Often.DAILY)
    there = {rhythm.latest(now, CALENDAR).key for now in hours("2026-11-02T00:00", "2026-11-06T12:00")}
    assert {rhythm.latest(now, CALENDAR).key for now in hours("2026-11-03T00:00", "2026-11-05T12:00")} <= there


@given(st.sampled_from(RHYTHMS), MOMENTS, st.integers(0, 3000))
def test_periods_follow_each_other_in_order(rhythm: Rhythm, now: datetime, minutes: int) -> None:
    first, later = (rhythm.latest(at, CALENDAR) for at in (now, now + timedelta(minutes=minutes)))
    assert first.at <= now
    assert (first.at, first.key) <= (later.at, later.key)
    following = rhythm.following(now, CALENDAR)
    assert first.at < now + timedelta(microseconds=1) <= following.at
    assert rhythm.latest(following.at, CALENDAR) == following
    assert rhythm.latest(following.at - timedelta(microseconds=1), CALENDAR) == first


def test_nothing_runs_in_the_hour_that_comes_twice() -> None:
    with pytest.raises(ValueError, match="comes twice"):
        Rhythm(Often.NIGHTLY, 1)
    for hour in (-1, 24):
        with pytest.raises(ValueError, match="comes twice"):
            Rhythm(Often.NIGHTLY, hour)
    with pytest.raises(ValueError, match="Monday to Friday"):
        Rhythm(Often.WEEKLY, weekday=5)
    assert all(timed.rhythm.hour != 1 for timed in TIMETABLE)


def test_a_rhythm_is_read_as_it_is_chosen_and_said_as_it_is_meant() -> None:
    said = {choice: read_rhythm(choice).words() for choice in CHOICES}
    assert said["daily"] == "every working day at 07:00"
    assert said["weekly friday"] == "every Friday at 07:00"
    assert said["fortnightly monday"] == "every second Monday at 07:00"
    assert len(set(said.values())) == len(CHOICES)
    assert read_rhythm("  Weekly   MONDAY ", 6) == Rhythm(Often.WEEKLY, 6)
    with pytest.raises(Refusal, match="weekly monday"):
        read_rhythm("weekly sunday")


def test_a_job_that_fails_is_tried_again_later_each_time() -> None:
    pauses = [pause_after(attempts) for attempts in range(1, 8)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(minutes=5)
    assert pauses[-1] == timedelta(hours=4)
    assert WEEKDAYS.works(date(2026, 11, 30))
