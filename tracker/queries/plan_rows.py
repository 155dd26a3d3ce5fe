"""The plan itself as a row, with its versions and its school terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tracker.queries.version_rows import VersionRow, first_version, in_force
from tracker.rules.calendar import TermCalendar
from tracker.rules.rating import Ratings
from tracker.rules.terms import terms_of


@dataclass(frozen=True, slots=True)
class PlanRow:
    """The plan itself, without what it holds."""

    id: int
    slug: str
    title: str
    organisation: str
    kind: str
    version: str
    adopted: date | None
    starts: str
    ends: str
    original_end: str
    end_moved_reason: str
    priority_label: str
    workstream_label: str
    review_cycle: str
    reports_to: tuple[str, ...]
    key: tuple[tuple[str, str], ...]
    marking: str  # protective marking, "" if none
    demonstration: bool  # progress is illustrative: say so wherever it shows
    year_kind: str = "financial"
    delegated_days: int = 31
    check_months: int = 0
    sensitive: bool = False
    senior_post_id: int | None = None
    began: date | None = None  # the first day of which the ledger says anything
    later_versions: tuple[VersionRow, ...] = ()  # adopted at a review, undone ones too
    terms: tuple[tuple[str, tuple[int, int]], ...] = ()  # last days of school terms that are not the default

    last_pack: date | None = None  # the day of the data of the last pack that was issued
    put_to_board: bool = False  # whether anything about its milestones was ever put to a board
    ratings: Ratings = field(default_factory=lambda: Ratings.from_data(None))  # which rating scheme stood when

    @property
    def versions(self) -> tuple[VersionRow, ...]:
        """Return every version, the first one first. The label and day of the first are the plan's own."""
        return (first_version(self.version, self.adopted), *self.later_versions)

    def version_on(self, day: date) -> VersionRow:
        """Return the version that is in force on a day."""
        return in_force(self.versions, day)

    @property
    def calendar(self) -> TermCalendar:
        """Return the plan's own school terms."""
        return terms_of(dict(self.terms))
