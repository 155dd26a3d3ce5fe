"""A calendar as iCalendar (RFC 5545): whole days, and meetings in UTC, as Outlook and others subscribe to it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar as Feed
from icalendar import Event

from tracker.queries.calendars import Calendar, Entry

_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_LONDON = ZoneInfo("Europe/London")
_LENGTH = timedelta(hours=1)  # how long a meeting takes is recorded nowhere


def to_ical(calendar: Calendar, address: str, now: datetime) -> bytes:
    """Return a calendar as a file; `address` is that of the tracker, and part of every event's lasting name."""
    feed = Feed()
    feed.add("prodid", "-//Improvement plans//Action tracker//EN")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", calendar.name)
    feed.add("refresh-interval", timedelta(hours=12), parameters={"value": "DURATION"})
    feed.add("x-published-ttl", "PT12H")
    for entry in calendar.entries:
        feed.add_component(_event(entry, address, now))
    return bytes(feed.to_ical())


def _event(entry: Entry, address: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{urlsplit(address).hostname}")
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", entry.sequence)
    event.add("summary", entry.summary)
    about = entry.about
    time = _TIME.fullmatch(entry.starts_at.strip())
    if time is not None:
        day = entry.day
        starts = datetime(day.year, day.month, day.day, int(time[1]), int(time[2]), tzinfo=_LONDON).astimezone(UTC)
        event.add("dtstart", starts)
        event.add("dtend", starts + _LENGTH)
    else:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("x-microsoft-cdo-alldayevent", "TRUE")
        about = "\n".join(part for part in (entry.starts_at and f"Time: {entry.starts_at}", about) if part)
    if about:
        event.add("description", about)
    if entry.place:
        event.add("location", entry.place)
    event.add("url", f"{address}{entry.path}")
    event.add("transp", "TRANSPARENT" if time is None else "OPAQUE")
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    return event
