"""The tree that a report is: sections of blocks, without a word about Word, Excel or HTML.

One `Report` is built from one set of facts and handed to every renderer, so that a figure is computed once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeAlias

from tracker.exports.cells import Cell as Cell
from tracker.exports.cells import DateValue as DateValue
from tracker.exports.cells import Kind as Kind
from tracker.exports.cells import StatusValue as StatusValue
from tracker.exports.cells import cell_text as cell_text
from tracker.rules.colour import Colour
from tracker.rules.dates import show_day
from tracker.rules.vocabulary import Term

PUBLIC = "Public edition"
DRAFT_COMMENTARY = "draft, made from the recorded facts and not yet accepted by a person"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `width` is in characters of a spreadsheet.

    `as_written`: a deadline that keeps its words; a spreadsheet shows the words and, beside them, the last day.
    `colour`: the column counts milestones of this colour, and its head is painted like `term`.
    """

    title: str
    kind: Kind = Kind.TEXT
    width: int = 16
    as_written: bool = False
    colour: Colour | None = None
    term: Term | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One column's value within a group; empty values are left out together with their label.

    `prefix` is the column whose value stands before it, in bold ("1a.3 Review each customer journey").
    """

    column: int
    label: str = ""
    prefix: int | None = None
    bold: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Several columns of a table read as one on a page: each part on a line of its own. `width` is in millimetres."""

    title: str
    width: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of values under columns. `sheet` names the worksheet; tables of one sheet with equal columns are joined.

    `groups` is how a page that is narrower than the table shows it (empty: column by column, with `widths` in mm).
    `slide` is how a slide shows it (empty: it is on no slide, or as on a page where it is asked for).
    `empty` is the sentence that stands in its place when it has no rows.
    """

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sheet: str = ""
    groups: tuple[Group, ...] = ()
    empty: str = "None."
    slide: tuple[Group, ...] = ()

    def page_groups(self) -> tuple[Group, ...]:
        """Return how a page shows the table: its groups, or a group for each column."""
        return self.groups or tuple(
            Group(column.title, column.width * 2, (Part(index),)) for index, column in enumerate(self.columns)
        )


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a section; level 2 is the first below the section's own."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. `style` is "text", "lead" (larger) or "note" (smaller)."""

    text: str
    style: str = "text"


@dataclass(frozen=True, slots=True)
class BulletList:
    """A list, numbered if order or reference matters."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class StatusLine:
    """A colour with the sentence that explains it: a headline."""

    status: StatusValue
    sentence: str


@dataclass(frozen=True, slots=True)
class KeyValue:
    """Labelled values, one a line."""

    caption: str
    pairs: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Commentary:
    """What a person says about a part of the plan; until somebody accepts it, it is a draft made from the facts.

    `key` names the part: "plan", or "priority.3" with the id of the priority. Paragraphs are parted by empty lines.
    """

    key: str
    title: str
    text: str
    accepted: bool = False
    by: str = ""

    @property
    def label(self) -> str:
        """Return the line above the text, which always says that a draft is one."""
        if not self.accepted:
            return f"{self.title}: {DRAFT_COMMENTARY}"
        return f"{self.title} ({self.by})" if self.by else self.title

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Return the paragraphs."""
        return tuple(part.strip() for part in self.text.split("\n\n") if part.strip())


@dataclass(frozen=True, slots=True)
class Series:
    """The counts of one colour, one for each category of its chart; `name` is what they are counts of."""

    colour: Colour
    points: tuple[int, ...]
    term: Term
    name: str


@dataclass(frozen=True, slots=True)
class ChartBlock:
    """Counts by colour as stacked bars. `alt` says in words what it shows; `table` is the key of its figures."""

    key: str
    title: str
    alt: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    table: str


Block: TypeAlias = Heading | Paragraph | BulletList | StatusLine | KeyValue | Commentary | Table | ChartBlock


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report with its number as printed ("3", "A"). Annexes follow the numbered sections."""

    key: str
    number: str
    title: str
    blocks: tuple[Block, ...]
    annex: bool = False
    landscape: bool = False

    @property
    def heading(self) -> str:
        """Return number and title as the heading prints them; the front sheet has no number."""
        if self.annex:
            return f"Annex {self.number}. {self.title}"
        return f"{self.number}. {self.title}" if self.number else self.title

    def tables(self) -> Iterator[Table]:
        """Yield the tables in order."""
        return (block for block in self.blocks if isinstance(block, Table))


@dataclass(frozen=True, slots=True)
class Report:
    """A highlight report on one plan as at one day."""

    slug: str
    plan_title: str
    organisation: str
    as_at: date
    since: date | None
    prepared_on: datetime
    headline: StatusValue
    headline_sentence: str
    marking: str
    notice: str  # the line that says that progress is illustrative, "" if it is not
    sections: tuple[Section, ...]
    version: str = ""  # the version that is reported against, with the day of its baseline
    scheme_name: str = ""  # the rating scheme whose words are printed
    pack: str = ""  # number and fingerprint of the pack that it is, as every page prints them
    edition: str = ""  # for whom it was selected, "" for the whole report
    public: tuple[Section, ...] = ()  # what the public edition says instead; no other edition prints it
    state: str = ""  # "Draft" until the pack is issued; stands beside the protective marking

    @property
    def title(self) -> str:
        """Return the document title."""
        return f"{self.plan_title}: {self.name.lower()}"

    @property
    def name(self) -> str:
        """Return what kind of report it is."""
        return "Progress report" if self.edition == PUBLIC else "Highlight report"

    @property
    def as_at_text(self) -> str:
        """Return the day of the data as the footer prints it."""
        return f"As at {show_day(self.as_at)}"

    @property
    def page_text(self) -> str:
        """Return the day of the data, the version reported against and the pack, as every page prints them."""
        return " · ".join(part for part in (self.as_at_text, self.version, self.edition, self.pack) if part)

    @property
    def page_marking(self) -> str:
        """Return the protective marking, and that the report is a draft, as every page prints them."""
        return " · ".join(part for part in (self.state.upper(), self.marking) if part)

    @property
    def prepared_utc(self) -> datetime:
        """Return when the report was made, in UTC without a zone, as file properties hold it."""
        when = self.prepared_on
        return (when.astimezone(UTC) if when.tzinfo else when).replace(tzinfo=None)

    def section(self, key: str) -> Section | None:
        """Return the section called key, or None if the report has none."""
        return next((section for section in self.sections if section.key == key), None)

    def tables(self) -> Iterator[Table]:
        """Yield every table in order."""
        return (table for section in self.sections for table in section.tables())

    def table(self, key: str) -> Table | None:
        """Return the table called key, or None if the report has none."""
        return next((table for table in self.tables() if table.key == key), None)
